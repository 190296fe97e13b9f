"""Programs that award and redeem, for a test that kills them or their database: `… ledger_programs NAME …`."""

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import django

django.setup()

from django.apps import apps  # noqa: E402
from django.db import InterfaceError, OperationalError, connection  # noqa: E402

from lianxin.domain.people.models import Household  # noqa: E402
from lianxin.domain.places.models import Venue  # noqa: E402
from lianxin.domain.points.commands import awards  # noqa: E402
from lianxin.domain.points.ledger import posting  # noqa: E402
from lianxin.domain.points.models import Claim  # noqa: E402
from lianxin.domain.points.tests.rules_factories import AT, TODAY  # noqa: E402
from lianxin.domain.shop.commands import collecting, reservations  # noqa: E402
from lianxin.domain.shop.models import Item, Redemption  # noqa: E402
from lianxin.platform import commands, dumps, scope  # noqa: E402
from lianxin.platform.ids import deterministic_id  # noqa: E402
from tests.faults.programs import _staff  # noqa: E402

HOMES = 4
CHECKS = ("card_only",)
MOMENT = 0.05
ACTS = ("award", "redeem")


def prepare() -> dict[str, str]:
    """Give the prepared district a book in force, households with points, and goods on a shelf."""
    from datetime import date

    from lianxin.domain.people.tests.factories import make_household
    from lianxin.domain.points.commands import books, budgets
    from lianxin.domain.points.tests.rules_factories import ADOPTED_AT, SYSTEM, draft, item, publish
    from lianxin.domain.shop.commands import catalogue, stock
    from lianxin.platform import worker

    with scope.everything():
        venue = Venue.objects.select_related("community").get()
    homes = [make_household(venue.community) for _ in range(HOMES)]
    book = books.prepare_book(actor=SYSTEM, community=venue.community_id, at=ADOPTED_AT)
    publish(book.pk, draft(item(caps=[("household", "year", 1_000_000), ("book", "week", 1_000_000)])))
    books.switch_on(actor=SYSTEM, book=book.pk, on=date(2026, 1, 1), at=ADOPTED_AT)
    budgets.set_budget(
        actor=SYSTEM,
        book=book.pk,
        name="2026年积分",
        valid_from=date(2026, 1, 1),
        valid_until=date(2026, 12, 31),
        points=1_000_000,
        is_general=True,
        at=ADOPTED_AT,
    )
    goods = catalogue.create_item(
        actor=SYSTEM, community=venue.community_id, kind="goods", name="洗衣液", points=2, limit_quantity=100_000,
        limit_every="year", at=AT,
    )  # fmt: skip
    catalogue.put_on_sale(actor=SYSTEM, item=goods.pk, at=AT)
    stock.receive_purchase(actor=SYSTEM, item=goods.pk, venue=venue.pk, quantity=100_000, at=AT)
    for home in homes:
        awards.award(actor=SYSTEM, household=home.pk, item="help", quantity=6, done_on=TODAY, at=AT)
    worker.drain()
    return {}


def settle() -> None:
    """Do the worker's rounds: everything that waits is folded and sealed."""
    from lianxin.domain.points.ledger.sealing import seal_all
    from lianxin.platform import clock, worker

    worker.drain()
    seal_all(holder="drain", at=clock.now())


class Counter:
    """Somebody at the counter: the n-th thing that is done, under a key of its own, the same whenever it is sent."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.actor = _staff()
        with scope.everything():
            self.homes = list(Household.objects.order_by("pk").values_list("pk", flat=True))
            self.venue, self.item = Venue.objects.get().pk, Item.objects.get().pk
        self.order: UUID | None = None

    def do(self, n: int) -> UUID:
        """Award, reserve, collect, redeem, in turn; every third order is left waiting."""
        key, home = deterministic_id(UUID(int=self.number), str(n)), self.homes[n // 4 % HOMES]
        match n % 4:
            case 0:
                return self.award(home, key).pk
            case 1:
                self.order = reservations.reserve(**self._goods(home, key)).pk
                return self.order
            case 2 if n // 4 % 3 != 2:
                done = collecting.collect(actor=self.actor, redemption=self.order, checks=CHECKS, at=AT, key=key)
                return done.pk
            case _:
                return self.redeem(home, key).pk

    def award(self, home: UUID, key: UUID, *, at: Any = AT) -> Claim:
        """Give five points."""
        return awards.award(actor=self.actor, household=home, item="help", done_on=TODAY, at=at, key=key)

    def redeem(self, home: UUID, key: UUID, *, at: Any = AT) -> Redemption:
        """Give a piece out of the shelf."""
        return collecting.redeem_at_counter(**self._goods(home, key) | {"checks": CHECKS, "at": at})

    def _goods(self, home: UUID, key: UUID) -> dict[str, Any]:
        return {
            "actor": self.actor, "household": home, "venue": self.venue, "items": {self.item: 1}, "at": AT, "key": key
        }  # fmt: skip


def spend(folder: str, number: str) -> None:
    """Do one thing after the other until told to stop; whatever was answered is written into a file of its own.

    When the database is gone, the same is sent again under the same key until it is answered.
    """
    stop, counter, n = Path(folder) / "stop", _patiently(lambda: Counter(int(number))), 0
    with (Path(folder) / f"answered-{number}").open("w") as answered:
        while not stop.exists():
            answered.write(f"{_patiently(lambda n=n: counter.do(n))}\n")
            answered.flush()
            n += 1


def _patiently(act: Callable[[], Any]) -> Any:
    while True:
        try:
            return act()
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(MOMENT)


def send_again(folder: str, beyond: str) -> dict[str, Any]:
    """Send everything once more, and so many that nobody saw answered; say what was given otherwise than before."""
    before, other, sent = _everything(), [], 0
    for path in sorted(Path(folder).glob("answered-*")):
        counter = Counter(int(path.name.partition("-")[2]))
        given = path.read_text().split("\n")[:-1]
        for n in range(len(given) + int(beyond)):
            outcome = str(counter.do(n))
            sent += 1
            if n < len(given) and outcome != given[n]:
                other.append([path.name, n, given[n], outcome])
    return {"sent": sent, "other": other, "changed": _everything() != before}


def _everything() -> tuple[dict[str, int], list[str]]:
    """Count the rows of every table, and read every row of points and shop."""
    models = [model for app in ("points", "shop") for model in apps.get_app_config(app).get_models()]
    with scope.everything():
        return dumps.state().tables, sorted(repr(row) for model in models for row in model._base_manager.values_list())


@dataclass
class Death:
    """What was found after a process had killed itself somewhere, and its act was sent again, twice."""

    act: str
    place: str
    signal: int
    written_by: str
    same: bool
    once: bool
    settled: bool


def die(*places: str) -> list[dict[str, Any]]:
    """Let a process die at each place of each act, and send the act again as its client would."""
    counter, found = Counter(99), []
    for act in ACTS:
        _send(counter, act, "warm")  # passbooks, counters and limits are there from now on
        before = dumps.state().tables
        _send(counter, act, "undisturbed")
        undisturbed = _grown(before)
        for place in places:
            before = dumps.state().tables
            number = _die_at(place, lambda act=act, place=place: _send(counter, act, place))
            first = _send(counter, act, place, at=AT + timedelta(minutes=1))
            state = _everything()
            again = _send(counter, act, place, at=AT + timedelta(minutes=2))
            made = first.offered_at if isinstance(first, Claim) else first.made_at
            found.append(
                Death(
                    act=act,
                    place=place,
                    signal=number,
                    written_by="killed" if made == AT else "sent again",
                    same=again.pk == first.pk,
                    once=_grown(before) == undisturbed,
                    settled=_everything() == state,
                )
            )
    return [asdict(one) for one in found]


def _send(counter: Counter, act: str, word: str, *, at: Any = AT) -> Any:
    key = deterministic_id(UUID(int=counter.number), f"{act} {word}")
    do = counter.award if act == "award" else counter.redeem
    return do(counter.homes[0], key, at=at)


def _grown(before: dict[str, int]) -> dict[str, int]:
    """Count the rows that each table has more than before."""
    now = dumps.state().tables
    return {table: rows - before[table] for table, rows in now.items() if rows != before[table]}


def _die_at(place: str, act: Callable[[], Any]) -> int:
    """Do something in a process that kills itself at a place; give the signal that ended it."""
    connection.close()
    pid = os.fork()
    if not pid:
        try:
            _arm(place)
            act()
        finally:
            os._exit(1)
    _pid, status = os.waitpid(pid, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def _arm(place: str) -> None:
    """Let this process kill itself when it comes to a place."""
    if place == "when the lines are written":
        posting._write_lines = _after(posting._write_lines)
    elif place == "before COMMIT":
        commands._write_down = lambda _running: _kill()
    elif place == "after COMMIT":
        commands._run_outermost = _after(commands._run_outermost)
    else:
        _die_before_the_answer()


def _die_before_the_answer() -> None:
    """Send the last statement with its COMMIT (PostgreSQL), and die instead of reading the answer."""
    from lianxin.platform import final_statement

    usual = final_statement._round_trip

    class Deaf:
        def __init__(self, pgconn: Any) -> None:
            self._pgconn = pgconn

        def __getattr__(self, name: str) -> Any:
            if name == "get_result":
                _kill()
            return getattr(self._pgconn, name)

    final_statement._round_trip = lambda pgconn, *rest: usual(Deaf(pgconn), *rest)


def _after(function: Callable[..., Any]) -> Callable[..., Any]:
    def run(*arguments: Any, **named: Any) -> None:
        function(*arguments, **named)
        _kill()

    return run


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    """Run one program."""
    programs: dict[str, Callable[..., Any]] = {
        "prepare": prepare, "spend": spend, "settle": settle, "send_again": send_again, "die": die
    }  # fmt: skip
    parser = argparse.ArgumentParser()
    parser.add_argument("name", choices=programs)
    parser.add_argument("arguments", nargs="*")
    options = parser.parse_args()
    sys.stdout.write(json.dumps(programs[options.name](*options.arguments)) + "\n")


if __name__ == "__main__":
    main()
