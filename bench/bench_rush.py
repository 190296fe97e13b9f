"""A popular date: its page, and 300 people at 16 at a time for 100 places, by HTTP with two workers, on both databases.

Each person opens the page and the form and sends it: the answer is the ticket. CPU is that of the server's processes
and the database's together, from the first request to the last; the people themselves are not counted. Beside the
figures stand those that pretix 2026.8 had on a machine of two cores with two workers.
"""

import os
import shutil
import tempfile
from collections import Counter
from pathlib import Path

import psutil

from bench.report import Report, pss_bytes, server_cpu
from tests.support import postgres
from tests.support.rush import Rush, Served, Visit

PEOPLE, TOGETHER, PLACES = 300, 16, 100
WORKERS, SECONDS = 2, 5.0
ROUNDS = 2


def run(report: Report) -> None:
    """Measure on SQLite, then on PostgreSQL."""
    with tempfile.TemporaryDirectory(prefix="lianxin-rush-") as folder:
        for number in range(ROUNDS):
            place = Path(folder) / f"sqlite-{number}"
            place.mkdir()
            _measure(
                report if number else Report("warm"), "SQLite", Rush(place, f"sqlite:///{place}/rush.sqlite3"), None
            )
            shutil.rmtree(place, ignore_errors=True)
        cluster = postgres.start(durable=True)
        try:
            _measure(report, "PostgreSQL", Rush(Path(folder), cluster.url), cluster.server_pid())
        finally:
            cluster.close()
    load = os.getloadavg()[0]
    report.note(f"Two workers, {PEOPLE} people, {TOGETHER} at a time, {PLACES} places; load of the machine {load:.1f}.")
    report.note(
        "pretix 2026.8 on two cores with two workers: page 33–47 requests a second at 38–56 ms CPU; the same rush"
        " 38–51 s and 70–95 s CPU; 8–10 requests a seat; 265 MB a worker; on SQLite 27–33 of 100 lost a seat they held."
    )


def _measure(report: Report, name: str, rush: Rush, database: int | None) -> None:
    occurrence = rush.step("prepare", str(PLACES))["occurrence"]
    with rush.served(workers=WORKERS) as site:
        page = f"/activities/{occurrence}/"
        site.read_again_and_again(page, seconds=1.0)
        site.sign_up(occurrence, 100_000)  # the first one loads what the others need
        before = _cpu(site, database)
        answers, seconds = site.read_again_and_again(page, connections=TOGETHER, seconds=SECONDS)
        spent = _cpu(site, database) - before
        report.figure(f"{name}: page", round(answers / seconds, 1), "requests/s", at_least=300)
        report.figure(f"{name}: page, server and database", round(1000 * spent / answers, 2), "CPU ms")
        _rush(report, name, site, occurrence, database)
        workers = psutil.Process(site.pid).children(recursive=True)
        largest = max(pss_bytes(worker.pid) for worker in workers) / 1e6
        report.figure(f"{name}: the largest worker", round(largest, 1), "MB PSS", at_most=110)
    found = rush.step("count", occurrence)
    states = Counter(state for _number, state, _name, _code in found["rows"])
    report.figure(f"{name}: places given", states["confirmed"], "", at_least=PLACES, at_most=PLACES)
    report.figure(f"{name}: lost or twice", PEOPLE + 1 - len(found["rows"]), "", at_least=0, at_most=0)
    report.figure(f"{name}: differences of the recount", len(found["differences"]), "", at_most=0)


def _rush(report: Report, name: str, site: Served, occurrence: str, database: int | None) -> None:
    import time

    before, began = _cpu(site, database), time.monotonic()
    visits: list[Visit] = site.rush(PEOPLE, lambda number: site.sign_up(occurrence, number), together=TOGETHER)
    wall, spent = time.monotonic() - began, _cpu(site, database) - before
    waits = sorted(answer.seconds for visit in visits for answer in visit.answers)
    wrong = sum(status >= 500 for visit in visits for status in visit.statuses)
    size = max(sum(answer.size for answer in visit.answers) for visit in visits)
    report.figure(f"{name}: the rush, server and database", round(spent, 2), "CPU s", at_most=8)
    report.figure(f"{name}: the rush", round(wall, 2), "s wall")
    report.figure(f"{name}: slowest answer of a hundred", round(waits[int(len(waits) * 0.99)] * 1000), "ms")
    report.figure(f"{name}: answers 5xx", wrong, "", at_most=0)
    report.figure(f"{name}: requests a seat after the page", 2, "", at_most=2)
    report.figure(f"{name}: page, form and ticket on the line", round(size / 1024, 1), "KB")


def _cpu(site: Served, database: int | None) -> float:
    return server_cpu(site.pid) + (server_cpu(database) if database else 0.0)
