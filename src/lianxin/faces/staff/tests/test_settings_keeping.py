"""Calendar, purposes, kinds, texts, jobs and the log: what is sent in is kept, wrong input gets a sentence."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.urls import reverse

from lianxin.domain.places.models import AmenityKind, RoomKind
from lianxin.platform import scope, tasks
from lianxin.platform.models import CalendarDay, Job, Message
from lianxin.platform.sensitive import seal


def test_days_are_entered_as_a_span_and_removed_one_by_one(small_district, client):
    small_district.log_in(client, "district")
    client.post(
        reverse("staff:calendar_new"),
        {"first_on": "2031-02-01", "last_on": "2031-02-03", "kind": "holiday", "name": "春节", "source": "notice 1"},
    )
    entered = CalendarDay.objects.filter(day_on__year=2031).count()
    client.post(reverse("staff:calendar_remove", kwargs={"day": "2031-02-02"}))

    assert entered == 3
    assert not CalendarDay.objects.filter(day_on=date(2031, 2, 2)).exists()


@pytest.mark.parametrize(
    "change",
    [{"last_on": "2031-01-01"}, {"last_on": "2032-02-01"}, {"first_on": "0001-01-01", "last_on": ""}, {"name": ""}],
)
def test_days_that_make_no_sense_are_refused_at_their_field(small_district, client, change):
    small_district.log_in(client, "district")
    form = {"first_on": "2031-02-01", "last_on": "2031-02-03", "kind": "holiday", "name": "春节", "source": "n"}

    answer = client.post(reverse("staff:calendar_new"), form | change)

    assert answer.status_code == 422
    assert not CalendarDay.objects.filter(day_on__year=2031).exists()


def test_what_is_missing_for_a_year_is_named(small_district, client):
    small_district.log_in(client, "cuiying1")

    page = client.get(reverse("staff:calendar"), {"year": "2031"}).content.decode()

    assert "端午节" in page
    assert client.get(reverse("staff:calendar"), {"year": "abc"}).status_code == 200
    assert client.post(reverse("staff:calendar_remove", kwargs={"day": "2031-01-01"})).status_code == 404


def test_a_day_that_is_none_cannot_be_removed(small_district, client):
    small_district.log_in(client, "district")

    assert client.post(reverse("staff:calendar_remove", kwargs={"day": "2031-02-31"})).status_code == 404


def test_kinds_are_added_once(small_district, client):
    small_district.log_in(client, "district")
    kind = {"code": "piano", "name": "钢琴", "name_en": "Piano"}
    client.post(reverse("staff:amenity_kind_new"), kind | {"key": str(uuid4())})
    again = client.post(reverse("staff:amenity_kind_new"), kind | {"key": str(uuid4())})
    client.post(reverse("staff:room_kind_new"), {"code": "attic", "name": "阁楼", "is_confidential": "on"})

    assert again.status_code == 422
    assert AmenityKind.objects.filter(code="piano").count() == 1
    assert RoomKind.objects.get(code="attic").is_confidential


def test_the_next_version_of_a_consent_text_is_published_and_the_old_one_stays(small_district, client):
    small_district.log_in(client, "district")
    code = small_district.first("people.Purpose", basis="consent").code
    address = reverse("staff:purpose_text", kwargs={"code": code})
    form = client.get(address).context["form"]
    client.post(
        address,
        {"language": "zh-hans", "version": form["version"].value(), "valid_from": "2031-01-01", "text": "新的文字"},
    )

    page = client.get(reverse("staff:purpose", kwargs={"code": code})).content.decode()

    assert "新的文字" in page
    assert page.count('lang="zh-hans"') == form["version"].value()


def test_a_purpose_is_entered_and_changed(small_district, client):
    small_district.log_in(client, "district")
    form = {
        "code": "test-purpose",
        "title": "走访",
        "basis": "statutory_duty",
        "basis_text": "条例第一条",
        "field_groups": "姓名、地址",
        "retention_days": "365",
    }
    client.post(reverse("staff:purpose_new"), form)
    client.post(reverse("staff:purpose_edit", kwargs={"code": "test-purpose"}), form | {"title": "入户走访"})

    page = client.get(reverse("staff:purposes")).content.decode()

    assert "入户走访" in page
    assert "姓名、地址" in page


def test_a_text_keeps_to_its_placeholders(small_district, client):
    small_district.log_in(client, "district")
    row = client.get(reverse("staff:texts")).context["rows"][0][0]
    address = reverse("staff:text_edit", args=(row.code, row.channel, row.language))

    wrong = client.post(address, {"text": "{nonsense}"})
    right = client.post(address, {"text": row.text + " "})

    assert (wrong.status_code, right.status_code) == (422, 302)


def test_messages_are_not_readable_outside_the_sample_district(small_district, client, monkeypatch):
    small_district.log_in(client, "cuiying1")
    inside = client.get(reverse("staff:delivered")).status_code
    monkeypatch.setattr("lianxin.platform.deployment.is_sample", lambda: False)

    assert (inside, client.get(reverse("staff:delivered")).status_code) == (200, 404)


def test_parked_work_goes_on_when_the_system_administrator_says_so(small_district, client):
    small_district.log_in(client, "system")
    now = datetime.now(UTC)
    job = Job.objects.create(
        task="platform.keep_house", state="PARKED", due_at=now, created_at=now, failure="OSError: the disk is full"
    )
    address = reverse("staff:job_resume", kwargs={"job": job.pk})
    listed = client.get(reverse("staff:jobs"), {"state": "PARKED"}).content.decode()
    client.post(address)
    again = client.post(address, follow=True)

    job.refresh_from_db()
    assert "the disk is full" in listed
    assert job.state == "WAITING"
    assert "不在等您" in again.content.decode()


def test_a_message_that_was_given_up_is_tried_again(small_district, client):
    small_district.log_in(client, "system")
    now = datetime.now(UTC)
    message = Message.objects.create(
        channel="sms",
        address=seal("13800138000", "platform.message.address"),
        template="login_code",
        context=seal("{}", "platform.message.context"),
        state="FAILED",
        next_try_at=now,
        created_at=now,
        failure="refused",
    )
    listed = client.get(reverse("staff:failed_messages")).content.decode()
    client.post(reverse("staff:message_resend", kwargs={"message": message.pk}))

    message.refresh_from_db()
    assert "refused" in listed
    assert "13800138000" not in listed
    assert message.state == "WAITING"


def test_the_log_is_narrowed_by_act_person_day_and_record(small_district, client):
    small_district.log_in(client, "audit")
    every = client.get(reverse("staff:audit"))
    entry = next(row for row in every.context["table"].page.object_list if row.targets)
    asked = {
        "action": entry.action,
        "who": entry.actor_name,
        "record": str(entry.targets[0].record_id),
        "from_on": "2000-01-01",
    }

    narrowed = client.get(reverse("staff:audit"), asked)
    none = client.get(reverse("staff:audit"), {"until_on": "2000-01-01"})

    assert 0 < narrowed.context["table"].count < every.context["table"].count
    assert none.context["table"].count == 0


@pytest.mark.parametrize(
    "asked", [{"record": "x"}, {"from_on": "31.2."}, {"from_on": "2026-02-02", "until_on": "2026-02-01"}]
)
def test_a_filter_that_makes_no_sense_gets_a_page_with_a_sentence(small_district, client, asked):
    small_district.log_in(client, "audit")

    answer = client.get(reverse("staff:audit"), asked)

    assert answer.status_code == 200
    assert answer.context["form"].errors


def test_a_proof_of_the_log_is_worked_on_and_its_result_shown(small_district, client):
    small_district.log_in(client, "audit")
    client.post(reverse("staff:audit_prove"))
    with scope.everything():
        while tasks.run_one(worker="test", lane=tasks.LONG, at=datetime.now(UTC)):
            pass

    proof = Job.objects.get(task="platform.prove_audit")
    assert proof.state == "DONE"
    assert proof.note in client.get(reverse("staff:audit")).content.decode()
