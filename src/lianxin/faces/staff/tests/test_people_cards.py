"""Cards: made, printed, called back, and recognised by those to whom they are shown."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from lianxin.domain.people.commands.cards import issue_card
from lianxin.domain.people.models import Card, Person
from lianxin.domain.people.tests import factories as make
from lianxin.domain.people.tests.account_factories import Tree
from lianxin.faces.staff.tests.people_pages import AT, enter, family, head_of, page, send, text_of
from lianxin.platform import scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree() -> Tree:
    return Tree()


@pytest.fixture
def person(tree: Tree) -> Person:
    return head_of(family(tree.cuiying))


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def office(client: Client, tree: Tree) -> Client:
    return enter(client, "community_staff", tree.cuiying)


def valid_cards() -> int:
    with scope.everything():
        return Card.objects.filter(revoked_at=None).count()


def test_a_card_is_printed_masked_with_its_code(office: Client, person: Person) -> None:
    made = send(office, "person_card", person.pk, data={"size": "a6"})
    sheet = text_of(office.get(made.url))

    with scope.everything():
        card = Card.objects.get(person=person)
    assert card.number in sheet
    assert "<svg" in sheet
    assert "陈*明" in sheet
    assert "陈小明" not in sheet


def test_the_sheet_can_be_opened_again_for_half_an_hour_only(office: Client, person: Person, clock) -> None:
    url = send(office, "person_card", person.pk, data={"size": "a4"}).url

    first = office.get(url).status_code
    clock.shift(timedelta(minutes=20))
    second = office.get(url).status_code
    clock.shift(timedelta(minutes=11))
    third = office.get(url).status_code

    assert (first, second, third) == (200, 200, 410)


def test_many_cards_leave_those_with_a_card_alone_unless_asked(office: Client, tree: Tree, person: Person) -> None:
    other = head_of(make.make_household(tree.cuiying, make.new_person("林阿妹")))
    number = issue_card(actor=make.SYSTEM, person=person.pk, at=AT).number
    query = f"?person={person.pk}&person={other.pk}"

    chosen = office.post("/staff/people/chosen/", {"chosen": [str(person.pk), str(other.pk)], "act": "cards"})
    kept = send(office, "people_cards", data={"size": "a4"}, query=query)
    with scope.everything():
        still_valid = Card.objects.get(number=number).revoked_at is None
    replaced = send(office, "people_cards", data={"size": "a4", "replace": "on"}, query=query)

    assert query in chosen.url
    assert kept.status_code == replaced.status_code == 302
    assert still_valid
    assert valid_cards() == 2
    with scope.everything():
        assert Card.objects.get(number=number).revoked_at is not None


def test_labels_name_nobody_in_full(office: Client, person: Person) -> None:
    text = text_of(page(office, "people_labels", query=f"?person={person.pk}"))

    assert "陈*明" in text
    assert "陈小明" not in text


def test_a_card_is_called_back_with_a_reason(office: Client, person: Person) -> None:
    issue_card(actor=make.SYSTEM, person=person.pk, at=AT)

    without = send(office, "card_revoke", person.pk, data={"reason": ""})
    done = send(office, "card_revoke", person.pk, data={"reason": "lost"})

    assert without.status_code == 422
    assert done.status_code == 302
    assert valid_cards() == 0


@pytest.mark.parametrize("role", ["community_staff", "volunteer", "host", "merchant"])
def test_whoever_is_shown_a_card_learns_a_masked_name(client: Client, tree: Tree, person: Person, role: str) -> None:
    card = issue_card(actor=make.SYSTEM, person=person.pk, at=AT)
    enter(client, role, tree.cuiying)

    by_number = text_of(send(client, "card_identify", data={"shown": card.number, "identity_check": "card_only"}))
    by_code = text_of(send(client, "card_identify", data={"shown": card.token, "identity_check": "known_in_person"}))

    for text in (by_number, by_code):
        assert "陈*明" in text
        assert "陈小明" not in text
        assert (str(person.pk) in text) == (role == "community_staff")


def test_a_card_of_elsewhere_is_recognised_but_leads_to_no_record(client: Client, tree: Tree, person: Person) -> None:
    card = issue_card(actor=make.SYSTEM, person=person.pk, at=AT)
    enter(client, "community_staff", tree.jintao)

    text = text_of(send(client, "card_identify", data={"shown": card.number, "identity_check": "card_only"}))

    assert "陈*明" in text
    assert str(person.pk) not in text


def test_a_mistyped_number_comes_back_with_a_sentence(office: Client) -> None:
    answer = send(office, "card_identify", data={"shown": "12345678", "identity_check": "card_only"})

    assert answer.status_code == 422
    assert "12345678" in text_of(answer)
    assert answer.context["form"].errors["shown"]


@pytest.mark.parametrize("role", ["system_admin", "district_staff"])
def test_others_do_not_identify_cards(client: Client, role: str) -> None:
    enter(client, role)

    assert page(client, "card_identify").status_code in (403, 404)
