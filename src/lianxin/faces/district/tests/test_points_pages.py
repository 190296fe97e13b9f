"""The department's pages of points: books batch by batch, what stands against the points, seals by their code."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from lianxin.domain.points.ledger.sealing import seal_book
from lianxin.domain.points.models import Book
from lianxin.domain.points.tests import factories as points
from lianxin.domain.shop.commands import catalogue, collecting, stock
from lianxin.platform import scope
from lianxin.platform.clock import local_day

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12


@pytest.fixture
def two_books(small_district):
    """Books of 翠英 and 金洲村, each with one household of 100 points; 翠英's shop gave out goods for 20."""
    at = datetime.now(UTC)
    today = local_day(at)
    homes = {}
    with scope.everything(), transaction.atomic():
        Book.objects.update(state="closed")
        for place in (small_district.cuiying, small_district.jinzhou_village):
            home = small_district.first("people.Household", community=place, state="active")
            book = points.make_book(community=place.pk, owners=[home.pk], year=today.year)
            points.award(book, book.households[0], 100, until=today + timedelta(days=365))
            homes[place.pk] = home
    keeper, community = small_district.actor("cuiying1"), small_district.cuiying.pk
    with scope.within([community]):
        venue = small_district.first("places.Venue", community=small_district.cuiying, state="open")
        item = catalogue.create_item(
            actor=keeper, community=community, kind="goods", name="洗衣粉", points=10, cost_fen=1200, at=at
        )
        catalogue.put_on_sale(actor=keeper, item=item.pk, at=at)
        stock.receive_purchase(actor=keeper, item=item.pk, venue=venue.pk, quantity=10, at=at)
        collecting.redeem_at_counter(
            actor=keeper,
            household=homes[community].pk,
            venue=venue.pk,
            items={item.pk: 2},
            checks=["card_only"],
            at=at,
        )
    return small_district


def cells_of(answer) -> list[object]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    return [cell for row in book.get_sheet_by_index(0).to_python() for cell in row]


def test_books_show_what_is_out_and_what_was_redeemed_this_year(two_books, department) -> None:
    page = department.get(reverse("district:points"))

    [cuiying] = [row for row in page.context["table"].rows if row.name == "翠英社区"]
    assert (cuiying.outstanding, cuiying.redeemed, cuiying.tone) == (80, 20, "done")
    assert reverse("staff:points_book", args=[two_books.cuiying.pk]) in page.content.decode()


def test_an_office_sees_the_books_of_its_own_communities(two_books, department, xinjin) -> None:
    def names(client) -> set[str]:
        rows = client.get(reverse("district:points"), {"book": "with"}).context["table"].rows
        return {row.name for row in rows}

    assert names(xinjin) == {"翠英社区"}
    assert len(names(department)) == 2


def test_liability_sets_points_against_goods_at_the_recent_cost(two_books, department) -> None:
    page = department.get(reverse("district:liability"))

    [cuiying] = [line.row for line in page.context["table"].rows if line.row.community_name == "翠英社区"]
    # 20 points cost 24 yuan, so 80 points come to 96 yuan; 8 pieces at 12 yuan lie there.
    assert (cuiying.cost_fen, cuiying.goods_fen, cuiying.uncovered_fen) == (9600, 9600, 0)
    [other] = [line.row for line in page.context["table"].rows if line.row.community_name != "翠英社区"]
    assert (other.points_out, other.cost_fen) == (100, None)


def test_liability_of_one_community_opens_and_that_of_a_foreign_one_does_not_exist(two_books, xinjin) -> None:
    own = xinjin.get(reverse("district:liability_community", args=[two_books.cuiying.pk]))
    foreign = xinjin.get(reverse("district:liability_community", args=[two_books.jinzhou_village.pk]))

    assert "洗衣粉" in own.content.decode()
    assert foreign.status_code == 404


def test_both_lists_are_given_out_as_workbook_and_on_paper(two_books, department) -> None:
    assert "翠英社区" in cells_of(department.get(reverse("district:points_export")))
    assert 96.0 in cells_of(department.get(reverse("district:liability_export")))
    for name in ("points_print", "liability_print"):
        assert "翠英社区" in department.get(reverse(f"district:{name}")).content.decode()


def test_pages_cost_few_queries(two_books, department) -> None:
    addresses = [reverse(f"district:{name}") for name in ("points", "liability", "seals")]
    addresses.append(reverse("district:liability_community", args=[two_books.cuiying.pk]))
    costs = {}
    for address in addresses:
        department.get(address)
        with CaptureQueriesContext(connection) as made:
            assert department.get(address).status_code == 200
        costs[address] = len(made)

    assert max(costs.values()) <= MOST_QUERIES, costs


def test_a_seal_is_found_by_its_code_in_small_letters(two_books, department) -> None:
    with scope.everything():
        book = Book.objects.get(state="open", community=two_books.cuiying)
        seal = seal_book(book=book.pk, at=datetime.now(UTC))

    found = department.get(reverse("district:seals"), {"code": seal.code.lower()})
    wrong = department.get(reverse("district:seals"), {"code": "AAAA-BBBB-CCCC"})

    assert found.context["seal"].is_signed
    assert wrong.context["seal"] is None
