"""One valid booklet for a household, printed on from its last line; a lost one is replaced, the points stay."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianxin.domain.people.models import Household
from lianxin.domain.people.tests.factories import make_household, new_person
from lianxin.domain.points.commands import passbooks
from lianxin.domain.points.queries import checks
from lianxin.domain.points.queries.passbooks import (
    LINES_ON_A_PAGE,
    find_booklet,
    list_booklets,
    list_passbooks,
    pages_to_print,
)
from lianxin.domain.points.tests.life_factories import (
    AT,
    SYSTEM,
    TODAY,
    Tree,
    account_of,
    give,
    make_life_book,
    owe,
    staff,
)
from lianxin.platform import scope, search
from lianxin.platform.errors import Invalid, Missing, NotAllowed

pytestmark = pytest.mark.django_db


class Desk:
    """A community with a book, two households and its staff."""

    def __init__(self) -> None:
        self.tree = Tree()
        self.book = make_life_book(self.tree.cuiying)
        self.homes: list[Household] = [
            make_household(self.tree.cuiying, new_person(name)) for name in ("陈大明", "林阿妹")
        ]
        self.staff = staff("community_staff", self.tree.cuiying)

    def issue(self, place: int = 0):  # type: ignore[no-untyped-def]
        return passbooks.issue_passbook(actor=self.staff, household=self.homes[place].pk, at=AT)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_booklets_are_numbered_by_book_and_a_household_has_one(desk: Desk) -> None:
    numbers = [desk.issue(0).number, desk.issue(1).number]

    assert numbers == ["001001-000001", "001001-000002"]
    with pytest.raises(passbooks.HasPassbook):
        desk.issue(0)
    with scope.everything():
        hits = search.find("001001-000002", kinds=["passbook"], limit=5)
        assert "001001-000002" in [hit.title for hit in hits]


def test_a_lost_booklet_is_replaced_and_printed_from_its_first_line(desk: Desk) -> None:
    old = desk.issue()
    give(desk.book, desk.homes[0], 10)
    passbooks.mark_printed(actor=desk.staff, passbook=old.pk, upto=1, at=AT)

    new = passbooks.reissue_passbook(actor=desk.staff, passbook=old.pk, reason="遗失", at=AT)

    assert (new.number, new.printed_seq, new.account_id) == ("001001-000002", 0, old.account_id)
    assert find_booklet(actor=desk.staff, passbook=old.pk).state == "replaced"
    assert [row.pk for row in list_booklets(actor=desk.staff, household=desk.homes[0].pk)] == [new.pk, old.pk]
    with pytest.raises(passbooks.PassbookEnded):
        passbooks.mark_printed(actor=desk.staff, passbook=old.pk, upto=1, at=AT)
    with pytest.raises(passbooks.PassbookEnded):
        passbooks.reissue_passbook(actor=desk.staff, passbook=old.pk, reason="又丢了", at=AT)
    assert list(checks.passbooks_agree()) == []


def test_printing_goes_on_where_it_stopped(desk: Desk) -> None:
    row = desk.issue()
    for _ in range(LINES_ON_A_PAGE + 2):
        give(desk.book, desk.homes[0], 1)
    first = pages_to_print(actor=desk.staff, passbook=row.pk, on=TODAY)
    passbooks.mark_printed(actor=desk.staff, passbook=row.pk, upto=first.upto - 1, at=AT)

    rest = pages_to_print(actor=desk.staff, passbook=row.pk, on=TODAY)

    assert (len(first.lines), first.upto, first.is_more) == (22, 22, False)
    assert (first.lines[20].page, first.lines[20].place) == (2, 1)
    assert [(line.page, line.place, line.line.balance_after) for line in rest.lines] == [(2, 2, 22)]
    assert len(pages_to_print(actor=desk.staff, passbook=row.pk, on=TODAY, from_start=True).lines) == 22
    for wrong in (20, 23):
        with pytest.raises(Invalid):
            passbooks.mark_printed(actor=desk.staff, passbook=row.pk, upto=wrong, at=AT)


def test_list_shows_masked_heads_balances_and_numbers_in_few_queries(desk: Desk) -> None:
    desk.issue()
    give(desk.book, desk.homes[0], 30)
    owe(desk.book, desk.homes[0], 4)
    ask = {"actor": desk.staff, "community": desk.tree.cuiying.pk}

    with CaptureQueriesContext(connection) as queries:
        page = list_passbooks(**ask, limit=1)

    assert len(queries) <= 6
    [row] = page.rows
    assert (row.masked_head, row.balance, row.debt, row.passbook_number) == ("陈*明", 30, 4, "001001-000001")
    assert (row.unprinted, page.total) == (1, 2)
    [second] = list_passbooks(**ask, after=page.after).rows
    assert (second.passbook, second.balance, second.masked_head) == (None, 0, "林*妹")
    assert [r.household for r in list_passbooks(**ask, holding="with").rows] == [desk.homes[0].pk]
    assert [r.household for r in list_passbooks(**ask, holding="without").rows] == [desk.homes[1].pk]
    assert [r.household for r in list_passbooks(**ask, number="001001-0").rows] == [desk.homes[0].pk]


def test_others_and_residents_get_no_list(desk: Desk) -> None:
    with pytest.raises(Missing):
        list_passbooks(actor=staff("community_staff", desk.tree.jintao), community=desk.tree.cuiying.pk)
    with pytest.raises(NotAllowed):
        list_passbooks(actor=staff("resident", desk.tree.cuiying), community=desk.tree.cuiying.pk)
    with pytest.raises(Missing):
        passbooks.issue_passbook(actor=staff("community_staff", desk.tree.jintao), household=desk.homes[0].pk, at=AT)


def test_without_a_book_there_is_no_booklet() -> None:
    tree = Tree()
    home = make_household(tree.cuiying)

    with pytest.raises(passbooks.NoBook):
        passbooks.issue_passbook(actor=SYSTEM, household=home.pk, at=AT)


def test_account_stays_when_a_booklet_is_given_later(desk: Desk) -> None:
    give(desk.book, desk.homes[0], 30)

    row = desk.issue()

    account = account_of(desk.book, desk.homes[0])
    assert account is not None
    assert row.account_id == account.pk
