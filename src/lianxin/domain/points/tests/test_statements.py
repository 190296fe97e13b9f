"""The passbook and its statements: equal to the ledger, as fast with ten years as with one, for whom it belongs to."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from lianxin.domain.people.tests.factories import staff
from lianxin.domain.points import ledger
from lianxin.domain.points.ledger.sealing import seal_book
from lianxin.domain.points.queries import statements
from lianxin.domain.points.tests.factories import NOON, TODAY
from lianxin.domain.points.tests.trust_factories import Street, make_street
from lianxin.platform import scope
from lianxin.platform.errors import Invalid, Missing
from lianxin.platform.ids import new_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def street():  # type: ignore[no-untyped-def]
    with scope.everything():
        yield make_street()


def test_page_shows_lines_in_words_newest_first(street: Street) -> None:
    street.award(0, 30, quantity=3)
    street.spend(0, 7)
    seal = seal_book(book=street.book.id, at=NOON)
    assert seal is not None

    page = statements.passbook_page(actor=street.resident(0), on=TODAY)

    assert [(line.seq, line.what, line.delta, line.balance_after) for line in page.lines] == [
        (2, "兑换：大米", -7, 23),
        (1, "参加清洁日 × 3", 30, 30),
    ]
    assert (page.balance, page.free, page.earned, page.spent, page.after) == (23, 23, 30, 7, None)
    assert page.lines[1].rules_number == 1
    assert page.lines[0].seal_code == seal.code
    assert [(lot.expires_on.year, lot.points) for lot in page.expiring] == [(2026, 23)]


def test_pages_follow_one_another_without_gap(street: Street) -> None:
    for turn in range(1, 8):
        street.award(0, turn)
    actor = street.resident(0)

    first = statements.passbook_page(actor=actor, on=TODAY, limit=3)
    second = statements.passbook_page(actor=actor, on=TODAY, limit=3, after=first.after)
    third = statements.passbook_page(actor=actor, on=TODAY, limit=3, after=second.after)

    assert [line.seq for page in (first, second, third) for line in page.lines] == [7, 6, 5, 4, 3, 2, 1]
    assert third.after is None


def test_reversal_names_what_was_taken_back(street: Street) -> None:
    claim = street.award(0, 30)
    street.reverse(claim)

    newest = statements.passbook_page(actor=street.resident(0), on=TODAY).lines[0]

    assert newest.what == "更正：参加清洁日"
    assert newest.delta == -30


def test_own_household_sees_it_and_the_neighbour_does_not(street: Street) -> None:
    street.award(0, 30)

    with pytest.raises(Missing):
        statements.passbook_page(actor=street.resident(1), household=street.homes[0].pk, on=TODAY)
    assert statements.passbook_page(actor=street.staff, household=street.homes[0].pk, on=TODAY).balance == 30
    with pytest.raises(Missing):
        statements.passbook_page(
            actor=staff("community_staff", street.tree.daya), household=street.homes[0].pk, on=TODAY
        )


def test_household_that_never_earned_has_an_empty_passbook(street: Street) -> None:
    page = statements.passbook_page(actor=street.resident(2), on=TODAY)

    assert (page.balance, page.lines, page.after) == (0, [], None)


def test_statement_opens_and_closes_with_the_balances_of_the_ledger(street: Street) -> None:
    street.award(0, 30, at=NOON)
    street.spend(0, 5, at=NOON + timedelta(days=1))
    street.award(0, 8, at=NOON + timedelta(days=2))
    street.spend(0, 1, at=NOON + timedelta(days=9))

    told = statements.statement(
        actor=street.resident(0), from_on=TODAY + timedelta(days=1), until_on=TODAY + timedelta(days=5), on=TODAY
    )

    assert (told.opening, told.received, told.left, told.closing) == (30, 8, 5, 33)
    assert [line.seq for line in told.lines] == [2, 3]
    assert told.opening + sum(line.delta for line in told.lines) == told.closing


def test_statement_of_days_without_lines_repeats_the_balance(street: Street) -> None:
    street.award(0, 30)

    told = statements.statement(
        actor=street.resident(0), from_on=TODAY + timedelta(days=3), until_on=TODAY + timedelta(days=4), on=TODAY
    )

    assert (told.opening, told.lines, told.closing) == (30, [], 30)


def test_statement_before_the_first_line_is_zero(street: Street) -> None:
    street.award(0, 30)

    told = statements.statement(
        actor=street.resident(0), from_on=TODAY - timedelta(days=9), until_on=TODAY - timedelta(days=4), on=TODAY
    )

    assert (told.opening, told.lines, told.closing) == (0, [], 0)


def test_statement_backwards_is_refused(street: Street) -> None:
    with pytest.raises(Invalid):
        statements.statement(actor=street.resident(0), from_on=TODAY, until_on=TODAY - timedelta(days=1), on=TODAY)


def test_workbook_has_the_opening_every_line_and_the_closing(street: Street) -> None:
    street.award(0, 30)
    street.spend(0, 5)
    told = statements.statement(actor=street.resident(0), from_on=TODAY, until_on=TODAY, on=TODAY)

    headings, rows = statements.workbook_rows(told)

    assert {len(headings)} == {len(row) for row in rows}
    assert [row[3] for row in rows] == ["", 30, -5, ""]
    assert [row[4] for row in rows] == [0, 30, 25, 25]


def test_page_takes_six_queries_at_most_however_long_the_passbook_is(
    street: Street, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _turn in range(60):
        ledger.post(
            ledger.Posting(
                book=street.book.id,
                kind="award",
                moves=[ledger.Move(street.book.budget, street.book.households[0], 1, dst_lot_on=TODAY)],
                effective_on=TODAY,
                at=NOON,
                key=new_id(),
                by=street.awarder,
            )
        )
    actor = street.resident(0)

    with django_assert_max_num_queries(6):
        page = statements.passbook_page(actor=actor, household=street.homes[0].pk, on=TODAY, after=40)

    assert [line.seq for line in page.lines] == list(range(39, 19, -1))
