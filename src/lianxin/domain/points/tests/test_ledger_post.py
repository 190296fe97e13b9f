"""Posting, holding, capturing and reversing: what a passbook shows afterwards."""

from datetime import date, timedelta

import pytest

from lianxin.domain.points import ledger
from lianxin.domain.points.ledger.closing import close, derived_balance, list_differences
from lianxin.domain.points.ledger.sealing import seal_book
from lianxin.domain.points.models import Account, Hold, Line, Lot
from lianxin.domain.points.tests.factories import NOON, TODAY, award, make_book
from lianxin.platform import keys, scope
from lianxin.platform.commands import KeyReused
from lianxin.platform.errors import Invalid
from lianxin.platform.ids import new_id

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def everywhere():  # type: ignore[no-untyped-def]
    keys.create_ring(at=NOON)
    with scope.everything():
        yield


def spend(book, household, points, **more):  # type: ignore[no-untyped-def]
    return ledger.post(
        ledger.Posting(
            book=book.id,
            kind="redeem",
            moves=[ledger.Move(household, book.shop, points)],
            effective_on=TODAY,
            at=NOON,
            key=new_id(),
            **more,
        )
    )


def test_award_writes_line_lot_and_balance() -> None:
    book = make_book()

    award(book, book.households[0], 30)

    account = Account.objects.get(pk=book.households[0])
    assert (account.balance, account.earned, account.seq) == (30, 30, 1)
    assert Lot.objects.get(account=account).remaining == 30
    assert Line.objects.get(account=account).balance_after == 30
    assert Account.objects.get(pk=book.budget).balance == 9_970
    assert derived_balance(book.issuance) == -10_000


def test_oldest_lot_goes_first() -> None:
    book = make_book()
    one = book.households[0]
    award(book, one, 10, until=date(2027, 12, 31))
    award(book, one, 10, until=date(2026, 12, 31))

    spend(book, one, 15)

    assert dict(Lot.objects.filter(account=one).values_list("expires_on", "remaining")) == {
        date(2026, 12, 31): 0,
        date(2027, 12, 31): 5,
    }


def test_spending_more_than_there_is_is_refused() -> None:
    book = make_book()
    award(book, book.households[0], 10)

    with pytest.raises(ledger.NotEnoughPoints):
        spend(book, book.households[0], 11)


@pytest.mark.parametrize("points", [0, -5, 1.5, True, 10**12])
def test_points_that_cannot_be_are_refused(points: object) -> None:
    book = make_book()

    with pytest.raises(Invalid):
        award(book, book.households[0], points)  # type: ignore[arg-type]


def test_same_key_posts_once_and_another_body_is_refused() -> None:
    book, key = make_book(), new_id()
    first = award(book, book.households[0], 10, key=key)

    again = award(book, book.households[0], 10, key=key)

    assert again == first
    assert Account.objects.get(pk=book.households[0]).balance == 10
    with pytest.raises(KeyReused):
        award(book, book.households[0], 11, key=key)


def test_held_points_cannot_be_spent_and_are_captured_in_part() -> None:
    book = make_book()
    one = book.households[0]
    award(book, one, 10)
    [hold] = ledger.hold(
        [ledger.HoldWanted(one, 8, new_id())],
        source_kind="shop.redemption",
        source_id=new_id(),
        at=NOON,
        expires_at=NOON + timedelta(days=1),
    )
    with pytest.raises(ledger.NotEnoughPoints):
        spend(book, one, 3)

    key = new_id()
    done = ledger.capture(hold=hold, dst=book.shop, kind="redeem", effective_on=TODAY, at=NOON, key=key, points=5)

    again = ledger.capture(hold=hold, dst=book.shop, kind="redeem", effective_on=TODAY, at=NOON, key=key, points=5)
    account = Account.objects.get(pk=one)
    assert (account.balance, account.held, account.spent) == (5, 0, 5)
    assert again.replayed
    assert again.txn == done.txn
    with pytest.raises(ledger.HoldEnded):
        ledger.capture(hold=hold, dst=book.shop, kind="redeem", effective_on=TODAY, at=NOON, key=new_id())
    assert ledger.release([hold], at=NOON) == []


def test_released_hold_frees_the_points_once() -> None:
    book = make_book()
    one = book.households[0]
    award(book, one, 10)
    [hold] = ledger.hold(
        [ledger.HoldWanted(one, 8, new_id())],
        source_kind="shop.redemption",
        source_id=new_id(),
        at=NOON,
        expires_at=NOON + timedelta(days=1),
    )

    assert ledger.release([hold], at=NOON, ran_out=True) == []
    assert ledger.release([hold], at=NOON + timedelta(days=2), ran_out=True) == [hold]

    assert ledger.release([hold], at=NOON) == []
    assert Account.objects.get(pk=one).held == 0
    assert Hold.objects.get(pk=hold).state == "expired"


def test_reversal_of_an_award_that_is_spent_makes_a_debt() -> None:
    book = make_book()
    one = book.households[0]
    given = award(book, one, 10)
    spend(book, one, 7)

    ledger.reverse(txn=given, effective_on=TODAY, at=NOON, key=new_id(), note="记错了")

    assert Account.objects.get(pk=one).balance == 0
    assert Account.objects.get(kind="debt").balance == -7
    assert Account.objects.get(pk=book.budget).balance == 10_000
    with pytest.raises(ledger.AlreadyReversed):
        ledger.reverse(txn=given, effective_on=TODAY, at=NOON, key=new_id())
    assert list(list_differences()) == []


def test_reversal_of_a_redemption_fills_the_same_lots() -> None:
    book = make_book()
    one = book.households[0]
    award(book, one, 10, until=date(2026, 3, 1))
    award(book, one, 10, until=date(2026, 12, 31))
    spent = spend(book, one, 15)

    ledger.reverse(txn=spent.txn, effective_on=TODAY, at=NOON, key=new_id())

    assert Account.objects.get(pk=one).balance == 20
    assert dict(Lot.objects.filter(account=one).values_list("expires_on", "remaining")) == {
        date(2026, 3, 1): 0,
        date(2026, 4, 1): 10,
        date(2026, 12, 31): 10,
    }


def test_award_to_many_is_one_transaction() -> None:
    book = make_book(households=40)

    posted = ledger.post(
        ledger.Posting(
            book=book.id,
            kind="award",
            moves=[ledger.Move(book.budget, pk, 5, dst_lot_on=date(2026, 12, 31)) for pk in book.households],
            effective_on=TODAY,
            at=NOON,
            key=new_id(),
            note="清洁日",
        )
    )

    assert Line.objects.filter(txn=posted.txn).count() == 41
    assert set(Account.objects.filter(kind="household").values_list("balance", flat=True)) == {5}
    assert list(list_differences()) == []


def test_closed_period_takes_nothing_more_and_closing_twice_is_closing_once() -> None:
    book = make_book()
    award(book, book.households[0], 10)

    closed = close(period=book.period, at=NOON)

    assert close(period=book.period, at=NOON + timedelta(days=1)).closed_at == closed.closed_at
    assert closed.record["by_kind"] == {"award": [1, 10], "fund": [1, 10_000]}
    assert derived_balance(book.issuance) == -10_000
    with pytest.raises(ledger.NoOpenPeriod):
        award(book, book.households[0], 1)


def test_seal_covers_what_was_posted_since_the_last() -> None:
    book = make_book()
    award(book, book.households[0], 10)

    first = seal_book(book=book.id, at=NOON)
    award(book, book.households[1], 10)
    second = seal_book(book=book.id, at=NOON)

    assert first is not None
    assert second is not None
    assert (first.txns, second.txns, second.previous) == (2, 1, first.digest)
    assert len(second.code) == 19
    assert seal_book(book=book.id, at=NOON) is None
