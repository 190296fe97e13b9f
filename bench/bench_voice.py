"""Five years of a district's cases, half a million, beside the sample's few: each page that lists or shows them.

Both districts are built once, into `var/bench/`, and anew after a week. A page's queries are those of the whole page in
a session's second request.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from bench.report import Report

CACHE = Path("var/bench")
FEW, MANY = "voice-few", "voice-many"
KEPT_SECONDS = 7 * 24 * 3600
QUERIES_AT_MOST, CASES = 12, 500_000
GROWTH_AT_MOST, LIKE = 1.5, 1.2


def run(report: Report) -> None:
    """Measure both districts and compare."""
    chosen = _built()
    report.note(_verified())
    cases, reports, steps = map(int, _run(MANY, "bench/five_years.py", "count").split())
    report.figure("cases in the five years", cases, "", at_least=CASES)
    report.figure("voices in the five years", reports, "")
    report.figure("steps in the five years", steps, "")
    few, many = (json.loads(_run(name, "bench/voice_steps.py", "measure", chosen)) for name in (FEW, MANY))
    report.figure("a bare page of ten rows", round(many["floor"] * 1000, 3), "CPU ms")
    for name, page in many["pages"].items():
        before = few["pages"][name]
        if page["status"] != 200 or before["status"] != 200:
            report.figure(f"{name}: answered", page["status"], "status", at_least=200, at_most=200)
            continue
        report.figure(f"{name}: queries", page["queries"], "", at_most=None if page["is_story"] else QUERIES_AT_MOST)
        report.figure(f"{name}: more queries than with few", page["queries"] - before["queries"], "", at_most=0)
        report.figure(f"{name}: CPU", round(page["cpu"] * 1000, 2), "ms")
        growth = round(page["cpu"] / before["cpu"], 2)
        limit = GROWTH_AT_MOST if page["size"] <= before["size"] * LIKE else None
        report.figure(f"{name}: CPU beside few", growth, "times", at_most=limit)
    report.note("Queries are those of the whole page, its session and account included, in the second request.")
    report.note("CPU has its bound where half a million cases show no more rows on the page than few do.")


def _built() -> str:
    """Build both districts unless they are there; gives what the pages are about."""
    stamp = CACHE / MANY / "built"
    if not stamp.exists() or time.time() - stamp.stat().st_mtime > KEPT_SECONDS:
        for name in (FEW, MANY):
            shutil.rmtree(CACHE / name, ignore_errors=True)
        (CACHE / FEW).mkdir(parents=True)
        _run(FEW, "-c", "from lianxin.faces.cli.setup import everything_ready; everything_ready()")
        _run(FEW, "bench/five_years.py", "few")
        chosen = _run(FEW, "bench/voice_steps.py", "choose")
        shutil.copytree(CACHE / FEW, CACHE / MANY)
        _run(MANY, "bench/five_years.py", "many")
        stamp.write_text(chosen)
    return stamp.read_text()


def _verified() -> str:
    """Let `lianxin verify` recount the five years; says what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "lianxin", "verify"], env=_environment(MANY), capture_output=True, text=True
    )
    if done.returncode:
        wrong = [line for line in done.stdout.splitlines() if not line.startswith("ok ")]
        raise RuntimeError("lianxin verify found differences:\n" + "\n".join(wrong))
    return "`lianxin verify` finds no difference in the five years."


def _run(name: str, *words: str) -> str:
    done = subprocess.run([sys.executable, *words], env=_environment(name), stdout=subprocess.PIPE, check=True)
    return done.stdout.decode()


def _environment(name: str) -> dict[str, str]:
    folder = (CACHE / name).resolve()
    return {key: value for key, value in os.environ.items() if not key.startswith("LIANXIN_")} | {
        "LIANXIN_VAR_DIR": str(folder),
        "LIANXIN_DATABASE_URL": f"sqlite:///{folder / 'lianxin.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "lianxin.config.settings",
        "PYTHONPATH": f"{Path('src').resolve()}:{Path().resolve()}",
    }
