"""One resident's record: what is hidden, what a look costs, what a change asks for."""

import re
from datetime import date

import pytest
import time_machine
from django.test import Client

from lianxin.domain.people.commands.vulnerabilities import record_vulnerability
from lianxin.domain.people.models import ConsentReceipt, Person, ProxyLink
from lianxin.domain.people.tests import factories as make
from lianxin.domain.people.tests.account_factories import Tree
from lianxin.faces.staff.people.urls import urlpatterns
from lianxin.faces.staff.tests.people_pages import (
    AT,
    MASKED_PHONE,
    PHONE,
    enter,
    family,
    head_of,
    looks,
    page,
    send,
    text_of,
)
from lianxin.platform import scope
from lianxin.platform.models import AuditEntry

pytestmark = pytest.mark.django_db
OF_A_PERSON = [
    one.name for one in urlpatterns if re.fullmatch(r"people/<uuid:person>/[^<]*", str(one.pattern)) and one.name
]


@pytest.fixture
def tree() -> Tree:
    return Tree()


@pytest.fixture
def person(tree: Tree) -> Person:
    return head_of(family(tree.cuiying))


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def office(client: Client, tree: Tree) -> Client:
    make.load_register()
    return enter(client, "community_staff", tree.cuiying)


def test_a_record_hides_numbers_name_and_care_notes(office: Client, person: Person) -> None:
    actor = make.staff("community_staff")
    record_vulnerability(actor=actor, person=person.pk, kind="dementia", source="visit", at=AT)

    text = text_of(page(office, "person", person.pk))

    assert "陈*明" in text
    assert MASKED_PHONE in text
    assert "4405**********" in text
    assert PHONE not in text
    assert "陈小明" not in text
    assert "19500501" not in text
    assert "12号" not in text
    assert "痴呆" not in text
    assert "dementia" not in text.lower()


@pytest.mark.parametrize("name", OF_A_PERSON)
def test_records_of_a_foreign_community_do_not_exist(client: Client, tree: Tree, person: Person, name: str) -> None:
    enter(client, "community_staff", tree.jintao)

    answers = {page(client, name, person.pk).status_code, send(client, name, person.pk, data={"a": "b"}).status_code}

    assert answers <= {404, 405}


def test_a_look_behind_the_mask_needs_a_reason_is_shown_once_and_logged(office: Client, person: Person) -> None:
    without = send(office, "person_reveal", person.pk, data={"field": "phone", "reason": ""})
    shown = send(office, "person_reveal", person.pk, data={"field": "phone", "reason": "通知体检"})
    again = page(office, "person", person.pk)

    assert without.status_code == 422
    assert PHONE not in text_of(without)
    assert PHONE in text_of(shown)
    assert PHONE not in text_of(again)
    assert "通知体检" in text_of(again)
    assert looks() == ["通知体检"]


def test_district_staff_read_and_do_not_change(client: Client, person: Person) -> None:
    enter(client, "district_staff")

    assert page(client, "person", person.pk).status_code == 200
    assert page(client, "person_edit", person.pk).status_code == 403
    assert send(client, "person_reveal", person.pk, data={"field": "phone", "reason": "x"}).status_code == 403


def test_an_edit_keeps_the_hidden_name_that_was_left_empty(office: Client, person: Person) -> None:
    data = {"name": "", "relation": "head", "residence": "floating", "version": person.version, "prefers_teochew": "on"}

    answer = send(office, "person_edit", person.pk, data=data)

    row = make.fresh(person)
    assert answer.status_code == 302
    assert (row.name, row.residence, row.prefers_teochew) == ("陈小明", "floating", True)


def test_an_edit_of_an_old_version_keeps_what_was_typed_and_says_so(office: Client, person: Person) -> None:
    data = {"name": "陈小光", "relation": "head", "residence": "floating", "version": person.version + 7}

    answer = send(office, "person_edit", person.pk, data=data)

    assert answer.status_code == 422
    assert "陈小光" in text_of(answer)
    assert make.fresh(person).name == "陈小明"


def test_a_wrong_phone_number_comes_back_with_a_sentence(office: Client, person: Person) -> None:
    answer = send(office, "person_phone", person.pk, data={"phone": "1380013", "version": person.version})

    assert answer.status_code == 422
    assert "1380013" in text_of(answer)
    assert "11" in answer.context["form"].errors["phone"][0]


def test_a_wrong_id_number_comes_back_with_a_sentence(office: Client, person: Person) -> None:
    data = {"id_number": "440507195005010011", "version": person.version, "reason": "写错了"}

    answer = send(office, "person_id_number", person.pk, data=data)

    assert answer.status_code == 422
    assert "440507195005010011" in text_of(answer)
    assert answer.context["form"].errors["id_number"]


def test_a_death_is_told_first_and_then_recorded(office: Client, person: Person) -> None:
    told = send(office, "person_death", person.pk, data={"on": "2026-11-18"})
    before = make.fresh(person).state
    done = send(office, "person_death", person.pk, data={"on": "2026-11-18", "confirmed": "yes"})

    assert "陈*伟" in text_of(told)
    assert "陈大伟" not in text_of(told)
    assert before == "living"
    assert done.status_code == 302
    assert make.fresh(person).died_on == date(2026, 11, 18)


def test_a_death_in_the_future_is_refused_and_the_day_stays_typed(office: Client, person: Person) -> None:
    answer = send(office, "person_death", person.pk, data={"on": "2027-01-01", "confirmed": "yes"})

    assert answer.status_code == 422
    assert "2027-01-01" in text_of(answer)
    assert make.fresh(person).state == "living"


def test_somebody_moves_to_the_household_with_a_number(office: Client, tree: Tree, person: Person) -> None:
    target = make.make_household(tree.cuiying, make.new_person("林阿妹"))
    data = {
        "community": str(tree.cuiying.pk),
        "number": target.number.lstrip("0"),
        "relation": "parent",
        "on": "2026-11-19",
        "confirmed": "yes",
    }

    answer = send(office, "person_move", person.pk, data=data)

    assert answer.status_code == 302
    assert make.fresh(person).household_id == target.pk


def test_an_unknown_household_number_is_said_at_the_number(office: Client, tree: Tree, person: Person) -> None:
    data = {"community": str(tree.cuiying.pk), "number": "777777", "relation": "parent", "on": "2026-11-19"}

    answer = send(office, "person_move", person.pk, data=data)

    assert answer.status_code == 422
    assert "number" in answer.context["form"].errors


def test_care_notes_open_only_with_a_reason_and_only_to_the_community(
    office: Client, tree: Tree, person: Person
) -> None:
    actor = make.staff("community_staff")
    record_vulnerability(actor=actor, person=person.pk, kind="dementia", source="visit", detail="怕黑", at=AT)

    closed = page(office, "person_care", person.pk)
    opened = send(office, "person_care", person.pk, data={"reason": "安排走访"})
    subdistrict = enter(Client(), "subdistrict_staff", tree.jinxia)

    assert "怕黑" not in text_of(closed)
    assert "怕黑" in text_of(opened)
    assert looks() == ["安排走访"]
    assert page(subdistrict, "person_care", person.pk).status_code == 403


def test_a_care_note_is_recorded_confirmed_and_ended(office: Client, person: Person) -> None:
    data = {"kind": "living_alone", "source": "visit", "since_on": "2026-11-01", "detail": ""}
    send(office, "care_new", person.pk, data=data)
    (note, _source) = send(office, "person_care", person.pk, data={"reason": "走访"}).context["notes"][0]

    confirmed = send(office, "care_confirm", person.pk, note.id, data={})
    ended = send(office, "care_end", person.pk, note.id, data={"on": "2026-11-20"})

    (note, _source) = send(office, "person_care", person.pk, data={"reason": "走访"}).context["notes"][0]
    assert (confirmed.status_code, ended.status_code) == (302, 302)
    assert note.until_on == date(2026, 11, 20)


def test_a_consent_names_text_giver_and_way_and_can_be_taken_back(office: Client, person: Person) -> None:
    data = {"who": "self", "how": "paper", "identity_check": "known_in_person"}

    given = send(office, "consent_give", person.pk, "notices", data=data)
    with scope.everything():
        receipt = ConsentReceipt.objects.select_related("text").get(person=person)
        entry = AuditEntry.objects.get(action="people.give_consent")
    told = send(office, "consent_withdraw", person.pk, "notices", data=data)
    done = send(office, "consent_withdraw", person.pk, "notices", data=data | {"confirmed": "yes"})

    assert given.status_code == 302
    assert (receipt.text.purpose_id, receipt.how, receipt.by) == (
        "notices",
        "paper",
        "self",
    )
    assert (entry.on_behalf_of, entry.via, entry.identity_check) == (person.pk, "paper", "known_in_person")
    assert told.status_code == 200
    assert done.status_code == 302
    with scope.everything():
        assert ConsentReceipt.objects.get(person=person).withdrawal is not None


def test_a_child_has_no_say_without_a_guardian(office: Client, tree: Tree) -> None:
    child = make.new_person("陈小宝", "child", birth_on=date(2020, 1, 1))
    home = make.make_household(tree.cuiying, make.new_person("陈小明"), child)
    (_head, small) = make.members_of(home)

    text = text_of(page(office, "consent_give", small.pk, "child_data"))

    assert f"/staff/people/{small.pk}/proxies/new/" in text
    assert 'name="who"' not in text


def test_somebody_may_act_only_after_the_person_agreed(office: Client, tree: Tree, person: Person) -> None:
    child = make.members_of(make.fresh(person).household)[1]
    data = {
        "kind": "family",
        "agent": f"agent_person:{child.pk}",
        "acts": ["meals", "sign_up"],
        "from_on": "2026-11-20",
        "until_on": "2027-11-20",
        "identity_check": "known_in_person",
    }

    early = send(office, "proxy_new", person.pk, data=data)
    send(
        office, "consent_give", person.pk, "proxy", data={"who": "self", "how": "screen", "identity_check": "card_only"}
    )
    late = send(office, "proxy_new", person.pk, data=data)

    assert early.status_code == 422
    assert late.status_code == 302
    with scope.everything():
        link = ProxyLink.objects.get(principal=person)
    assert link.agent_person_id == child.pk
    assert link.acts == ["meals", "sign_up"]
    assert send(office, "proxy_revoke", person.pk, link.pk, data={"reason": "", "confirmed": "yes"}).status_code == 302
    with scope.everything():
        assert ProxyLink.objects.get(pk=link.pk).revoked_at is not None


def test_data_is_handed_over_as_a_file_and_on_paper_and_logged(office: Client, person: Person) -> None:
    file = send(office, "person_data", person.pk, data={"form": "file", "identity_check": "photo_on_document"})
    paper = send(office, "person_data", person.pk, data={"form": "paper", "identity_check": "photo_on_document"})

    assert file.json()["data"]["people"]["phone"] == PHONE
    assert PHONE in text_of(paper)
    assert "陈小明" in text_of(paper)
    with scope.everything():
        assert AuditEntry.objects.filter(action="people.export_my_data", on_behalf_of=person.pk).count() == 2


def test_a_record_that_must_stay_says_why(office: Client, person: Person) -> None:
    text = text_of(page(office, "person_erase", person.pk))

    assert 'name="ground"' not in text


def test_an_erased_record_leaves_a_page_that_names_nobody(office: Client, tree: Tree) -> None:
    guest = head_of(make.make_household(tree.cuiying, make.new_person("林阿妹", residence="floating")))

    answer = send(office, "person_erase", guest.pk, data={"ground": "本人要求", "confirmed": "yes"})
    left = page(office, "person", guest.pk)

    assert answer.status_code == 302
    assert left.status_code == 410
    assert "本人要求" in text_of(left)
    assert "林" not in text_of(left).split("<main")[1]
