"""What the ledger costs: a posting and a capture beside the same statements in the bare driver, and an award to many.

CPU is that of client and server together, the best of the rounds; both sides run in turn on one database, each with
households of its own.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.report import Report
from tests.support import postgres

ACTS, ROUNDS = 1_000, 5
CACHE = Path("var/bench")


def run(report: Report) -> None:
    """Measure both databases."""
    CACHE.mkdir(parents=True, exist_ok=True)
    cluster = postgres.start(durable=True)
    try:
        with tempfile.TemporaryDirectory(prefix="ledger-", dir=CACHE) as folder:
            _measure(report, "PostgreSQL", cluster.url, Path(folder), cluster.server_pid(), at_most=1.5, batch=0.6)
            _measure(report, "SQLite", f"sqlite:///{Path(folder).resolve()}/ledger.sqlite3", Path(folder), None)
    finally:
        cluster.close()
    report.note(f"{ACTS} acts a round, {ROUNDS} rounds; every act commits, fsync on.")


def _measure(
    report: Report,
    name: str,
    url: str,
    folder: Path,
    server: int | None,
    *,
    at_most: float | None = None,
    batch: float | None = None,
) -> None:
    environment = os.environ | {
        "LIANXIN_DATABASE_URL": url,
        "LIANXIN_VAR_DIR": str(folder.resolve()),
        "DJANGO_SETTINGS_MODULE": "lianxin.config.settings",
        "PYTHONPATH": f"{Path('src').resolve()}:{Path().resolve()}",
    }
    _step(environment, None, "prepare")
    for what in ("award", "capture"):
        best = {}
        for side in ("bare", "kernel"):
            best[side] = 1e9
        for _ in range(ROUNDS):
            for side in best:
                best[side] = min(best[side], _step(environment, server, side, what, str(ACTS))["cpu"])
        title = "a posting" if what == "award" else "a capture"
        for side, words in (("bare", "the same statements in the bare driver"), ("kernel", "through the kernel")):
            report.figure(f"{name}, {title} {words}: CPU", round(1e6 * best[side] / ACTS), "µs")
        report.figure(
            f"{name}, {title}: kernel to bare driver", round(best["kernel"] / best["bare"], 2), "times", at_most=at_most
        )
    done = min((_step(environment, server, "batch") for _ in range(3)), key=lambda one: one["cpu"])
    report.figure(
        f"{name}, an award to {done['households']:,} households: CPU", round(done["cpu"], 3), "s", at_most=batch
    )


def _step(environment: dict[str, str], server: int | None, *words: str) -> Any:
    if server:
        environment = environment | {"BENCH_SERVER": str(server)}
    script = Path(__file__).with_name("ledger_steps.py")
    done = subprocess.run(
        [sys.executable, str(script), *words], env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(done.stdout) if done.stdout else None
