"""The list of residents: who sees it, what it hides, how it is taken away, and what it costs."""

import re

import pytest
import time_machine
from django.test import Client

from lianxin.domain.people.tests import factories as make
from lianxin.domain.people.tests.account_factories import Tree
from lianxin.faces.staff.tests.people_pages import (
    AT,
    MASKED_PHONE,
    PHONE,
    enter,
    family,
    page,
    send,
    text_of,
    words_in_workbook,
)
from lianxin.platform import scope
from lianxin.platform.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree() -> Tree:
    return Tree()


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False):
        yield


def words_of_rows(text: str) -> str:
    """What a reader sees in the list's rows: no marks, no addresses, no ids."""
    rows = text[text.index("<tbody") : text.index("</tbody>")]
    return re.sub(r"<[^>]+>", " ", rows)


def test_a_list_shows_the_own_community_masked(client: Client, tree: Tree) -> None:
    family(tree.cuiying)
    family_elsewhere = make.make_household(tree.jintao, make.new_person("林阿妹"))
    enter(client, "community_staff", tree.cuiying)

    text = text_of(page(client, "people"))

    assert "陈*明" in text
    assert MASKED_PHONE in text
    assert "长平路****" in text
    assert PHONE not in text
    assert "陈小明" not in text
    assert "长平路12号" not in text
    assert "301" not in words_of_rows(text)
    assert "林*妹" not in text
    assert str(family_elsewhere.pk) not in text


@pytest.mark.parametrize("words", ["陈小明", "chenxiaoming", "cxm", "8000", PHONE])
def test_somebody_is_found_by_name_pinyin_initials_last_digits_and_number(
    client: Client, tree: Tree, words: str
) -> None:
    family(tree.cuiying)
    make.make_household(tree.cuiying, make.new_person("林阿妹"))
    enter(client, "community_staff", tree.cuiying)

    text = text_of(page(client, "people", query=f"?q={words}"))

    assert "陈*明" in text
    assert "林*妹" not in text


def test_filters_narrow_by_age_and_household_number(client: Client, tree: Tree) -> None:
    home = family(tree.cuiying)
    make.make_household(tree.cuiying, make.new_person("林阿妹"))
    enter(client, "community_staff", tree.cuiying)

    by_age = text_of(page(client, "people", query="?band=18_59"))
    by_number = text_of(page(client, "people", query=f"?household={home.number}"))

    assert "陈*伟" in by_age
    assert "陈*明" not in by_age
    assert "陈*明" in by_number
    assert "林*妹" not in by_number


def test_a_list_costs_the_same_at_any_size(client: Client, tree: Tree, django_assert_max_num_queries) -> None:
    enter(client, "subdistrict_staff", tree.jinxia)
    for size in (1, 12):
        for _number in range(size):
            make.make_household(tree.cuiying, make.new_person("林阿妹"), make.new_person("林小弟", "child"))

        for name in ("people", "households", "organisations"):
            with django_assert_max_num_queries(12):
                assert page(client, name).status_code == 200


def test_the_next_page_goes_on_where_the_first_ended(client: Client, tree: Tree) -> None:
    for number in range(3):
        members = [make.new_person("陈小明"), *(make.new_person("陈阿弟", "child") for _place in range(19))]
        make.make_household(tree.cuiying, *members, number=f"A{number}")
    enter(client, "community_staff", tree.cuiying)

    first = page(client, "people")
    after = first.context["table"].after
    second = page(client, "people", query=f"?after={after}")

    assert len(first.context["table"].rows) == 50
    assert len(second.context["table"].rows) == 10
    assert not {row.pk for row in first.context["table"].rows} & {row.pk for row in second.context["table"].rows}
    assert f"after={after}" in text_of(first)
    assert second.context["table"].after == ""


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "audit_admin", "host", "volunteer", "merchant"])
def test_for_other_roles_there_are_no_people_pages(client: Client, tree: Tree, role: str) -> None:
    home = family(tree.cuiying)
    enter(client, role, tree.cuiying if role in ("volunteer", "host") else None)

    answers = [
        page(client, "people").status_code,
        page(client, "households").status_code,
        page(client, "household", home.pk).status_code,
        page(client, "household_new").status_code,
        page(client, "organisations").status_code,
        page(client, "people_export").status_code,
    ]

    assert answers == [404] * 6


def test_nobody_in_particular_is_sent_to_the_door(client: Client) -> None:
    assert page(client, "people").status_code == 302


def test_a_list_is_taken_away_only_with_a_reason_and_stays_masked(client: Client, tree: Tree) -> None:
    home = family(tree.cuiying)
    enter(client, "community_staff", tree.cuiying)

    without = send(client, "people_export", data={"reason": " ", "key": ""})
    given = send(client, "people_export", data={"reason": "重阳节走访"}, query="?band=60_up")

    assert without.status_code == 422
    words = words_in_workbook(given)
    assert "陈*明" in words
    assert MASKED_PHONE in words
    assert home.number in words
    assert "陈*伟" not in words
    assert PHONE not in words
    assert "陈小明" not in words
    with scope.everything():
        (entry,) = AuditEntry.objects.filter(action="people.export_people")
    assert "重阳节走访" in entry.reason


def test_a_printed_list_is_masked(client: Client, tree: Tree) -> None:
    family(tree.cuiying)
    enter(client, "community_staff", tree.cuiying)

    text = text_of(page(client, "people_print"))

    assert MASKED_PHONE in text
    assert PHONE not in text
    assert "陈小明" not in text


def test_households_leave_as_a_workbook_as_they_are_seen(client: Client, tree: Tree) -> None:
    home = family(tree.cuiying)
    enter(client, "community_staff", tree.cuiying)

    words = words_in_workbook(page(client, "households", query="?as=xlsx"))

    assert home.number in words
    assert "长平路****" in words
    assert "12号" not in words


def test_an_empty_list_offers_the_first_step(client: Client, tree: Tree) -> None:
    enter(client, "community_staff", tree.cuiying)

    text = text_of(page(client, "people"))

    assert "/staff/people/households/new/" in text


def test_chosen_residents_of_another_community_get_no_card(client: Client, tree: Tree) -> None:
    stranger = make.members_of(make.make_household(tree.jintao))[0]
    enter(client, "community_staff", tree.cuiying)

    assert page(client, "people_cards", query=f"?person={stranger.pk}").status_code == 404
