"""Me: who is let in, my household, my card, my consents, my data, my phone."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from lianxin.domain.people.commands.cards import issue_card
from lianxin.domain.people.commands.consents import give_consent, publish_consent_text
from lianxin.domain.people.models import Account
from lianxin.domain.people.queries.accounts import actor_for
from lianxin.domain.people.queries.consents import has_consent, list_consents
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import now
from lianxin.platform.models import Message
from tests.support.district import SmallDistrict

SYSTEM = Actor.system()
OWN_PAGES = (
    "me",
    "household",
    "card",
    "consents",
    "family",
    "family_new",
    "my_data",
    "erase",
    "phone",
    "close_account",
)


def me(district: SmallDistrict):
    """The resident whom the fixture lets in."""
    return district.first("people.Person", community=district.cuiying, relation="head", phone__isnull=False)


def last_code() -> str:
    """The code of the newest message."""
    with scope.everything():
        return json.loads(Message.objects.order_by("-id").first().context.reveal())["code"]


@pytest.mark.parametrize("name", OWN_PAGES)
def test_stranger_is_led_to_the_login_and_back(small_district: SmallDistrict, client: Client, name: str) -> None:
    address = reverse(f"resident:{name}")

    answer = client.get(address)

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("login_phone"))
    assert address.strip("/").replace("/", "%2F") in answer.url


@pytest.mark.parametrize("name", OWN_PAGES)
def test_own_pages_open_and_are_never_kept(small_district: SmallDistrict, resident: Client, name: str) -> None:
    answer = resident.get(reverse(f"resident:{name}"))

    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]


def test_login_without_a_record_is_told_how_to_be_linked(small_district: SmallDistrict, client: Client) -> None:
    account = Account.objects.create(kind="resident", state="active", phone_digest="x" * 64, created_at=now())
    client.force_login(account)

    page = client.get(reverse("resident:me")).content.decode()

    assert "您的账号还没有和户档对上" in page
    assert client.get(reverse("resident:household")).status_code == 302
    assert client.get("/").status_code == 200


def test_household_shows_members_masked_and_the_own_address_whole(
    small_district: SmallDistrict, resident: Client
) -> None:
    person = me(small_district)

    page = resident.get(reverse("resident:household"))

    text = page.content.decode()
    assert person.name in text
    with scope.everything():
        household = type(person).objects.select_related("household").get(pk=person.pk).household
        others = [one.name for one in type(person).objects.filter(household=household).exclude(pk=person.pk)]
    assert household.number in text
    assert household.address in text
    assert not [name for name in others if name in text]


def test_card_shows_number_and_code_or_how_to_get_one(small_district: SmallDistrict, resident: Client) -> None:
    person = me(small_district)
    without = resident.get(reverse("resident:card")).content.decode()
    printed = issue_card(actor=SYSTEM, person=person.pk, at=now())

    page = resident.get(reverse("resident:card")).content.decode()

    assert "You have no card yet" in without
    assert f"{printed.number[:4]} {printed.number[4:]}" in page
    assert printed.token not in page
    assert "<svg" in page


def test_consent_is_given_and_taken_back(small_district: SmallDistrict, resident: Client) -> None:
    person = me(small_district)
    address = reverse("resident:consent", args=["notices"])
    with scope.everything():
        before = has_consent(person=person.pk, purpose="notices")

    given = resident.post(address, {"answer": "give", "version": "1"})
    with scope.everything():
        stands = has_consent(person=person.pk, purpose="notices")
    shown = resident.get(address).content.decode()
    withdrawn = resident.post(address, {"answer": "withdraw", "version": "1"})

    assert (before, stands) == (False, True)
    assert given.url == withdrawn.url == reverse("resident:consents")
    assert "Take my consent back" in shown
    with scope.everything():
        assert not has_consent(person=person.pk, purpose="notices")


def test_consent_to_a_text_that_changed_meanwhile_is_not_taken(small_district: SmallDistrict, resident: Client) -> None:
    person = me(small_district)
    publish_consent_text(
        actor=SYSTEM, purpose="notices", version=2, text="新的内容", valid_from=small_district.today, at=now()
    )

    resident.post(reverse("resident:consent", args=["notices"]), {"answer": "give", "version": "1"})

    with scope.everything():
        assert not has_consent(person=person.pk, purpose="notices")


def test_taking_back_what_was_never_given_is_a_sentence(small_district: SmallDistrict, resident: Client) -> None:
    answer = resident.post(reverse("resident:consent", args=["notices"]), {"answer": "withdraw", "key": "broken"})

    assert answer.status_code == 409
    assert "withdrawn before" in answer.content.decode()


def test_unknown_purpose_is_missing(small_district: SmallDistrict, resident: Client) -> None:
    assert resident.get(reverse("resident:consent", args=["nothing"])).status_code == 404


def test_grown_up_is_not_asked_for_a_childs_consent(small_district: SmallDistrict, resident: Client) -> None:
    person = me(small_district)

    page = resident.get(reverse("resident:consents")).content.decode()

    account = Account.objects.get(person=person.pk)
    asked = list_consents(actor=actor_for(account=account, at=now()), person=person.pk, on=small_district.today)
    assert "child_data" in [line.purpose for line in asked]
    assert reverse("resident:consent", args=["child_data"]) not in page


def test_all_data_is_shown_and_can_be_taken_along(small_district: SmallDistrict, resident: Client) -> None:
    person = me(small_district)

    page = resident.post(reverse("resident:my_data")).content.decode()
    file = resident.post(reverse("resident:my_data_file"))

    held = json.loads(file.content)
    assert person.name in page
    assert held["person"] == str(person.pk)
    assert person.name in json.dumps(held, ensure_ascii=False)
    assert "attachment" in file.headers["Content-Disposition"]


def test_data_is_not_shown_before_it_is_asked_for(small_district: SmallDistrict, resident: Client) -> None:
    assert resident.get(reverse("resident:my_data")).context["parts"] == []
    assert resident.get(reverse("resident:my_data_file")).status_code == 405


def test_erasure_is_asked_for_becomes_a_duty_and_is_taken_back(small_district: SmallDistrict, resident: Client) -> None:
    resident.post(reverse("resident:erase"), {"answer": "ask"})
    asked = resident.get(reverse("resident:my_data")).content.decode()
    resident.post(reverse("resident:erase"), {"answer": "take_back"})
    after = resident.get(reverse("resident:my_data")).content.decode()

    assert "You asked to be erased" in asked
    assert "You asked to be erased" not in after


def test_erasure_page_says_what_must_be_settled_first(small_district: SmallDistrict, resident: Client) -> None:
    page = resident.get(reverse("resident:erase"))

    assert page.context["reasons"]
    assert "What has to be settled first" in page.content.decode()


def test_phone_changes_by_a_code_to_the_new_number(small_district: SmallDistrict, resident: Client) -> None:
    person = me(small_district)

    asked = resident.post(reverse("resident:phone"), {"phone": "139 0013 9000"})
    wrong = resident.post(asked.url, {"code": "000000" if last_code() != "000000" else "000001"})
    done = resident.post(asked.url, {"code": last_code()})

    assert asked.url == reverse("resident:phone_code")
    assert wrong.status_code == 422
    assert "does not match" in wrong.content.decode()
    assert done.url == reverse("resident:me")
    with scope.everything():
        person.refresh_from_db()
    assert person.phone.reveal() == "13900139000"


def test_wrong_codes_are_counted(small_district: SmallDistrict, resident: Client) -> None:
    asked = resident.post(reverse("resident:phone"), {"phone": "13900139000"})
    code = last_code()
    wrong = "000000" if code != "000000" else "000001"

    answers = [resident.post(asked.url, {"code": wrong}) for _try in range(5)]
    late = resident.post(asked.url, {"code": code})

    assert {answer.status_code for answer in answers} == {422}
    assert late.status_code == 422
    assert "Too many wrong codes" in late.content.decode()


def test_wrong_number_keeps_what_was_typed(small_district: SmallDistrict, resident: Client) -> None:
    answer = resident.post(reverse("resident:phone"), {"phone": "1390013"})

    assert answer.status_code == 422
    assert 'value="1390013"' in answer.content.decode()


def test_closing_the_login_ends_the_session_and_keeps_the_record(
    small_district: SmallDistrict, resident: Client
) -> None:
    person = me(small_district)

    answer = resident.post(reverse("resident:close_account"))

    assert answer.status_code == 302
    assert Account.objects.get(person=person.pk).state == "disabled"
    assert resident.get(reverse("resident:me")).status_code == 302
    with scope.everything():
        person.refresh_from_db()
    assert person.state == "living"


def test_staff_account_has_no_record_here(small_district: SmallDistrict, client: Client) -> None:
    small_district.log_in(client, "cuiying1")

    assert client.get(reverse("resident:me")).status_code == 200
    assert client.get(reverse("resident:household")).status_code == 302


# Their tests are in test_passbook_pages.py and test_shop_pages.py.
OF_POINTS_AND_SHOP = {
    "code",
    "code_cancel",
    "codes",
    "honour_wish",
    "objections",
    "passbook",
    "passbook_file",
    "passbook_line",
    "passbook_lines",
    "passbook_print",
    "passbook_proof",
    "passbook_why",
    "voucher_back",
}

OF_VOLUNTEERING = {
    "my_certificate",
    "my_certificates",
    "my_hours",
    "my_volunteering",
    "report_in",
    "shift_back",
    "volunteer_profile",
}


# Their tests are in test_activity_pages.py, test_check_in_pages.py and test_rooms_pages.py; those of the calendar
# stand with the office's pages of activities.
OF_ACTIVITIES_AND_ROOMS = {
    "my_activities",
    "my_booking_cancel",
    "my_calendar",
    "my_calendar_end",
    "my_room_came",
    "my_room_cancel",
    "my_room_left",
    "my_rooms",
    "room_wait_leave",
    "room_wait_take",
    "seat_leave",
    "visit",
    "visits",
}

# Tested in test_needs_pages.py.
OF_NEEDS = {"my_voice"}


def test_every_page_of_the_face_has_a_test_here_or_is_public() -> None:
    private = {
        p.name for p in get_resolver("lianxin.faces.resident.urls").url_patterns if str(p.pattern).startswith("me/")
    }

    tested = {*OWN_PAGES, "consent", "family_end", "act_for", "phone_code", "my_data_file"}
    assert private == tested | OF_POINTS_AND_SHOP | OF_VOLUNTEERING | OF_ACTIVITIES_AND_ROOMS | OF_NEEDS


def test_a_consent_given_on_paper_shows_here(small_district: SmallDistrict, resident: Client) -> None:
    person = me(small_district)
    give_consent(actor=SYSTEM, person=person.pk, purpose="care", how="paper", at=now() - timedelta(minutes=1))

    page = resident.get(reverse("resident:consents"))

    assert [line.purpose for line in page.context["given"]] == ["care"]
