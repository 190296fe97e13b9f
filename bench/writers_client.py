"""One process of the writers' bench: prepares the district, writes, or does the worker's rounds beside the writers."""

import sys
import threading
import time
from datetime import date

import django

django.setup()

from django.db import connection  # noqa: E402

from bench.bench_writers import COMMANDS, PROCESSES, THREADS  # noqa: E402
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


def write(side: str, number: int, act: str) -> None:
    """Send the commands from several threads; print the CPU seconds that this took."""
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
    if side == "without":
        commands._write_down = lambda running: None  # type: ignore[assignment]
    gate = threading.Barrier(THREADS + 1)

    def send(thread: int) -> None:
        connection.ensure_connection()
        gate.wait()
        own = venues[(number * THREADS + thread) :: PROCESSES * THREADS]
        for n in range(COMMANDS):
            if act == "count visitors":
                record_visits(actor=staff, venue=own[n % len(own)], count=1, at=clock.now())
            else:
                register_household(
                    actor=staff,
                    community=home,
                    members=family(),
                    number=str(new_id())[-12:],
                    at=clock.now(),
                    key=new_id(),
                )
        connection.close()

    threads = [threading.Thread(target=send, args=(n,)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    gate.wait()
    began = time.process_time()
    for thread in threads:
        thread.join()
    print(time.process_time() - began)


def work() -> None:
    """Fold and seal at the worker's pace until standard input closes, then the rest; print CPU and who waited."""
    closed = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), closed.set()), daemon=True).start()
    connection.ensure_connection()
    began, waiting = time.process_time(), []
    folded = sealed = time.monotonic()
    while not closed.wait(LOOK_EVERY):
        now = time.monotonic()
        if now - folded >= worker.FOLD_EVERY:
            folded = now
            facts.fold(holder="bench", at=clock.now())
        if now - sealed >= worker.SEAL_EVERY:
            sealed = now
            audit.seal_pending(holder="bench", at=clock.now())
        waiting.append(_sessions_waiting())
    while facts.fold(holder="bench", at=clock.now()) or audit.seal_pending(holder="bench", at=clock.now()):
        pass
    print(time.process_time() - began, *waiting)


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
        case side:
            write(side, int(sys.argv[2]), sys.argv[3])
