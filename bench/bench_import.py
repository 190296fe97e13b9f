"""Import of 100,000 residents against reading and checking the same file; and another process that writes meanwhile.

The whole import is measured as the worker does it (upload taken, read, checked, kept, entered, found by search), in a
process of its own on a database of its own; the reader's process counts too. CPU seconds, the best of the rounds.

The floor is the import's own reader over the import's own reading of the file, with every check that the import makes
of a row: columns, words, ID number and its digest against those on record, repeats within the file, the community. It
keeps nothing. Floor and import take turns, and both are alone: SQLite forgets its cache whenever another process
commits, so an import beside a writer also pays for what the writer does. That run is there for the writer's waits; its
CPU is told and not compared.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.report import Report

ROWS, FEW, ROUNDS = 100_000, 10_000, 2
CACHE = Path("var/bench")
LONGEST_SECONDS = 1800


def run(report: Report) -> None:
    """Measure cost, memory and the waits of others."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="import-", dir=CACHE) as name:
        folder = Path(name)
        empty = folder / "empty.sqlite3"
        _step(folder, empty, "prepare")
        files = {rows: folder / f"{rows}.xlsx" for rows in (FEW, ROWS)}
        for rows, file in files.items():
            _step(folder, empty, "draw", file, rows)
        few = _on_a_copy(folder, empty, "import", files[FEW])
        checked, many = [], []
        for _ in range(ROUNDS):
            checked.append(_on_a_copy(folder, empty, "check", files[ROWS]))
            many.append(_on_a_copy(folder, empty, "import", files[ROWS]))
        beside, waits = _with_a_writer(folder, empty, files[ROWS])
        _tell(report, checked, few, many, beside, waits)


def _tell(
    report: Report, checked: list[Any], few: Any, many: list[Any], beside: dict[str, Any], waits: list[float]
) -> None:
    assert all(one["rows_good"] == ROWS for one in checked)
    assert all(one["people"] == one["found"] == one["rows"] == ROWS for one in [*many, beside])
    floor = min(one["cpu"] for one in checked)
    whole = min(one["cpu"] for one in many)
    report.figure(f"reading and checking {ROWS:,} rows", round(floor, 2), "CPU s")
    report.figure(f"importing {ROWS:,} rows", round(whole, 2), "CPU s")
    report.figure(f"importing {FEW:,} rows, ten times", round(10 * few["cpu"], 2), "CPU s")
    report.figure(f"importing {ROWS:,} rows beside the writer", round(beside["cpu"], 2), "CPU s")
    report.figure("import to reading and checking", round(whole / floor, 2), "times", at_most=3)
    peaks = {FEW: few["peak_rss"] / 1e6, ROWS: max(one["peak_rss"] for one in [*many, beside]) / 1e6}
    for rows, peak in peaks.items():
        report.figure(f"the worker's highest memory, {rows:,} rows", round(peak, 1), "MB RSS")
    report.figure("memory that ten times the rows cost", round(peaks[ROWS] - peaks[FEW], 1), "MB", at_most=16)
    waits.sort()
    report.figure("another process's commands meanwhile", len(waits), "")
    report.figure("their wait, median", round(1000 * statistics.median(waits)), "ms")
    report.figure("their wait, p99", round(1000 * waits[int(len(waits) * 0.99)]), "ms", at_most=500)
    report.figure("their longest wait", round(1000 * waits[-1]), "ms")
    report.note(
        f"SQLite, WAL, synchronous=FULL; {ROUNDS} rounds of {ROWS:,} rows alone, one beside 20 commands a second."
    )


def _with_a_writer(folder: Path, empty: Path, file: Path) -> tuple[Any, list[float]]:
    base = _copy(folder, empty)
    writer = _start(folder, base, "write", LONGEST_SECONDS)
    try:
        done = _step(folder, base, "import", file)
        out, _ = writer.communicate("stop\n")
        return done, json.loads(out)
    finally:
        writer.kill()
        writer.wait()


def _on_a_copy(folder: Path, empty: Path, *words: object) -> Any:
    return _step(folder, _copy(folder, empty), *words)


def _copy(folder: Path, empty: Path) -> Path:
    for former in folder.glob("base.sqlite3*"):
        former.unlink()
    return Path(shutil.copy(empty, folder / "base.sqlite3"))


def _step(folder: Path, base: Path, *words: object) -> Any:
    program = _start(folder, base, *words)
    out, _ = program.communicate()
    if program.returncode:
        raise RuntimeError(f"the step {words[0]!r} failed")
    return json.loads(out) if out else None


def _start(folder: Path, base: Path, *words: object) -> subprocess.Popen[str]:
    environment = os.environ | {
        "LIANXIN_DATABASE_URL": f"sqlite:///{base.resolve()}",
        "LIANXIN_VAR_DIR": str(folder.resolve()),
        "DJANGO_SETTINGS_MODULE": "lianxin.config.settings",
        "PYTHONPATH": f"{Path('src').resolve()}:{Path().resolve()}",
    }
    return subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("import_steps.py")), *map(str, words)],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
