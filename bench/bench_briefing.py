"""A yearly briefing of the whole sample district, asked for and made as the worker makes it, beside a monthly one.

The district is built once into `var/bench/`, and anew after a week; pages are counted where LibreOffice is installed.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from bench.report import Report

CACHE, NAME = Path("var/bench"), "briefing"
KEPT_SECONDS = 7 * 24 * 3600
SECONDS_AT_MOST, PAGES_AT_LEAST, CHARTS_AT_LEAST = 20, 30, 10


def run(report: Report) -> None:
    """Make a yearly and a monthly briefing and tell what they took."""
    _built()
    for kind, text in (("year", "2024"), ("month", "2024-11")):
        made = json.loads(_run("bench/briefing_steps.py", kind, text))
        name = f"{kind} {text}"
        bound = SECONDS_AT_MOST if kind == "year" else None
        report.figure(f"{name}: seconds from asking to the draft", round(made["seconds"], 2), "s", at_most=bound)
        report.figure(f"{name}: CPU of the worker", round(made["cpu"], 2), "s")
        report.figure(f"{name}: CPU of the process that fills", round(made["cpu_filling"], 2), "s")
        report.figure(f"{name}: memory of the process that fills", round(made["mib_filling"]), "MiB")
        report.figure(f"{name}: steps told", made["steps"], "", at_least=10)
        report.figure(f"{name}: numbers kept", made["numbers"], "")
        charts = CHARTS_AT_LEAST if kind == "year" else None
        report.figure(f"{name}: charts", made["charts"], "", at_least=charts)
        report.figure(f"{name}: size", round(made["bytes"] / 1024), "KiB")
        report.figure(f"{name}: comparing all numbers again", round(made["compared"], 2), "s")
        pages = _pages(Path(made["path"]))
        if pages is None:
            report.note("Pages are not counted: LibreOffice is not installed on this machine.")
        else:
            report.figure(f"{name}: pages", pages, "", at_least=PAGES_AT_LEAST if kind == "year" else None)


def _pages(document: Path) -> int | None:
    office, teller = shutil.which("soffice"), shutil.which("pdfinfo")
    if not office or not teller:
        return None
    words = [office, "--headless", "--convert-to", "pdf", "--outdir", str(document.parent), str(document)]
    subprocess.run(words, check=True, capture_output=True)
    told = subprocess.run(
        [teller, str(document.with_suffix(".pdf"))], check=True, capture_output=True, text=True
    ).stdout
    return int(next(line.split()[1] for line in told.splitlines() if line.startswith("Pages:")))


def _built() -> None:
    stamp = CACHE / NAME / "built"
    if stamp.exists() and time.time() - stamp.stat().st_mtime < KEPT_SECONDS:
        return
    shutil.rmtree(CACHE / NAME, ignore_errors=True)
    (CACHE / NAME).mkdir(parents=True)
    _run("-c", "from lianxin.faces.cli.setup import everything_ready; everything_ready()")
    _run("tests/support/drained.py")
    stamp.touch()


def _run(*words: str) -> str:
    folder = (CACHE / NAME).resolve()
    places = {
        "LIANXIN_VAR_DIR": str(folder),
        "LIANXIN_DATABASE_URL": f"sqlite:///{folder / 'lianxin.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "lianxin.config.settings",
        "PYTHONPATH": os.pathsep.join(("src", ".")),
    }
    done = subprocess.run([sys.executable, *words], env=os.environ | places, check=True, capture_output=True, text=True)
    return done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""
