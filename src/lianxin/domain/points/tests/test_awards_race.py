"""Awards at the same moment: caps, budgets and single acts hold among threads (PostgreSQL) and processes (SQLite)."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connection, transaction

from lianxin.domain.points.commands import awards, caps
from lianxin.domain.points.models import Account, CapCounter, Claim
from lianxin.domain.points.queries import checks
from lianxin.domain.points.rules.deciding import Cap
from lianxin.domain.points.tests.rules_factories import AT, TODAY, Town, item, make_town
from lianxin.platform import scope
from lianxin.platform.actors import Actor

pytestmark = pytest.mark.django_db(transaction=True)
AWARDERS, CAP = 50, 10


def at_once(count: int, work: Callable[[int], int]) -> list[int]:
    """Let so many threads begin together, each with a connection of its own."""
    together = Barrier(count)

    def run(number: int) -> int:
        together.wait()
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def settled(town: Town) -> tuple[int, int, int]:
    """What the household has, what the counter says, and how many claims were given something."""
    with scope.everything():
        return (
            Account.objects.get(owner=town.households[0].pk, kind="household").balance,
            CapCounter.objects.get(subject=town.book.pk).used,
            Claim.objects.filter(state="awarded").count(),
        )


def test_fifty_awards_at_once_against_a_cap_of_ten_are_ten() -> None:
    town = make_town(item(points=1, caps=[("book", "week", CAP)]), households=1)

    given = in_fifty_hands(town)

    assert sum(given) == CAP
    assert settled(town) == (CAP, CAP, CAP)
    with scope.everything():
        assert Claim.objects.filter(state="nothing", reason="cap_book").count() == AWARDERS - CAP
    assert [*checks.balances_agree(), *checks.claims_agree(), *checks.counters_agree(), *checks.caps_hold()] == []


def in_fifty_hands(town: Town) -> list[int]:
    """Fifty give one point each at the same moment: threads on PostgreSQL, processes on SQLite."""

    def give(_number: int) -> int:
        actor = town.staff
        return awards.award(actor=actor, person=town.heads[0].pk, item="help", done_on=TODAY, at=AT).points

    if connection.vendor == "postgresql":
        return at_once(AWARDERS, give)
    return in_processes(town, 5, AWARDERS // 5)


PROGRAM = """
import json, os, sys, time
import django
django.setup()
from datetime import date, datetime
from uuid import UUID
from pathlib import Path
from django.conf import settings
from django.db import connections
connections["default"].settings_dict["NAME"] = sys.argv[1]
from lianxin.domain.points.commands import awards
from lianxin.platform.actors import Actor
actor = Actor.from_json(json.loads(sys.argv[2]))
Path(sys.argv[6]).touch()
while not Path(sys.argv[7]).exists():
    time.sleep(0.01)
given = 0
for _ in range(int(sys.argv[5])):
    given += awards.award(
        actor=actor, person=UUID(sys.argv[3]), item="help", done_on=date(2026, 3, 20),
        at=datetime.fromisoformat(sys.argv[4]),
    ).points
print(given)
"""


def in_processes(town: Town, count: int, each: int) -> list[int]:
    """Let processes of their own give points to the first household, all beginning together."""
    import json

    folder = Path(connection.settings_dict["NAME"]).parent
    start = folder / "start"
    ready = [folder / f"ready-{number}" for number in range(count)]
    arguments = [
        str(connection.settings_dict["NAME"]),
        json.dumps(town.staff.to_json()),
        str(town.heads[0].pk),
        AT.isoformat(),
        str(each),
    ]
    running = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *arguments, str(mark), str(start)],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "lianxin.config.settings"},
        )
        for mark in ready
    ]
    try:
        while not all(mark.exists() for mark in ready):
            assert all(process.poll() is None for process in running)
            time.sleep(0.01)
        start.touch()
        said = [process.communicate(timeout=120)[0] for process in running]
    finally:
        for process in running:
            process.kill()
        for mark in [*ready, start]:
            mark.unlink(missing_ok=True)
    return [int(text) for text in said]


def test_without_the_guard_fifty_awards_pass_the_cap() -> None:
    """Count, then insert: what a cap would be worth that is only a query."""
    town = make_town(item(points=1, caps=[("book", "week", CAP)]), households=1)
    counted = Barrier(AWARDERS)

    def give(_number: int) -> int:
        with scope.everything():
            used = Claim.objects.filter(book=town.book, state="refused").count()
        counted.wait()
        if used >= CAP:
            return 0
        with scope.everything(), transaction.atomic():
            Claim.objects.create(
                community=town.community,
                book=town.book,
                household=town.households[0],
                subject=UUID(int=_number),
                act_kind="help",
                done_on=TODAY,
                source_kind="test",
                source_id=UUID(int=_number),
                state="refused",
                offered_at=AT,
            )
        return 1

    assert sum(at_once(AWARDERS, give)) == AWARDERS > CAP


def test_a_stale_count_is_stopped_by_the_database_itself() -> None:
    from django.db import IntegrityError

    town = make_town(item(points=1, caps=[("book", "week", CAP)]), households=1)
    for _ in range(CAP - 1):
        awards.award(actor=town.staff, person=town.heads[0].pk, item="help", done_on=TODAY, at=AT)
    act = caps.Counted("help", town.households[0].pk, town.heads[0].pk, TODAY, (Cap("book", "week", CAP),))

    with scope.everything(), transaction.atomic():
        stale = caps.lock_counters(town.book.pk, [act], count_earlier=False)
        assert stale.used(act)["book", "week"] == CAP - 1
        CapCounter.objects.update(used=CAP)
        stale.take(act, 1)
        with pytest.raises(IntegrityError), transaction.atomic():
            stale.write()


def test_the_same_act_offered_by_many_at_once_is_one_claim() -> None:
    from lianxin.domain.points.commands.claims import Act, offer_acts

    town = make_town(households=1)
    source = UUID(int=7)
    act = Act(None, town.heads[0].pk, "help", 1, 0, TODAY, "activities.attendance", source)

    made = at_once(12, lambda _number: offer_acts(actor=Actor.system(), acts=[act], at=AT)[0].pk.int)

    assert len(set(made)) == 1
    assert town.balance() == 5


def test_two_colleagues_who_approve_at_once_give_once() -> None:
    from lianxin.domain.points.commands.approvals import DecidedAlready
    from lianxin.domain.points.tests.rules_factories import staff_of

    town = make_town(households=1, second_person_above=1)
    claim = awards.award(actor=town.staff, person=town.heads[0].pk, item="help", done_on=TODAY, at=AT)
    hands = [town.colleague, *(staff_of(town.community) for _ in range(5))]

    def approve(number: int) -> int:
        try:
            return awards.approve(actor=hands[number], claim=claim.pk, at=AT).points
        except DecidedAlready:
            return 0

    assert sorted(at_once(6, approve)) == [0, 0, 0, 0, 0, 5]
    assert town.balance() == 5


def test_a_budget_for_ten_holds_against_fifty() -> None:
    town = make_town(item(points=1), households=1, budget=CAP)

    given = in_fifty_hands(town)

    assert sum(given) == CAP
    assert (town.balance(), town.left()) == (CAP, 0)
