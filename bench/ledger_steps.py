"""One process of the ledger's bench: prepares a book, posts through the kernel, or sends the same statements bare.

The floor sends the very texts that the kernel sends (they are recorded from one act and compared), with parameters
that are worked out by next to nothing: no checks, no hashes, no lots, no errors.
"""

import contextlib
import gc
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from bench.report import cpu_seconds, server_cpu  # noqa: E402
from lianxin.domain.points import ledger  # noqa: E402
from lianxin.domain.points.ledger import sql  # noqa: E402
from lianxin.domain.points.models import Account, Book, Period  # noqa: E402
from lianxin.domain.points.tests.factories import LedgerBook, make_book  # noqa: E402
from lianxin.platform import clock, keys, scope  # noqa: E402
from lianxin.platform.ids import new_id  # noqa: E402

HOUSEHOLDS = 5_400
HALF = 200
TODAY, UNTIL = date(2026, 3, 2), date(2026, 12, 31)
HEAD = bytes(32)
ON_SQLITE = connection.vendor == "sqlite"


def prepare() -> None:
    """Make the tables and a book whose households have points in two lots."""
    from django.core.management import call_command

    keys.create_ring(at=clock.now())
    call_command("migrate", verbosity=0)
    with scope.everything(), transaction.atomic():
        book = make_book(households=HOUSEHOLDS, budget=500_000_000)
        for day in (date(2026, 6, 30), UNTIL):
            moves = [ledger.Move(book.budget, pk, 10_000, day) for pk in book.households]
            post(book, "award", moves, new_id())


def the_book() -> LedgerBook:
    """Find the book that `prepare` made."""
    row = Book.objects.get()
    of = {a.kind: a.pk for a in Account.objects.exclude(kind="household")}
    homes = tuple(Account.objects.filter(kind="household").order_by("pk").values_list("pk", flat=True))
    period = Period.objects.get()
    return LedgerBook(
        row.pk, row.community_id, period.pk, of["issuance"], of["shop"], of["expired"], of["budget"], homes
    )


def post(book: LedgerBook, kind: str, moves: list[ledger.Move], key: UUID) -> None:
    """Post once through the kernel."""
    ledger.post(
        ledger.Posting(book=book.id, kind=kind, moves=moves, effective_on=TODAY, at=clock.now(), key=key, via="bench")
    )


def holds(book: LedgerBook, homes: tuple[UUID, ...], count: int) -> list[UUID]:
    """Keep points aside so often."""
    at = clock.now()
    wanted = [ledger.HoldWanted(homes[n % len(homes)], 2, new_id()) for n in range(count)]
    with transaction.atomic():
        return ledger.hold(wanted, source_kind="bench", source_id=new_id(), at=at, expires_at=at + timedelta(days=1))


@contextlib.contextmanager
def recorded() -> Iterator[list[str]]:
    """Note the texts that the kernel sends."""
    texts: list[str] = []
    real = sql.run

    def run(text: str, parameters: Any = ()) -> Any:
        texts.append(text)
        return real(text, parameters)

    def many(text: str, records: Any) -> int:
        return sum(run(text, record).rowcount for record in records)

    former, sql.run, sql.many = sql.many, run, many
    try:
        yield texts
    finally:
        sql.run, sql.many = real, former


def measured(act: Callable[[int], None], count: int) -> dict[str, float]:
    """Do it so often; give the CPU of client and server, and wall seconds."""
    act(-1)
    before, began = _cpu(), time.perf_counter()
    for number in range(count):
        act(number)
    return {"cpu": _cpu() - before, "wall": time.perf_counter() - began}


def _cpu() -> float:
    server = int(os.environ.get("BENCH_SERVER", "0"))
    return float(cpu_seconds() + (server_cpu(server) if server else 0.0))


def by_kernel(what: str, count: int) -> dict[str, float]:
    """Post awards, or capture holds, through the kernel, each in a transaction of its own."""
    book = the_book()
    homes = book.households[:HALF]
    held = holds(book, homes, count + 1) if what == "capture" else []

    def act(number: int) -> None:
        with transaction.atomic():
            if what == "capture":
                ledger.capture(
                    hold=held[number], dst=book.shop, kind="redeem", effective_on=TODAY, at=clock.now(), key=new_id(),
                    via="bench",
                )  # fmt: skip
            else:
                post(book, "award", [ledger.Move(book.budget, homes[number % HALF], 5, UNTIL)], new_id())

    return measured(act, count)


class Bare:
    """The same statements past everything: the driver, a counter, random ids."""

    def __init__(self, what: str, count: int) -> None:
        self.book, self.what = the_book(), what
        self.homes = self.book.households[HALF : 2 * HALF]
        self.held = holds(self.book, self.homes, count + 1) if what == "capture" else []
        self.texts = self._texts()
        self.rows = {a.pk: [a.balance, a.seq, a.held] for a in Account.objects.filter(guarded=True)}
        self.connection: Any = connection.connection
        if not ON_SQLITE:
            self.connection.prepare_threshold = 5
        self.at = clock.now()

    def _texts(self) -> list[str]:
        """Record one act of the kernel and undo it."""
        with recorded() as texts, transaction.atomic():
            if self.what == "capture":
                ledger.capture(
                    hold=self.held[-1], dst=self.book.shop, kind="redeem", effective_on=TODAY, at=clock.now(),
                    key=new_id(), via="bench",
                )  # fmt: skip
            else:
                post(self.book, "award", [ledger.Move(self.book.budget, self.homes[0], 5, UNTIL)], new_id())
            transaction.set_rollback(True)
        return [sql._qmark(text) for text in texts] if ON_SQLITE else texts

    def send(self, text: str, parameters: tuple) -> list[tuple]:
        """Execute one statement and fetch."""
        if ON_SQLITE:
            done = self.connection.execute(text, [sql._plain(value) for value in parameters])
        else:
            done = self.connection.execute(text, parameters, prepare=True)
        return done.fetchall() if done.description else []

    def act(self, number: int) -> None:
        """Send one act's statements between BEGIN and COMMIT."""
        self.connection.execute("BEGIN IMMEDIATE" if ON_SQLITE else "BEGIN")
        parameters = self.capture(number) if self.what == "capture" else self.award(number)
        for text, values in zip(self.texts, parameters, strict=True):
            self.send(text, values)
        self.connection.execute("COMMIT")

    def txn(self, kind: str, txn: UUID, source: tuple) -> list[tuple]:
        """Give the parameters of the period's and the transaction's statements."""
        book = self.book
        words = (txn, book.id, book.period, kind, TODAY, self.at, UUID(bytes=os.urandom(16)), HEAD, None, "bench")
        one = [(book.id, TODAY), (*words, *source, None, None, None)]
        return [*one, (txn, book.id)] if ON_SQLITE else one

    def updates(self, changes: list[tuple]) -> list[tuple]:
        """Give the parameters of the accounts' update, in the kernel's form."""
        if ON_SQLITE or len(changes) == 1:
            return changes
        return [tuple(list(column) for column in zip(*changes, strict=True))]

    def moved(self, account: UUID, delta: int, unheld: int = 0) -> tuple[int, int, int]:
        """Count on."""
        row = self.rows[account]
        row[0] += delta
        row[1] += 1
        row[2] -= unheld
        return row[0], row[1], row[2]

    def award(self, number: int) -> list[tuple]:
        """Give the parameters of one award."""
        book, home, txn = self.book, self.homes[number % HALF], UUID(bytes=os.urandom(16))
        lines: list[Any] = []
        changes: list[tuple] = []
        for pk, delta in sorted(((home, 5), (book.budget, -5))):
            balance, seq, held = self.moved(pk, delta)
            lines += [UUID(bytes=os.urandom(16)), pk, seq, txn, delta, balance, HEAD, HEAD]
            changes.append((balance, held, seq, HEAD, 0, 0, pk))
        return [
            *self.txn("award", txn, ("", None)),
            (sql.among(sorted((home, book.budget)))[1],),
            (UUID(bytes=os.urandom(16)), txn, 1, book.budget, home, 5, None, UNTIL),
            tuple(lines),
            *self.updates(changes),
            (UUID(bytes=os.urandom(16)), home, UNTIL, 5, 5),
        ]

    def capture(self, number: int) -> list[tuple]:
        """Give the parameters of one capture."""
        book, hold, txn = self.book, self.held[number], UUID(bytes=os.urandom(16))
        home = self.homes[number % len(self.held) % HALF] if number >= 0 else self.homes[(len(self.held) - 1) % HALF]
        balance, seq, held = self.moved(home, -2, 2)
        return [
            (hold,),
            (sql.among(sorted((home, book.shop)))[1],),
            (self.at, hold),
            *self.txn("redeem", txn, ("bench", book.id)),
            (sql.among([home])[1],),
            (UUID(bytes=os.urandom(16)), txn, 1, home, book.shop, 2, date(2026, 6, 30), None),
            (UUID(bytes=os.urandom(16)), home, seq, txn, -2, balance, HEAD, HEAD),
            (balance, held, seq, HEAD, 0, 2, home),
            (2, home, date(2026, 6, 30)),
            (2, txn, self.at, hold),
        ]


def batch() -> dict[str, float]:
    """Award to 5,000 households at once."""
    book = the_book()
    began, before = time.perf_counter(), _cpu()
    with transaction.atomic():
        moves = [ledger.Move(book.budget, pk, 5, UNTIL) for pk in book.households[2 * HALF :]]
        post(book, "award", moves, new_id())
    return {"cpu": _cpu() - before, "wall": time.perf_counter() - began, "households": len(moves)}


if __name__ == "__main__":
    connection.ensure_connection()
    gc.collect()
    gc.freeze()  # as config/wsgi.py does when a web worker has loaded
    match sys.argv[1:]:
        case ["prepare"]:
            prepare()
        case ["batch"]:
            with scope.everything():
                print(json.dumps(batch()))
        case ["kernel", what, count]:
            with scope.everything():
                print(json.dumps(by_kernel(what, int(count))))
        case ["bare", what, count]:
            with scope.everything():
                bare = Bare(what, int(count))
                print(json.dumps(measured(bare.act, int(count))))
    connection.close()
