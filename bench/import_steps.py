"""One process of the import's bench: prepares, draws a workbook, checks it, imports it, or writes beside it."""

import json
import os
import sys
import time
from datetime import date
from pathlib import Path
from random import Random

import django

django.setup()

from django.db import connection  # noqa: E402

from bench.report import cpu_seconds, pss_bytes  # noqa: E402
from lianxin.domain.people.commands import imports  # noqa: E402
from lianxin.domain.people.models import Person  # noqa: E402
from lianxin.domain.people.rules.import_columns import COLUMNS  # noqa: E402
from lianxin.domain.people.sample.households import draw_homes  # noqa: E402
from lianxin.domain.people.sample.names import Names  # noqa: E402
from lianxin.domain.places.commands.visits import record_visits  # noqa: E402
from lianxin.domain.places.models import Division, Venue  # noqa: E402
from lianxin.platform import clock, files, keys, runs, scope, tasks  # noqa: E402
from lianxin.platform.actors import Actor  # noqa: E402
from lianxin.platform.models import Run, SearchDoc  # noqa: E402

SYSTEM = Actor.system(via="bench")
COMMUNITIES = 25
VENUES = 20
PER_SECOND = 20
WORDS = {
    "head": "户主", "spouse": "配偶", "child": "子女", "parent": "父母", "grandchild": "孙子女", "not_kin": "非亲属",
    "child_in_law": "儿媳", "m": "男", "f": "女", "registered": "户籍", "resident": "常住", "floating": "流动",
}  # fmt: skip


def prepare() -> None:
    """Make the tables, the communities and some venues."""
    from django.core.management import call_command

    keys.create_ring(at=clock.now())
    call_command("migrate", verbosity=0)
    today = clock.local_day(clock.now())
    places = [
        Division(
            level="community",
            official_name=f"第{n}社区居委会",
            short_name=f"第{n}社区",
            code=f"4405070{n:02}001",
            created_on=today,
        )
        for n in range(COMMUNITIES)
    ]
    Division.objects.bulk_create(places)
    with scope.everything():
        Venue.objects.bulk_create(
            Venue(community=places[n % COMMUNITIES], kind="centre", name=f"{n}", state="open", opened_on=today)
            for n in range(VENUES)
        )


def draw(path: str, rows: int) -> None:
    """Write a workbook of so many made-up residents in households, as an office program writes it."""
    import xlsxwriter

    names = Names(Path("data"))
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet()
    page.write_row(0, 0, [column.synonyms[0] for column in COLUMNS])
    line = 0
    communities = list(Division.objects.order_by("code").values_list("pk", "short_name"))
    for number, (community, called) in enumerate(communities):
        people = rows // len(communities) + (number < rows % len(communities))
        homes = draw_homes(
            names, Random(number), community=community, people=people, on=date(2026, 3, 2), village=number % 4 == 0
        )
        for count, (home, _kind) in enumerate(homes, start=1):
            for one in home.members:
                line += 1
                cells = (
                    called, f"{count:06}", home.address, home.building, home.unit, home.room, one.name,
                    WORDS[one.relation], WORDS[one.sex], one.birth_on.isoformat() if one.birth_on else "",
                    one.id_number, one.phone, WORDS[one.residence], "是" if one.prefers_teochew else "",
                    "是" if one.prefers_large_print else "", "是" if one.no_phone else "", one.name_latin,
                )  # fmt: skip
                for column, cell in enumerate(cells):
                    if cell:
                        page.write_string(line, column, cell)
    book.close()
    print(line)


def _used(before: float, began: float) -> dict[str, float]:
    return {"cpu": cpu_seconds(children=True) - before, "wall": time.perf_counter() - began}


def _memory() -> dict[str, float]:
    # VmHWM is this program's own; ru_maxrss would begin with that of the process which started it.
    status = Path("/proc/self/status").read_text()
    peak = int(status.partition("VmHWM:")[2].split()[0]) * 1024
    return {"peak_rss": peak, "pss": pss_bytes(os.getpid())}


def check(path: str) -> None:
    """Read and check every row and keep nothing: the floor."""
    run = Run(kind=imports.RUN_KIND.name, title="bench", created_at=clock.now())
    before, began = cpu_seconds(children=True), time.perf_counter()
    totals = {"rows_read": 0, "rows_good": 0, "rows_wrong": 0, "warnings": 0}
    with scope.within(SYSTEM.communities):
        reader = imports.RUN_KIND.reader(run=run, actor=SYSTEM, at=clock.now())
        for _row in runs._checked_rows(imports.RUN_KIND, reader, Path(path), path, totals):
            if len(reader.problems) >= runs.CHUNK:
                reader.problems.clear()
    print(json.dumps(_used(before, began) | _memory() | totals))


def bring_in(path: str) -> None:
    """Import a workbook from upload to the last row, as the worker does it."""
    at = clock.now()
    with open(path, "rb") as source:
        stored = files.store(
            fileobj=source,
            name="residents.xlsx",
            purpose="import",
            limit_bytes=50_000_000,
            at=at,
            accept=files.TABLES,
        )
    run = runs.start_run(actor=SYSTEM, kind=imports.RUN_KIND.name, file_id=stored.pk, title="bench", at=at)
    before, began = cpu_seconds(children=True), time.perf_counter()
    tasks.run_one(worker="bench", lane=tasks.LONG, at=clock.now())
    staged = _used(before, began)
    runs.apply_run(actor=SYSTEM, run=run.pk, at=clock.now())
    tasks.run_one(worker="bench", lane=tasks.LONG, at=clock.now())
    whole = _used(before, began)
    run.refresh_from_db()
    with scope.everything():
        counted = {"people": Person.objects.count(), "found": SearchDoc.objects.count(), "state": run.state}
    print(json.dumps(whole | {"staged": staged["cpu"]} | _memory() | counted | {"rows": run.rows_applied}))


def write(seconds: float) -> None:
    """Send small commands at an even pace until a line comes on standard input; print how long each took."""
    import select

    with scope.everything():
        venues = list(Venue.objects.values_list("pk", flat=True))
    waits: list[float] = []
    due = time.perf_counter()
    while not select.select([sys.stdin], [], [], 0)[0] and len(waits) < seconds * PER_SECOND:
        time.sleep(max(0.0, due - time.perf_counter()))
        due += 1 / PER_SECOND
        began = time.perf_counter()
        record_visits(actor=SYSTEM, venue=venues[len(waits) % VENUES], count=1, at=clock.now())
        waits.append(time.perf_counter() - began)
    print(json.dumps(waits))


if __name__ == "__main__":
    match sys.argv[1]:
        case "prepare":
            prepare()
        case "draw":
            draw(sys.argv[2], int(sys.argv[3]))
        case "check":
            check(sys.argv[2])
        case "import":
            bring_in(sys.argv[2])
        case "write":
            write(float(sys.argv[2]))
    connection.close()
