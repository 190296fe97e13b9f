"""The pages of points: first steps, every page of a book, and who may open them."""

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lianxin.domain.people.tests.account_factories import Tree
from lianxin.domain.points.commands import books
from lianxin.domain.points.models import Book
from lianxin.domain.points.tests.rules_factories import SYSTEM
from lianxin.faces.staff.tests.points_pages import AT, Town, enter, give, make_town, page, send, text_of
from lianxin.platform import scope
from lianxin.platform.ids import new_id

pytestmark = pytest.mark.django_db
OF_THE_BOOK = (
    "points_book", "points_award", "points_award_list", "points_approvals", "points_claims", "points_passbooks",
    "points_notices", "points_objections", "points_rules", "points_budgets", "points_budget_new", "points_periods",
    "points_period_open", "points_take_overs", "points_rolls", "points_roll_new",
)  # fmt: skip
LISTS = (
    "points_approvals", "points_claims", "points_passbooks", "points_notices", "points_objections", "points_rules",
    "points_budgets", "points_periods", "points_take_overs", "points_rolls",
)  # fmt: skip


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def town() -> Town:
    return make_town()


@pytest.fixture
def office(client: Client, town: Town) -> Client:
    return enter(client, "community_staff", town.community)


def test_the_one_book_opens_at_once(office: Client, town: Town) -> None:
    answer = page(office, "points")

    assert answer.status_code == 302
    assert answer.url == reverse("staff:points_book", kwargs={"community": town.community.pk})


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_of_a_book_opens(office: Client, town: Town, language: str) -> None:
    give(town)
    office.cookies["lianxin-language"] = language

    for name in OF_THE_BOOK:
        answer = page(office, name, community=town.community.pk)

        assert answer.status_code == 200, name
        assert text_of(answer).count("<h1") == 1, name


def test_every_list_comes_as_a_workbook_and_on_paper(office: Client, town: Town) -> None:
    give(town)

    for name in LISTS:
        book = page(office, name, "?as=xlsx", community=town.community.pk)
        sheet = page(office, name, "?as=print", community=town.community.pk)

        assert book.content[:2] == b"PK", name
        assert sheet.status_code == 200, name


def test_lists_ask_the_database_no_more_when_they_grow(client: Client) -> None:
    town = make_town(households=6)
    office = enter(client, "community_staff", town.community)
    give(town, 0)
    counts = {}
    for size in ("small", "large"):
        for name in LISTS:
            with CaptureQueriesContext(
                connection,
            ) as asked:
                page(office, name, community=town.community.pk)
            counts[size, name] = len([q for q in asked if q["sql"].startswith("SELECT") and "points" in q["sql"]])
        for number in range(1, 6):
            give(town, number)

    for name in LISTS:
        assert counts["large", name] == counts["small", name] <= 12, name


def test_a_stranger_finds_no_book(client: Client, town: Town) -> None:
    stranger = enter(client, "community_staff", town.tree.daya)

    for name in OF_THE_BOOK:
        assert page(stranger, name, community=town.community.pk).status_code == 404, name


def test_administrators_find_no_points_at_all(client: Client, town: Town) -> None:
    administrator = enter(client, "system_admin", None)

    assert page(administrator, "points").status_code == 404
    assert page(administrator, "points_book", community=town.community.pk).status_code == 404


def test_without_a_book_the_page_offers_the_first_step(client: Client) -> None:
    tree = Tree()
    office = enter(client, "community_staff", tree.cuiying)

    before = page(office, "points_book", community=tree.cuiying.pk)
    send(office, "points_prepare", community=tree.cuiying.pk)
    after = page(office, "points_book", community=tree.cuiying.pk)

    assert reverse("staff:points_prepare", kwargs={"community": tree.cuiying.pk}) in text_of(before)
    assert reverse("staff:points_rules", kwargs={"community": tree.cuiying.pk}) in text_of(after)


def test_the_subdistrict_switches_points_on_and_the_community_does_not(client: Client) -> None:
    tree = Tree()
    book = books.prepare_book(actor=SYSTEM, community=tree.cuiying.pk, at=AT)
    community = enter(Client(), "community_staff", tree.cuiying)
    above = enter(client, "subdistrict_staff", tree.jinxia)

    refused = send(community, "points_switch_on", {"on": "2026-03-01"}, community=tree.cuiying.pk)
    done = send(above, "points_switch_on", {"on": "2026-03-01"}, community=tree.cuiying.pk)

    assert refused.status_code == 403
    assert done.status_code == 302
    with scope.everything():
        assert Book.objects.get(pk=book.pk).state == "open"


def test_a_switch_on_day_far_away_comes_back_with_a_sentence(client: Client) -> None:
    tree = Tree()
    books.prepare_book(actor=SYSTEM, community=tree.cuiying.pk, at=AT)
    above = enter(client, "subdistrict_staff", tree.jinxia)

    answer = send(above, "points_switch_on", {"on": "1999-03-01"}, community=tree.cuiying.pk)

    assert answer.status_code == 422
    assert "1999-03-01" in text_of(answer)


def test_a_key_sent_twice_makes_one_budget(office: Client, town: Town) -> None:
    form = {
        "key": str(new_id()),
        "name": "清洁日",
        "points": "100",
        "valid_from": "2026-03-01",
        "valid_until": "2026-04-01",
    }

    first = send(office, "points_budget_new", form, community=town.community.pk)
    again = send(office, "points_budget_new", form, community=town.community.pk)

    assert first.status_code == again.status_code == 302
    assert first.url == again.url
