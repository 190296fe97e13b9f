"""Pages of cases in the office: who sees which, reading back before keeping, what one press does, what a page costs."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lianxin.domain.needs.commands import hearing as needs_hearing
from lianxin.domain.people.models import Person
from lianxin.domain.voice.commands import closing, hearing, moving, tiers
from lianxin.domain.voice.models import Case, CaseAnswer, CasePicture, CaseReport, Handover
from lianxin.domain.voice.rules import receipts
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now
from lianxin.platform.ids import new_id
from tests.support.district import SmallDistrict

pytestmark = pytest.mark.django_db
MOST_OF_QUEUE, MOST_OF_CASE = 12, 16
SYSTEM = Actor.system(via="cli")
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)


@pytest.fixture
def clerk(small_district: SmallDistrict, client: Client) -> Client:
    """Staff of 翠英."""
    small_district.log_in(client, "cuiying1")
    return client


def hear(district: SmallDistrict, words: str, **more: Any) -> CaseReport:
    entries: dict[str, Any] = {"how": "desk", "channel": "none", "community": district.cuiying.pk, "at": now()} | more
    return hearing.hear(actor=SYSTEM, words=words, **entries)


def fresh(row: Any) -> Any:
    with scope.everything():
        return type(row).objects.get(pk=row.pk)


def url(page: str, **named: Any) -> str:
    return reverse(f"staff:{page}", kwargs=named)


def post(client: Client, page: str, named: dict[str, Any] | None = None, **data: Any) -> Any:
    return client.post(url(page, **(named or {})), {"key": new_id(), **data})


def own(district: SmallDistrict) -> Any:
    return district.account("cuiying1").pk


def said_at_the_desk(district: SmallDistrict, **more: Any) -> dict[str, Any]:
    """What the form of somebody who comes to the desk holds."""
    given = {
        "key": new_id(),
        "community": district.cuiying.pk,
        "words": "三栋楼道的灯坏了半个月，晚上摔过人",
        "confidentiality": "open",
        "guest_name": "林阿婆",
        "subject": "road_light",
        "place_words": "三栋楼道",
        "how": "desk",
        "channel": "paper",
    }
    return given | more


def test_words_are_read_back_before_anything_is_kept_and_the_slip_has_the_receipt(
    small_district: SmallDistrict, clerk: Client
) -> None:
    entered = said_at_the_desk(small_district)

    read_back = clerk.post(url("case_new"), entered | {"act": "review"})
    with scope.everything():
        kept_before = CaseReport.objects.filter(guest_name="林阿婆").count()
    entered |= {"act": "agreed", "read_at": read_back.context["read_at"]}
    photo = io.BytesIO(PNG)
    photo.name = "a.png"
    kept: Any = clerk.post(url("case_new"), entered | {"photo": photo})
    again: Any = clerk.post(url("case_new"), entered)

    assert "<blockquote>三栋楼道的灯坏了半个月" in read_back.content.decode()
    assert kept_before == 0
    with scope.everything():
        report = CaseReport.objects.get(guest_name="林阿婆")
        assert CasePicture.objects.filter(report=report).count() == 1
    assert report.read_back_at is not None
    assert report.taken_by == own(small_district)
    assert kept.url == again.url == f"{url('case', case=report.case_id)}?heard={report.pk}"
    page = clerk.get(kept.url).content.decode()
    assert url("case_slip", report=report.pk) in page
    slip = clerk.get(url("case_slip", report=report.pk)).content.decode()
    assert f"{report.receipt[:3]} {report.receipt[3:6]} {report.receipt[6:]}" in slip


def test_words_can_be_changed_after_reading_back_and_faults_come_back_with_what_was_typed(
    small_district: SmallDistrict, clerk: Client
) -> None:
    entered = said_at_the_desk(small_district)

    changed = clerk.post(url("case_new"), entered | {"act": "edit"})
    empty = clerk.post(url("case_new"), entered | {"act": "review", "words": ""})
    no_phone = clerk.post(url("case_new"), entered | {"act": "kept", "channel": "phone"})

    assert (changed.status_code, empty.status_code, no_phone.status_code) == (200, 422, 422)
    for answer in (changed, empty, no_phone):
        assert "三栋楼道" in answer.content.decode()
    assert "guest_phone" in no_phone.context["form"].errors
    with scope.everything():
        assert not CaseReport.objects.filter(guest_name="林阿婆").exists()


def test_people_and_look_alikes_are_found_while_typing_and_a_further_voice_joins(
    small_district: SmallDistrict, clerk: Client
) -> None:
    first = hear(small_district, "三栋楼道的灯坏了", place_words="三栋楼道")
    with scope.everything():
        person = Person.objects.filter(community=small_district.cuiying, relation="head").order_by("pk")[0]
    entered = said_at_the_desk(small_district, seek=person.name)

    alike = clerk.post(url("case_alike"), entered).content.decode()
    people = clerk.post(url("case_people"), entered).content.decode()
    picked = entered | {"person": person.pk, "guest_name": "", "case": first.case_id}
    looked = clerk.post(url("case_new"), picked | {"act": "look", "words": ""})
    clerk.post(url("case_new"), picked | {"act": "agreed"})

    assert str(first.case_id) in alike
    assert str(person.pk) in people
    assert person.name not in people
    assert looked.status_code == 200
    with scope.everything():
        joined = CaseReport.objects.get(person=person)
    assert joined.case_id == first.case_id
    assert fresh(first.case).voices == 2


def test_case_goes_from_the_desk_to_a_confirmation_by_phone_with_one_next_step_each_time(
    small_district: SmallDistrict, clerk: Client
) -> None:
    report = hear(small_district, "楼道的灯坏了", channel="phone", guest_phone="13800138125", guest_name="陈伯")
    case = {"case": report.case_id}
    page = url("case", **case)

    def next_step() -> str:
        return str(clerk.get(page).context["next_url"])

    assert next_step() == url("case_assign", **case)
    post(clerk, "case_assign", case, account=own(small_district), version=fresh(report.case).version)
    assert next_step() == url("case_start", **case)
    post(clerk, "case_start", case)
    assert next_step() == url("case_finish", **case)
    stale = post(clerk, "case_finish", case, words="换了灯", version=1)
    post(clerk, "case_progress", case, words="灯订好了", readers="tell", version=fresh(report.case).version)
    post(clerk, "case_finish", case, words="换了新的灯", version=fresh(report.case).version)
    assert next_step() == url("case_say", report=report.pk)

    assert stale.status_code == 422
    calls = clerk.get(url("case_calls")).content.decode()
    assert "138****8125" in calls
    with scope.everything():
        answers = list(CaseAnswer.objects.filter(report=report).order_by("made_at"))
    assert [one.state for one in answers] == ["to_tell", "to_tell"]
    told = post(clerk, "case_told", {"case_answer": answers[-1].pk}, reply="亮了，谢谢", solved="yes")
    assert told.url == url("case_calls")
    after = fresh(report)
    assert (fresh(report.case).state, after.said, after.said_how) == ("confirmed", "solved", "phone")
    assert after.said_by == own(small_district)
    assert "next_url" not in clerk.get(page).context
    post(clerk, "case_reopen", {"report": report.pk}, how="phone", words="又坏了")
    assert fresh(report.case).state == "working"


def test_answer_on_paper_is_printed_and_noted_as_handed_over(small_district: SmallDistrict, clerk: Client) -> None:
    report = hear(small_district, "想要一把椅子", channel="paper", guest_name="吴伯")
    closing.finish(actor=SYSTEM, case=report.case_id, words="放了两把", at=now())

    before = clerk.get(url("case_slip", report=report.pk)).content.decode()
    post(clerk, "case_handed_over", {"report": report.pk})
    after = clerk.get(url("case_slip", report=report.pk)).content.decode()
    post(clerk, "case_say", {"report": report.pk}, solved="no", how="paper", words="少了一把")

    assert "放了两把" in before
    assert url("case_handed_over", report=report.pk) in before
    assert url("case_handed_over", report=report.pk) not in after
    with scope.everything():
        assert CaseAnswer.objects.get(report=report, kind="done").state == "told"
    assert fresh(report.case).state == "working"


def test_clock_stands_still_and_a_case_goes_outside_and_comes_back(
    small_district: SmallDistrict, clerk: Client
) -> None:
    report = hear(small_district, "外墙掉砖")
    moving.assign(actor=SYSTEM, case=report.case_id, account=own(small_district), at=now())
    case, later = {"case": report.case_id}, local_day(now()) + timedelta(days=4)
    version = {"version": fresh(report.case).version}

    post(clerk, "case_pause", case, reason="weather", words="等雨停", look_again_by=later, **version)
    waits = clerk.get(url("case", **case)).content.decode()
    post(clerk, "case_prolong", case, words="还在下", look_again_by=later + timedelta(days=1))
    post(clerk, "case_resume", case)
    post(clerk, "case_hand_over", case, kind="property", name="万家物业", words="请加固", answer_by=later)
    with scope.everything():
        out = Handover.objects.get(case=report.case_id)
    post(clerk, "case_remind", {"handover": out.pk})
    outside = clerk.get(url("case", **case)).content.decode()
    unclear = post(clerk, "case_outside_answered", {"handover": out.pk}, words="要两周", goes_on="stays")
    post(clerk, "case_outside_answered", {"handover": out.pk}, words="已加固", goes_on="back")

    assert "等雨停" in waits
    assert fresh(report.case).due_at is not None
    assert "万家物业" in outside
    assert unclear.status_code == 422
    assert (fresh(out).state, fresh(out).reminded, fresh(report.case).state) == ("answered", 1, "working")


def test_office_above_answers_who_wants_it_treated_otherwise(small_district: SmallDistrict, clerk: Client) -> None:
    report = hear(small_district, "下水道堵了", channel="none")
    case = {"case": report.case_id}

    post(clerk, "case_appeal", {"report": report.pk}, words="臭得不行")
    with scope.everything():
        asked = tiers.running_decision(report.case)
    answer = {"decision": asked.pk}
    refused = clerk.get(url("case_answer_appeal", **answer)).status_code
    above = Client()
    small_district.log_in(above, "district")
    post(above, "case_answer_appeal", answer, tier="fast", words="改为快办")
    post(clerk, "case_tier", case, tier="full", words="要业主商量")

    assert asked.appeal_words == "臭得不行"
    assert refused == 403
    assert fresh(asked).appeal_answer == "改为快办"
    assert fresh(report.case).tier == "full"


def test_confidential_case_shows_colleagues_that_it_is_there_and_no_more(
    small_district: SmallDistrict, clerk: Client
) -> None:
    report = hear(small_district, "邻居打孩子", confidentiality="confidential", guest_name="王小明")
    page = url("case", case=report.case_id)

    colleague = clerk.get(page).content.decode()
    listed = clerk.get(url("cases")).content.decode()
    slip = clerk.get(url("case_slip", report=report.pk)).status_code
    moving.assign(actor=SYSTEM, case=report.case_id, account=own(small_district), at=now())
    worker = clerk.get(page).content.decode()

    for body in (colleague, listed):
        assert "邻居打孩子" not in body
        assert "王" not in body.replace("国王", "")[body.index("<main") : body.index("</main")]
    assert slip == 403
    assert "邻居打孩子" in worker


@pytest.mark.parametrize(("login", "status"), [("district", 200), ("jinzhou1", 404), ("host", 404)])
def test_only_the_offices_of_the_place_open_a_case(small_district: SmallDistrict, login: str, status: int) -> None:
    report = hear(small_district, "路灯坏了")
    client = Client()
    small_district.log_in(client, login)

    page = client.get(url("case", case=report.case_id))
    form = client.get(url("case_finish", case=report.case_id))

    assert page.status_code == status
    assert form.status_code == (403 if status == 200 else 404)


def test_host_writes_down_what_somebody_says_and_prints_the_slip(small_district: SmallDistrict) -> None:
    client = Client()
    small_district.log_in(client, "host")
    entered = said_at_the_desk(small_district)

    form = client.get(url("case_new"))
    kept: Any = client.post(url("case_new"), entered | {"act": "agreed"})

    assert "seek" not in form.context["form"].fields
    with scope.everything():
        report = CaseReport.objects.get(guest_name="林阿婆")
    assert kept.url == url("case_slip", report=report.pk)
    assert client.get(kept.url).status_code == 200
    assert client.get(url("cases")).status_code == 404


def test_queue_is_narrowed_and_costs_the_same_with_five_and_fifty_cases(
    small_district: SmallDistrict, clerk: Client
) -> None:
    late = hear(small_district, "井盖没了", is_danger=True, at=now() - timedelta(days=9))
    for number in range(4):
        hear(small_district, f"第{number}盏灯坏了", subject="road_light")
    costs = []
    clerk.get(url("cases"))
    for _round in range(2):
        with CaptureQueriesContext(connection) as asked:
            clerk.get(url("cases"))
        with CaptureQueriesContext(connection) as shown:
            clerk.get(url("case", case=late.case_id))
        costs.append((len(asked), len(shown)))
        for number in range(45):
            hear(small_district, f"又第{number}处漏水", subject="water_power", case=None)

    found = {
        name: [row.pk for row in clerk.get(url("cases"), query).context["table"].rows]
        for name, query in {
            "late": {"light": "red"},
            "about": {"subject": "road_light"},
            "number": {"q": str(late.case.number)},
            "mine": {"whose": "mine"},
            "wrong": {"state": "nonsense", "light": "purple", "subject": "road_light"},
        }.items()
    }
    book = clerk.get(url("cases"), {"as": "xlsx"})

    assert costs[0] == costs[1]
    assert costs[0][0] <= MOST_OF_QUEUE
    assert costs[0][1] <= MOST_OF_CASE
    assert found["late"] == [late.case_id] == found["number"]
    assert len(found["about"]) == len(found["wrong"]) == 4
    assert found["mine"] == []
    assert book["Content-Type"].startswith("application/vnd.openxmlformats")
    sentences = clerk.get(url("cases"), {"light": "red"}).content.decode()
    assert "#alert-triangle" in sentences


def test_case_becomes_a_need_a_room_a_draft_and_a_matter(small_district: SmallDistrict, clerk: Client) -> None:
    report = hear(small_district, "想学唱潮剧，没有地方")
    case = {"case": report.case_id}
    day = local_day(now()) + timedelta(days=3)
    room = small_district.first("places.Room", community=small_district.cuiying, venue=small_district.centre)
    category = small_district.first("places.ServiceCategory")

    made = [
        post(clerk, "case_need", case),
        post(clerk, "case_room", case, room=room.pk, on=day, opens="10:00", closes="11:00"),
        post(clerk, "case_activity", case, title="学潮剧", category=category.code),
        post(clerk, "case_matter", case, title="在哪里唱潮剧", subject="service", summary=""),
    ]

    assert [answer.status_code for answer in made] == [302] * 4
    with scope.everything():
        kinds = sorted(Case.objects.get(pk=report.case_id).links.values_list("kind", flat=True))  # type: ignore[attr-defined]
    assert kinds == ["activity", "booking", "matter", "need"]


def test_alike_cases_are_joined_and_taken_apart_with_one_press(small_district: SmallDistrict, clerk: Client) -> None:
    one = hear(small_district, "电梯总是停，老人爬不动", guest_name="甲")
    other = hear(small_district, "电梯老是停运，老人上不去", guest_name="乙")
    join = url("case_join", case=other.case_id, other_case=one.case_id)

    near = clerk.get(url("case_near", case=other.case_id)).content.decode()
    part = clerk.get(url("case_near", case=other.case_id), headers={"HX-Request": "true"}).content.decode()
    clerk.post(join, {"key": new_id()})
    joint = clerk.get(url("case", case=one.case_id)).content.decode()
    gone = clerk.get(url("case", case=other.first_case))
    post(clerk, "case_split", {"report": other.pk})

    assert join in near
    assert join in part
    assert "<html" not in part
    assert "电梯老是停运" in joint
    assert gone.context["next_url"] == url("case", case=one.case_id)
    assert fresh(other).case_id == other.first_case


def test_board_shows_what_staff_wrote_and_hides_it_with_a_reason(small_district: SmallDistrict, clerk: Client) -> None:
    report = hear(small_district, "王大明家漏水，13800138000")
    case = {"case": report.case_id}

    empty = post(clerk, "case_public", case, is_public="on", version=fresh(report.case).version)
    post(clerk, "case_public", case, public_title="楼上漏水", is_public="on", version=fresh(report.case).version)
    shown = fresh(report.case)
    post(clerk, "case_public", case, public_title="楼上漏水", hidden_reason="认得出", version=shown.version)

    assert empty.status_code == 422
    assert (shown.is_public, shown.public_title) == (True, "楼上漏水")
    assert (fresh(report.case).is_public, fresh(report.case).hidden_reason) == (False, "认得出")


def test_need_that_is_a_complaint_becomes_a_case_with_a_receipt_of_its_own(
    small_district: SmallDistrict, clerk: Client
) -> None:
    voice = needs_hearing.hear(
        actor=SYSTEM,
        community=small_district.cuiying.pk,
        words="三楼的灯坏了",
        how="phone",
        guest_name="林阿婆",
        guest_phone="13800138126",
        channel="phone",
        at=now(),
    )
    named = {"voice": voice.pk}

    offered = clerk.get(url("voice", **named)).content.decode()
    made: Any = post(clerk, "voice_case", named, subject="road_light")
    again = post(clerk, "voice_case", named, subject="road_light")

    assert url("voice_case", **named) in offered
    with scope.everything():
        report = CaseReport.objects.get(guest_name="林阿婆")
        told = voice.answers.get()
    assert made.url == f"{url('case', case=report.case_id)}?heard={report.pk}"
    assert (report.words, report.channel, report.how) == ("三楼的灯坏了", "phone", "phone")
    assert (fresh(voice).state, told.state) == ("referred", "to_tell")
    assert receipts.spaced(report.receipt) in told.words
    assert again.status_code == 422
