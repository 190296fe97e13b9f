"""The same acts give the same passbooks, byte for byte, on every database."""

import hashlib
from datetime import date, timedelta
from random import Random

import pytest
from django.db import transaction

from lianxin.domain.points import ledger
from lianxin.domain.points.ledger import posting
from lianxin.domain.points.ledger.sealing import leaves_of
from lianxin.domain.points.models import Line, Txn
from lianxin.domain.points.tests.factories import NOON, TODAY, LedgerBook, make_book
from lianxin.platform import ids, keys, scope
from lianxin.platform.ids import new_id

# Written down once: SQLite and PostgreSQL must both come to it, and so must every later version of the kernel.
PASSBOOKS = "502306766351aa2bddd22e71225bead3541da45ceaef7e839226d669375080c9"


def act(dice: Random, book: LedgerBook, txns: list, holds: list) -> None:
    """Do one random thing."""
    home = dice.choice(book.households)
    points, day = dice.randint(1, 30), date(2026, dice.randint(1, 12), 28)
    moves = {
        "award": ledger.Move(book.budget, home, points, day),
        "redeem": ledger.Move(home, book.shop, points),
        "expire": ledger.Move(home, book.expired, points, src_lot_on=day),
    }
    what = dice.choice([*moves, "award", "hold", "capture", "release", "reverse"])
    if what in moves:
        note = "给张三" if dice.random() < 0.3 else ""
        txns.append(
            ledger.post(
                ledger.Posting(
                    book=book.id,
                    kind=what,
                    moves=[moves[what]],
                    effective_on=TODAY,
                    at=NOON + timedelta(microseconds=dice.randint(0, 10**9)),
                    key=new_id(),
                    note=note,
                )
            ).txn
        )
    elif what == "hold":
        wanted = [ledger.HoldWanted(home, points, new_id())]
        holds += ledger.hold(
            wanted, source_kind="test", source_id=new_id(), at=NOON, expires_at=NOON + timedelta(days=1)
        )
    elif what == "capture" and holds:
        ledger.capture(hold=holds.pop(), dst=book.shop, kind="redeem", effective_on=TODAY, at=NOON, key=new_id())
    elif what == "release" and holds:
        ledger.release([holds.pop(0)], at=NOON)
    elif what == "reverse" and txns:
        ledger.reverse(txn=dice.choice(txns), effective_on=TODAY, at=NOON, key=new_id())


@pytest.mark.django_db
def test_passbooks_of_a_seed_are_the_same_on_every_database(monkeypatch: pytest.MonkeyPatch) -> None:
    keys.create_ring(at=NOON)
    dice, txns, holds = Random(7), [], []  # type: ignore[var-annotated]
    monkeypatch.setattr(posting.os, "urandom", dice.randbytes)

    with scope.everything(), transaction.atomic(), ids.repeatable("passbooks", from_at=NOON):
        book = make_book(community=None, households=5, budget=2_000)
        for _ in range(250):
            try:
                with transaction.atomic():
                    act(dice, book, txns, holds)
            except ledger.LedgerRefused:
                continue

    with scope.everything():
        lines = Line.objects.order_by("account_id", "seq").values_list("hash", flat=True)
        text = b"".join(map(bytes, lines)) + "".join(leaves_of(Txn.objects.order_by("pk"))).encode()
    assert len(txns) > 60
    assert hashlib.sha256(text).hexdigest() == PASSBOOKS
