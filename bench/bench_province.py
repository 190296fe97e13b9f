"""The pages of a province of 120 districts and 26,000 communities, over one year and over ten: queries and CPU.

Divisions, roll-ups and readings are written directly, as imports leave them; built once into `var/bench/province-…`.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench.report import Report

CACHE = Path("var/bench")
DISTRICTS = int(os.environ.get("LIANXIN_BENCH_DISTRICTS", "120"))
COMMUNITIES = int(os.environ.get("LIANXIN_BENCH_COMMUNITIES", "217"))
YEARS = (1, 10)
QUERIES_AT_MOST = 12
MS_AT_MOST = 300


def run(report: Report) -> None:
    """Measure the province over one year and over ten, and compare."""
    found = {years: _measured(years) for years in YEARS}
    few, many = found[YEARS[0]], found[YEARS[-1]]
    report.figure("districts", many["districts"], "", at_least=DISTRICTS)
    report.figure("communities", many["communities"], "", at_least=DISTRICTS * COMMUNITIES)
    for years in YEARS:
        report.figure(f"roll-ups and readings over {years} years", found[years]["rows"], "rows")
    for name, page in many["pages"].items():
        before = few["pages"][name]
        report.figure(f"{name}: queries", page["queries"], "", at_most=QUERIES_AT_MOST)
        report.figure(f"{name}: CPU over one year", round(before["cpu"] * 1000, 1), "ms", at_most=MS_AT_MOST)
        report.figure(f"{name}: CPU over ten years", round(page["cpu"] * 1000, 1), "ms", at_most=MS_AT_MOST)
    report.note("Queries are those of the second request of a session, the log-in's own included.")
    report.note(
        "Of the last year communities have every month, of years before their years; what is above has everything. "
        "Single days are there of the last year: of districts, of the communities of the district that is looked at, "
        "and weekly of the pilots, one community in ten."
    )


def _measured(years: int) -> Any:
    folder = (CACHE / f"province-{years}").resolve()
    environment = _environment(folder)
    wanted = f"{DISTRICTS} {COMMUNITIES} {years} days"
    built = folder / "built"
    if not built.exists() or built.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        if years == YEARS[0]:
            folder.mkdir(parents=True)
            _step(environment, "build", str(DISTRICTS), str(COMMUNITIES))
        else:
            shutil.copytree(CACHE / f"province-{YEARS[0]}", folder)
            _step(environment, "extend", str(years))
        built.write_text(wanted)
    return json.loads(_step(environment, "measure"))


def _environment(folder: Path) -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if not key.startswith("LIANXIN_")} | {
        "LIANXIN_VAR_DIR": str(folder),
        "LIANXIN_DATABASE_URL": f"sqlite:///{folder / 'lianxin.sqlite3'}",
        "LIANXIN_LEVEL": "province",
        "DJANGO_SETTINGS_MODULE": "lianxin.config.settings",
        "PYTHONPATH": f"{Path('src').resolve()}:{Path().resolve()}",
    }


def _step(environment: dict[str, str], *words: str) -> str:
    script = Path(__file__).with_name("province_steps.py")
    done = subprocess.run([sys.executable, script, *words], env=environment, stdout=subprocess.PIPE, check=True)
    return done.stdout.decode().splitlines()[-1] if done.stdout else ""
