"""What whole commands of points and shop cost, a passbook page of ten years, and a day with eight tills.

An award and a redemption are measured whole: policy, rules, caps, ledger, stock, audit entry and facts. Beside them the
very statements that they send are replayed by the bare driver: taken down at the driver in one copy of the database and
sent to another that stands as the first one stood. Every act commits, fsync on; CPU is that of client and server
together, the best of the rounds, which run in turn.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.report import Report
from tests.support import postgres

ACTS, ROUNDS, PAGES = 100, 3, 20
TITLES = {"award": "a whole award", "redeem": "a whole redemption at the counter"}
TILLS, DAY_SECONDS = 8, 30.0
LONGEST_WAIT = 1.0
CACHE = Path("var/bench")


@dataclass
class Site:
    """A prepared database of which copies are made, and its server's process."""

    name: str
    url: str
    folder: Path
    server: int | None = None
    copies: list[str] = field(default_factory=list)

    @contextmanager
    def copy(self) -> Iterator[str]:
        """Give the address of a copy; nobody may be on the original meanwhile."""
        name = f"copy_{len(self.copies)}"
        self.copies.append(name)
        if self.server is None:
            file = self.folder / f"{name}.sqlite3"
            shutil.copyfile(self.folder / "points.sqlite3", file)
            yield f"sqlite:///{file}"
            for path in self.folder.glob(f"{name}.sqlite3*"):
                path.unlink()
            return
        self._operate(f"CREATE DATABASE {name} TEMPLATE lianxin")
        yield self.url.replace("/lianxin?", f"/{name}?")
        self._operate(f"DROP DATABASE {name} WITH (FORCE)")

    def _operate(self, statement: str) -> None:
        import psycopg

        with closing(psycopg.connect(self.url.replace("/lianxin?", "/postgres?"), autocommit=True)) as session:
            session.execute(statement)  # type: ignore[call-overload]

    def start(self, url: str, *words: str) -> subprocess.Popen[str]:
        """Start one step on a database."""
        environment = os.environ | {
            "LIANXIN_DATABASE_URL": url,
            "LIANXIN_VAR_DIR": str(self.folder),
            "LIANXIN_LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "lianxin.config.settings",
            "PYTHONPATH": f"{Path('src').resolve()}:{Path().resolve()}",
        }
        if self.server:
            environment["BENCH_SERVER"] = str(self.server)
        script = Path(__file__).with_name("points_steps.py")
        return subprocess.Popen(
            [sys.executable, str(script), *words],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def step(self, url: str, *words: str) -> Any:
        """Run one step to its end and give what it found."""
        process = self.start(url, *words)
        said, _ = process.communicate()
        if process.returncode:
            raise RuntimeError(f"a step failed: {words}")
        return json.loads(said.splitlines()[-1]) if said.strip() else None


def run(report: Report) -> None:
    """Measure both databases; the bounds are PostgreSQL's."""
    CACHE.mkdir(parents=True, exist_ok=True)
    cluster = postgres.start(durable=True)
    try:
        with tempfile.TemporaryDirectory(prefix="points-", dir=CACHE.resolve()) as folder:
            place = Path(folder)
            for site in (
                Site("PostgreSQL", cluster.url, place, cluster.server_pid()),
                Site("SQLite", f"sqlite:///{place}/points.sqlite3", place),
            ):
                site.step(site.url, "prepare")
                _whole_commands(report, site)
                _batch(report, site)
                _pages(report, site)
                _shop_day(report, site)
    finally:
        cluster.close()
    report.note(f"{ACTS} acts a round, {ROUNDS} rounds, each on a fresh copy; every act commits with a key, fsync on.")
    report.note(
        f"A day: {TILLS} processes for {DAY_SECONDS:g} s, somebody every 2 s at each and twice five in a row at all of"
        " them at once; every seventh from one household, every tenth for goods of which there are thirty pieces."
    )


def _whole_commands(report: Report, site: Site) -> None:
    best = {(what, side): 1e9 for what in TITLES for side in ("command", "bare")}
    statements: dict[str, float] = {}
    for _ in range(ROUNDS):
        with site.copy() as url:
            done = site.step(url, "commands", str(ACTS))
        with site.copy() as url, site.copy() as other:
            bare = site.step(url, "statements", str(ACTS), other)
            written = site.step(other, "rows")
        if not done["rows"] == bare["rows"] == written:
            raise RuntimeError(f"the statements alone wrote {written} rows, the commands {done['rows']}")
        for what in TITLES:
            best[what, "command"] = min(best[what, "command"], done[what]["cpu"])
            best[what, "bare"] = min(best[what, "bare"], bare[what]["cpu"])
            statements[what] = bare[what]["statements"]
    for what, words in TITLES.items():
        title, whole, floor = f"{site.name}, {words}", best[what, "command"], best[what, "bare"]
        report.figure(f"{title}: statements", round(statements[what], 1), "")
        report.figure(f"{title}, these in the bare driver: CPU", round(1e6 * floor / ACTS), "µs")
        report.figure(f"{title}, the command: CPU", round(1e6 * whole / ACTS), "µs")
        report.figure(f"{title}: command to bare driver", round(whole / floor, 2), "times")


def _batch(report: Report, site: Site) -> None:
    best = 1e9
    for _ in range(2):
        with site.copy() as url:
            done = site.step(url, "batch")
        best = min(best, done["cpu"])
    report.figure(f"{site.name}, the award command for {done['households']:,} households: CPU", round(best, 2), "s")


def _pages(report: Report, site: Site) -> None:
    with site.copy() as url:
        found = site.step(url, "pages", str(PAGES))
    for name, words in (("short", "a year"), ("long", "ten years")):
        report.figure(f"{site.name}, a passbook page of {words}: CPU", round(1000 * found[name], 2), "ms")
    report.figure(
        f"{site.name}, a passbook page: ten years to one",
        round(found["long"] / found["short"], 2),
        "times",
        at_most=1.2,
    )


def _shop_day(report: Report, site: Site) -> None:
    with site.copy() as url:
        tills = [site.start(url, "till", str(number), str(DAY_SECONDS)) for number in range(TILLS)]
        for process in tills:
            assert process.stdout
            process.stdout.readline()
        for process in tills:
            assert process.stdin
            process.stdin.write("go\n")
            process.stdin.flush()
        days = [json.loads(process.communicate()[0].splitlines()[-1]) for process in tills]
        after = site.step(url, "whole")
    waits = sorted(wait for day in days for wait in day["waits"])
    outcomes = sum((Counter(day["outcomes"]) for day in days), Counter())
    failed = sum(count for what, count in outcomes.items() if what.startswith("failed"))
    strict = site.server is not None
    title = f"{site.name}, a day with {TILLS} tills"
    report.figure(f"{title}: redemptions", outcomes["done"], "")
    report.figure(f"{title}: clean refusals", len(waits) - outcomes["done"] - failed, "")
    report.figure(f"{title}: failures", failed, "", at_most=0)
    report.figure(f"{title}: differences found by the proofs afterwards", len(after["differences"]), "", at_most=0)
    report.figure(f"{title}: median wait", round(1000 * waits[len(waits) // 2]), "ms")
    report.figure(
        f"{title}: wait at p99", round(waits[int(len(waits) * 0.99)], 3), "s", at_most=LONGEST_WAIT if strict else None
    )
    report.figure(f"{title}: longest wait", round(waits[-1], 3), "s")
    if after["handed_out"] != outcomes["done"] + TILLS:
        raise RuntimeError(f"{after['handed_out']} were given out, {outcomes['done'] + TILLS} were answered")
    for name, count in sorted(outcomes.items()):
        if name != "done":
            report.note(f"{title}: {name} {count} times.")
