"""Ten years of activities beside one: every page that lists, searches or shows them, its queries and its CPU.

Both districts are built once, into `var/bench/`: the year as the sample tells it (2,032 held dates, 68,000
person-times), the ten years from a copy of it. They are built anew after a week, as what lies ahead in them passes.
A page's queries are those of the whole page in a session's second request.
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
YEAR, DECADE = "activities-year", "activities-decade"
KEPT_SECONDS = 7 * 24 * 3600
QUERIES_AT_MOST = 10
HELD, ATTENDANCES = 20_000, 700_000
GROWTH_AT_MOST, LIKE = 1.5, 1.2


def run(report: Report) -> None:
    """Measure both districts and compare."""
    chosen = _built()
    report.note(_verified())
    sizes = json.loads(_run(DECADE, "bench/ten_years.py", "count"))
    report.figure("held dates in the ten years", sizes["held"], "", at_least=HELD)
    report.figure("attendances in the ten years", sizes["attendances"], "", at_least=ATTENDANCES)
    report.figure("times of rooms in the ten years", sizes["times"], "")
    few, many = (json.loads(_run(name, "bench/activities_steps.py", "measure", chosen)) for name in (YEAR, DECADE))
    report.figure("a bare page of ten rows", round(many["floor"] * 1000, 3), "CPU ms")
    for name, page in many["pages"].items():
        before = few["pages"][name]
        if page["status"] != 200 or before["status"] != 200:
            report.figure(f"{name}: answered", page["status"], "status", at_least=200, at_most=200)
            continue
        most = None if page["is_overview"] else QUERIES_AT_MOST
        report.figure(f"{name}: queries", page["queries"], "", at_most=most)
        report.figure(f"{name}: more queries than with one year", page["queries"] - before["queries"], "", at_most=0)
        report.figure(f"{name}: CPU", round(page["cpu"] * 1000, 2), "ms")
        growth = round(page["cpu"] / before["cpu"], 2)
        # A list that one year does not fill costs what its further rows cost.
        limit = GROWTH_AT_MOST if page["size"] <= before["size"] * LIKE else None
        report.figure(f"{name}: CPU beside one year", growth, "times", at_most=limit)
    report.note("Queries are those of the whole page, its session and account included, in the second request.")
    report.note("The use of rooms is reckoned, not listed: opening hours, holidays, closings; its queries are told.")
    report.note("CPU has its bound where the ten years show no more rows on the page than the one year does.")
    report.note("The sheets of the other years name the people of today: a resident came ten times as often.")


def _built() -> str:
    """Build both districts unless they are there; gives what the pages are about."""
    stamp = CACHE / DECADE / "built"
    if not stamp.exists() or time.time() - stamp.stat().st_mtime > KEPT_SECONDS:
        for name in (YEAR, DECADE):
            shutil.rmtree(CACHE / name, ignore_errors=True)
        (CACHE / YEAR).mkdir(parents=True)
        _run(YEAR, "-c", "from lianxin.faces.cli.setup import everything_ready; everything_ready()")
        _run(YEAR, "bench/ten_years.py", "year")
        chosen = _run(YEAR, "bench/activities_steps.py", "choose")
        shutil.copytree(CACHE / YEAR, CACHE / DECADE)
        _run(DECADE, "bench/ten_years.py", "decade")
        stamp.write_text(chosen)
    return stamp.read_text()


def _verified() -> str:
    """Let `lianxin verify` recount the ten years; says what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "lianxin", "verify"], env=_environment(DECADE), capture_output=True, text=True
    )
    if done.returncode:
        wrong = [line for line in done.stdout.splitlines() if not line.startswith("ok ")]
        raise RuntimeError("lianxin verify found differences:\n" + "\n".join(wrong))
    return "`lianxin verify` finds no difference in the ten years."


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
