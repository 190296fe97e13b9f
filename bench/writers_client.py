"""One process of the writers' bench: prepares the district, writes, or folds and seals beside the writers."""

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
from lianxin.platform import audit, clock, commands, facts, keys, scope  # noqa: E402
from lianxin.platform.actors import Actor  # noqa: E402
from lianxin.platform.ids import new_id  # noqa: E402

SYSTEM = Actor.system(via="bench")
VENUES = 200


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
    if side == "without":
        commands._write_down = lambda running: None  # type: ignore[assignment]
    gate = threading.Barrier(THREADS + 1)

    def send(thread: int) -> None:
        connection.ensure_connection()
        gate.wait()
        own = venues[(number * THREADS + thread) :: PROCESSES * THREADS]
        for n in range(COMMANDS):
            if act == "count visitors":
                record_visits(actor=SYSTEM, venue=own[n % len(own)], count=1, at=clock.now())
            else:
                register_household(
                    actor=SYSTEM,
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


def fold() -> None:
    """Fold and seal as the worker does, and note who waits for a lock on the tables in question."""
    while True:
        facts.fold(holder="bench", at=clock.now())
        audit.seal_pending(holder="bench", at=clock.now())
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation WHERE NOT l.granted AND"
                " c.relname IN ('platform_fact', 'platform_factpending', 'platform_tally', 'platform_auditentry',"
                " 'platform_auditpending', 'platform_audittarget')"
            )
            (waiting,) = cursor.fetchone()
            cursor.execute("CREATE TABLE IF NOT EXISTS bench_waits (seen int)")
            cursor.execute("INSERT INTO bench_waits VALUES (%s)", [waiting])
        time.sleep(0.5)


def waits() -> None:
    """Print how many sessions were seen waiting, look by look."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seen FROM bench_waits")
        print(" ".join(str(seen) for (seen,) in cursor.fetchall()))


if __name__ == "__main__":
    match sys.argv[1]:
        case "prepare":
            prepare()
        case "fold":
            fold()
        case "waits":
            waits()
        case side:
            write(side, int(sys.argv[2]), sys.argv[3])
