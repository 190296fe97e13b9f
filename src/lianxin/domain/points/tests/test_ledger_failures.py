"""A function of the ledger that fails after any of its statements leaves the state of before; sent again, it works."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import OperationalError, connection, transaction

from lianxin.domain.points import ledger
from lianxin.domain.points.ledger import sql
from lianxin.domain.points.ledger.closing import close, list_differences
from lianxin.domain.points.tests.factories import NOON, TODAY, LedgerBook, award, make_book
from lianxin.platform import keys, scope
from lianxin.platform.ids import new_id

pytestmark = pytest.mark.django_db
MOST_STATEMENTS = 60


def state() -> dict[str, list[tuple]]:
    """Read every row of the module."""
    return {
        model._meta.label: sorted(map(repr, model._default_manager.values_list()))
        for model in apps.get_app_config("points").get_models()
    }


@contextmanager
def failing_after(number: int) -> Iterator[list[int]]:
    """Let the n-th statement be done and then fail, whether the kernel or the ORM sent it."""
    seen = [0]

    def count() -> None:
        seen[0] += 1
        if seen[0] == number:
            raise OperationalError("the disk is gone")

    def of_kernel(function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any) -> Any:
            outcome = function(*arguments)
            count()
            return outcome

        return run

    def of_orm(execute: Callable[..., Any], *arguments: Any) -> Any:
        outcome = execute(*arguments)
        if not str(arguments[0]).startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            count()
        return outcome

    with pytest.MonkeyPatch.context() as patch, connection.execute_wrapper(of_orm):
        patch.setattr(sql, "run", of_kernel(sql.run))
        patch.setattr(sql, "many", of_kernel(sql.many))
        yield seen


def post(book: LedgerBook, _txn: UUID, _hold: UUID, key: UUID) -> None:
    """Redeem out of two lots, with a note."""
    ledger.post(
        ledger.Posting(
            book=book.id,
            kind="redeem",
            moves=[ledger.Move(book.households[0], book.shop, 15)],
            effective_on=TODAY,
            at=NOON,
            key=key,
            note="两袋米",
        )
    )


def hold(book: LedgerBook, _txn: UUID, _hold: UUID, key: UUID) -> None:
    """Keep points aside."""
    wanted = [ledger.HoldWanted(book.households[0], 5, key)]
    ledger.hold(wanted, source_kind="test", source_id=key, at=NOON, expires_at=NOON + timedelta(days=1))


def capture(book: LedgerBook, _txn: UUID, held: UUID, key: UUID) -> None:
    """Collect in part."""
    ledger.capture(hold=held, dst=book.shop, kind="redeem", effective_on=TODAY, at=NOON, key=key, points=3)


def release(_book: LedgerBook, _txn: UUID, held: UUID, _key: UUID) -> None:
    """Give up."""
    ledger.release([held], at=NOON)


def reverse(_book: LedgerBook, txn: UUID, _hold: UUID, key: UUID) -> None:
    """Take an award back that is partly spent."""
    ledger.reverse(txn=txn, effective_on=TODAY, at=NOON, key=key, note="记错了")


def close_period(book: LedgerBook, _txn: UUID, _hold: UUID, _key: UUID) -> None:
    """Close the year."""
    close(period=book.period, at=NOON)


@pytest.mark.parametrize("function", [post, hold, capture, release, reverse, close_period])
def test_failure_after_any_statement_leaves_before_or_after(function: Callable[..., None]) -> None:
    keys.create_ring(at=NOON)
    with scope.everything():
        book = make_book()
        one = book.households[0]
        txn = award(book, one, 20, until=TODAY + timedelta(days=9))
        award(book, one, 20)
        ledger.post(
            ledger.Posting(
                book=book.id,
                kind="redeem",
                moves=[ledger.Move(one, book.shop, 8)],
                effective_on=TODAY,
                at=NOON,
                key=new_id(),
            )
        )
        [held] = ledger.hold(
            [ledger.HoldWanted(one, 6, new_id())],
            source_kind="test",
            source_id=new_id(),
            at=NOON,
            expires_at=NOON + timedelta(days=1),
        )
        key, before, failures = new_id(), state(), 0

        for number in range(1, MOST_STATEMENTS):
            try:
                with failing_after(number) as seen, transaction.atomic():
                    function(book, txn, held, key)
            except OperationalError as error:
                told = str(error)
                failures += 1
            else:
                break
            assert told == "the disk is gone"
            assert state() == before, f"after statement {number}"

        assert failures == seen[0] > 2
        assert state() != before
        assert list(list_differences()) == []
