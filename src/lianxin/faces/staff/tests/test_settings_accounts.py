"""Accounts: invited, given roles, deputised, handed over, reset by two people; foreign ones do not exist."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from lianxin.domain.people.models import Account, Deputy, Handover, ResetRequest, RoleGrant
from lianxin.platform.sheets import write_workbook

HEADINGS = ["姓名", "登录名", "角色", "单位"]


def table(*rows):
    return SimpleUploadedFile("unit.xlsx", write_workbook(sheet="s", headings=HEADINGS, rows=rows))


def of(name, account, **more):
    return reverse(f"staff:{name}", kwargs={"account": account.pk, **more})


@pytest.fixture
def colleague(small_district):
    return small_district.account("cuiying2")


def test_an_invited_host_gets_a_link_that_is_shown_once_and_opens(small_district, client):
    small_district.log_in(client, "cuiying1")
    answer = client.post(
        reverse("staff:invite"),
        {"name": "李站长", "login_name": "li.zhan", "role": "host", "venue": str(small_district.station.pk)},
    )

    link = answer.context["slips"][0]["link"]
    account = Account.objects.get(login_name="li.zhan")
    client.logout()

    assert answer.headers["Cache-Control"]
    assert client.get(link).status_code == 200
    assert account.grants.get().venue_id == small_district.station.pk
    assert link not in account.__dict__.values()


def test_a_role_needs_its_place_and_what_was_typed_stays(small_district, client):
    small_district.log_in(client, "cuiying1")

    answer = client.post(reverse("staff:invite"), {"name": "李站长", "login_name": "li.zhan", "role": "host"})

    assert answer.status_code == 422
    assert "李站长" in answer.content.decode()
    assert not Account.objects.filter(login_name="li.zhan").exists()


def test_a_units_table_names_wrong_rows_and_invites_nobody(small_district, client):
    small_district.log_in(client, "district")
    good = ["陈一", "chen.yi", "社区工作人员", "翠英社区"]

    answer = client.post(reverse("staff:invite_sheet"), {"file": table(good, ["陈二", "chen.er", "市长", "翠英社区"])})

    assert answer.status_code == 422
    assert "市长" in answer.content.decode()
    assert not Account.objects.filter(login_name__in=["chen.yi", "chen.er"]).exists()


def test_a_good_table_invites_everybody(small_district, client):
    small_district.log_in(client, "district")
    rows = [["陈一", "chen.yi", "社区工作人员", "翠英社区"], ["陈二", "chen.er", "社区工作人员", "翠英社区"]]

    answer = client.post(reverse("staff:invite_sheet"), {"file": table(*rows)})

    assert [slip["login_name"] for slip in answer.context["slips"]] == ["chen.yi", "chen.er"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0old", b"\x00\x01\x02" * 99])
def test_a_broken_table_gets_a_sentence(small_district, client, content):
    small_district.log_in(client, "district")

    answer = client.post(reverse("staff:invite_sheet"), {"file": SimpleUploadedFile("unit.xlsx", content)})

    assert answer.status_code == 422
    assert "Traceback" not in answer.content.decode()


def test_a_table_that_reaches_beyond_the_office_invites_nobody(small_district, client):
    small_district.log_in(client, "xinjin")

    answer = client.post(reverse("staff:invite_sheet"), {"file": table(["陈一", "chen.yi", "社区工作人员", "金洲村"])})

    assert answer.status_code == 422
    assert not Account.objects.filter(login_name="chen.yi").exists()


def test_a_role_is_given_and_ended(small_district, client, colleague):
    small_district.log_in(client, "district")
    client.post(
        of("account_grant", colleague),
        {"role": "host", "venue": str(small_district.station.pk), "key": str(uuid4())},
    )
    grant = RoleGrant.objects.get(account=colleague, role="host")
    client.post(of("account_role_end", colleague, grant=grant.pk))

    grant.refresh_from_db()
    assert grant.until_on is not None


def test_a_deputy_is_named_to_the_last_day_and_dismissed(small_district, client, colleague):
    me = small_district.log_in(client, "cuiying1")
    today = small_district.today
    client.post(
        of("account_deputy", me),
        {"colleague": str(colleague.pk), "from_on": today, "last_on": today + timedelta(days=6)},
    )
    deputy = Deputy.objects.get(account=me)
    client.post(of("account_deputy_end", me, deputy=deputy.pk))

    assert deputy.until_on == today + timedelta(days=7)
    assert Deputy.objects.get(pk=deputy.pk).until_on == today


def test_leaving_tells_what_moves_before_it_moves(small_district, client, colleague):
    small_district.log_in(client, "xinjin")
    successor = small_district.account("cuiying1")
    form = {"colleague": str(successor.pk), "reason": "leave", "key": str(uuid4())}

    told = client.post(of("account_hand_over", colleague), form).content.decode()
    before = Handover.objects.count()
    client.post(of("account_hand_over", colleague), {**form, "confirmed": "yes"})

    colleague.refresh_from_db()
    assert "社区工作人员" in told
    assert (before, Handover.objects.count(), colleague.state) == (0, 1, "disabled")


def test_a_reset_needs_a_second_person(small_district, client, colleague):
    small_district.log_in(client, "system")
    client.post(of("account_reset", colleague), {"password": "on", "second_factor": "on", "reason": "lost the phone"})
    asked = ResetRequest.objects.get()
    own = client.post(reverse("staff:reset_approve", kwargs={"reset": asked.pk}), follow=True)
    small_district.log_in(client, "security")
    answer = client.post(reverse("staff:reset_approve", kwargs={"reset": asked.pk}))

    assert "slips" not in (own.context or {})
    assert answer.context["slips"][0]["login_name"] == "cuiying2"


def test_a_locked_account_is_opened_by_the_security_administrator(small_district, client, colleague):
    Account.objects.filter(pk=colleague.pk).update(state="locked", locked_at=colleague.created_at, failures=5)
    small_district.log_in(client, "security")
    listed = client.get(reverse("staff:rights")).content.decode()
    client.post(of("account_unlock", colleague), {"reason": "called from the office"})

    colleague.refresh_from_db()
    assert "cuiying2" in listed
    assert colleague.state == "active"


def test_closing_an_account_asks_why(small_district, client, colleague):
    small_district.log_in(client, "system")
    without = client.post(of("account_disable", colleague), {"reason": " "})
    client.post(of("account_disable", colleague), {"reason": "left the office"})

    colleague.refresh_from_db()
    assert without.status_code == 422
    assert colleague.state == "disabled"


NAMES = ("account", "account_grant", "account_deputy", "account_hand_over", "account_reset", "account_unlock")


@pytest.mark.parametrize("who", ["jinzhou1", "jinzhou.waisha1", "host", "audit"])
def test_another_offices_account_does_not_exist(small_district, client, colleague, who):
    small_district.log_in(client, who)

    assert {client.get(of(name, colleague)).status_code for name in NAMES} == {404}


def test_steps_that_a_role_may_not_take_do_not_exist(small_district, client, colleague):
    small_district.log_in(client, "cuiying1")

    names = ("account_hand_over", "account_unlock", "account_disable")

    assert {client.get(of(name, colleague)).status_code for name in names} == {404}
