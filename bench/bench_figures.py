"""Pages of figures over ten years and 125 communities beside the same pages over one, and what facts cost a check-in.

The district is built once, into `var/bench/figures`: the sample's ground with seven million facts laid under it.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from bench.report import Report

FOLDER = Path("var/bench/figures")
FACTS, RESIDENTS = 6_900_000, 20_000
QUERIES_AT_MOST, GROWTH_AT_MOST, CHECK_IN_AT_MOST = 12, 1.5, 1.1


def run(report: Report) -> None:
    """Measure the pages and the check-in."""
    if not (FOLDER / "built").exists():
        _build()
    # Tables of modules that came since, and static files.
    _run("-c", "from lianxin.faces.cli.setup import everything_ready; everything_ready()")
    laid, tallied = map(int, _run("bench/many_facts.py", "count").split())
    report.figure("facts", laid, "", at_least=FACTS)
    report.figure("daily tallies", tallied, "")
    report.figure("communities", int(_run("bench/figures_steps.py", "where")), "", at_least=125)
    found = json.loads(_run("bench/figures_steps.py", "measure"))
    report.figure("a bare page of ten rows", round(found["floor"] * 1000, 3), "CPU ms")
    for name, page in found["pages"].items():
        year, decade = page["year"], page["decade"]
        if year["status"] != 200 or decade["status"] != 200:
            report.figure(f"{name}: answered", decade["status"], "status", at_least=200, at_most=200)
            continue
        report.figure(f"{name}: queries", decade["queries"], "", at_most=QUERIES_AT_MOST)
        report.figure(f"{name}: CPU over one year", round(year["cpu"] * 1000, 1), "ms")
        report.figure(f"{name}: CPU over ten years", round(decade["cpu"] * 1000, 1), "ms")
        growth = round(decade["cpu"] / year["cpu"], 2)
        report.figure(f"{name}: ten years beside one", growth, "times", at_most=GROWTH_AT_MOST)
    if found["absent"]:
        report.note(f"There are no such pages: {', '.join(found['absent'])}.")
    check = json.loads(_run("bench/figures_steps.py", "check_ins"))
    report.figure("a check-in with its facts", round(check["with"] * 1000, 2), "CPU ms")
    report.figure("the same without facts", round(check["without"] * 1000, 2), "CPU ms")
    ratio = round(check["with"] / check["without"], 3)
    report.figure("a check-in with facts beside one without", ratio, "times", at_most=CHECK_IN_AT_MOST)
    report.figure("folding one fact, apart", round(check["fold"] * 1000, 3), "CPU ms")
    report.note("Queries are those of the whole page, its session and account included, in the second request.")
    report.note("Check-ins with and without facts take turns, on the database with all facts in it.")


def _build() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    _run("-m", "lianxin", "demo", "--residents", str(RESIDENTS))
    _run("-c", "import django; django.setup(); from lianxin.platform import worker; worker.drain()")
    _run("bench/many_facts.py", "lay")
    (FOLDER / "built").touch()


def _run(*words: str) -> str:
    done = subprocess.run([sys.executable, *words], env=_environment(), stdout=subprocess.PIPE, check=True)
    return done.stdout.decode()


def _environment() -> dict[str, str]:
    folder = FOLDER.resolve()
    return {key: value for key, value in os.environ.items() if not key.startswith("LIANXIN_")} | {
        "LIANXIN_VAR_DIR": str(folder),
        "LIANXIN_DATABASE_URL": f"sqlite:///{folder / 'lianxin.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "lianxin.config.settings",
        "PYTHONPATH": f"{Path('src').resolve()}:{Path().resolve()}",
    }
