"""One process of the writers' bench: prepares the district, writes, or does the worker's rounds beside the writers.

It lives as long as a web worker does, its sessions too: each line on its standard input is one turn of work, which is
answered by the CPU seconds that it took.
"""

import functools
import queue
import sys
import threading
import time
from collections.abc import Callable
from datetime import date
from uuid import UUID

import django

django.setup()

from django.db import connection  # noqa: E402

from bench.bench_writers import HOUSEHOLD, PROCESSES, THREADS, UNKEYED, WITH  # noqa: E402
from lianxin.domain.people.commands.households import register_household  # noqa: E402
from lianxin.domain.people.rules.new_people import NewPerson  # noqa: E402
from lianxin.domain.places.commands.visits import record_visits  # noqa: E402
from lianxin.domain.places.models import Division, Venue  # noqa: E402
from lianxin.platform import audit, clock, commands, facts, keys, scope, worker  # noqa: E402
from lianxin.platform.actors import Actor  # noqa: E402
from lianxin.platform.ids import new_id  # noqa: E402

VENUES = 200
LOOK_EVERY = 0.5


def prepare() -> None:
    """Make the tables, one community and its venues."""
    from django.core.management import call_command

    keys.create_ring(at=clock.now())
    call_command("migrate", verbosity=0)
    today = clock.local_day(clock.now())
    community = Division.objects.create(
        level="community", official_name="甲社区居委会", short_name="甲社区", code="440507001001", created_on=today
    )
    with scope.everything():
        Venue.objects.bulk_create(
            Venue(community=community, kind="centre", name=f"{n}", state="open", opened_on=today) for n in range(VENUES)
        )


def family() -> list[NewPerson]:
    """Give the members of a household of three."""
    born = date(1950, 1, 1)
    return [NewPerson(name="陈甲", relation=relation, birth_on=born) for relation in ("head", "spouse", "parent")]


def senders(number: int, act: str) -> list[Callable[[int], object]]:
    """Give for each thread what sends its n-th command."""
    with scope.everything():
        venues = list(Venue.objects.order_by("pk").values_list("pk", flat=True))
        home = Division.objects.get().pk
    staff = Actor(
        account=new_id(),
        role="community_staff",
        communities=frozenset({home}),
        via="bench",
        roles=frozenset({"community_staff"}),
        name="李工",
    )

    def count(own: list[UUID], n: int) -> object:
        key = None if act == UNKEYED else new_id()
        return record_visits(actor=staff, venue=own[n % len(own)], count=1, at=clock.now(), key=key)

    def register(_own: list[UUID], _n: int) -> object:
        house = str(new_id())[-12:]
        return register_household(
            actor=staff, community=home, members=family(), number=house, at=clock.now(), key=new_id()
        )

    send = register if act == HOUSEHOLD else count
    own = [venues[(number * THREADS + thread) :: PROCESSES * THREADS] for thread in range(THREADS)]
    return [functools.partial(send, mine) for mine in own]


def write(number: int, act: str) -> None:
    """Send commands from several threads, turn by turn as told: "with 25" is twenty-five from each thread."""
    turns: list[tuple[str, int]] = [("", 0)]
    gate = threading.Barrier(THREADS + 1)
    noted = commands._noted

    def take_turns(send: Callable[[int], object]) -> None:
        connection.ensure_connection()
        while True:
            gate.wait()
            if not turns[-1][1]:
                break
            for n in range(turns[-1][1]):
                send(n)
            gate.wait()
        connection.close()

    threads = [threading.Thread(target=take_turns, args=(send,)) for send in senders(number, act)]
    for thread in threads:
        thread.start()
    for line in sys.stdin:
        side, _, count = line.partition(" ")
        turns.append((side, int(count)))
        commands._noted = noted if side == WITH else lambda running: []
        began = time.process_time()
        gate.wait()
        gate.wait()
        print(time.process_time() - began, flush=True)
    turns.append(("", 0))
    gate.wait()
    for thread in threads:
        thread.join()


def work() -> None:
    """Fold and seal at the worker's pace between "go" and "pause", and all that is left at the end of the input."""
    lines: queue.Queue[str] = queue.Queue()
    threading.Thread(target=_hear, args=(lines,), daemon=True).start()
    connection.ensure_connection()
    _finish()
    began, waiting, going = time.process_time(), [], False
    since_fold = since_seal = 0.0
    while True:
        looked = time.monotonic()
        try:
            line = lines.get(timeout=LOOK_EVERY if going else None)
        except queue.Empty:
            line = "look"
        if going:
            since_fold += time.monotonic() - looked
            since_seal += time.monotonic() - looked
            waiting.append(_sessions_waiting())
        if since_fold >= worker.FOLD_EVERY:
            since_fold = 0.0
            facts.fold(holder="bench", at=clock.now())
        if since_seal >= worker.SEAL_EVERY:
            since_seal = 0.0
            audit.seal_pending(holder="bench", at=clock.now())
        match line.strip():
            case "go":
                going = True
            case "pause":
                going = False
                print("paused", flush=True)
            case "":
                break
    _finish()
    print(time.process_time() - began, *waiting, flush=True)


def _hear(lines: "queue.Queue[str]") -> None:
    for line in sys.stdin:
        lines.put(line)
    lines.put("")


def _finish() -> None:
    while facts.fold(holder="bench", at=clock.now()) or audit.seal_pending(holder="bench", at=clock.now()):
        pass


def _sessions_waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation WHERE NOT l.granted AND"
            " c.relname IN ('platform_fact', 'platform_factpending', 'platform_tally', 'platform_auditentry',"
            " 'platform_auditpending', 'platform_audittarget')"
        )
        (waiting,) = cursor.fetchone()
    return waiting


if __name__ == "__main__":
    match sys.argv[1]:
        case "prepare":
            prepare()
        case "work":
            work()
        case _:
            write(int(sys.argv[2]), sys.argv[3])
