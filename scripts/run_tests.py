"""Runs every test: on SQLite, on PostgreSQL, then the journeys in a browser; goes on after a failure and sums up."""

import argparse
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NOTHING_COLLECTED = 5
SHANGHAI = timezone(timedelta(hours=8))
LONGEST_STAGE = timedelta(minutes=15)


@dataclass(frozen=True)
class Stage:
    """One run of pytest."""

    name: str
    part: str
    arguments: tuple[str, ...]


STAGES = (
    Stage("the suite on SQLite", "", ("-n", "2", "--db=sqlite", "-m", "not browser")),
    # The full district is built once: its figures do not depend on the database, which the small districts prove.
    Stage(
        "the suite on PostgreSQL", "postgresql", ("-n", "2", "--db=postgresql", "-m", "not browser and not full_build")
    ),
    Stage("the journeys in a browser", "browser", ("-n", "2", "--db=sqlite", "-m", "browser", "tests/browser")),
)


def main() -> int:
    """Run the stages that were not opted out of; fail when one failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--without", default="", help="parts to leave out: postgresql browser")
    parser.add_argument("rest", nargs="*", help="further arguments for pytest")
    options = parser.parse_args()
    without = set(options.without.replace(",", " ").split())
    lines, failed = [], False
    for number, stage in enumerate(STAGES, 1):
        if stage.part and stage.part in without:
            lines.append(f"  left out   {stage.name} (WITHOUT={stage.part})")
            continue
        _wait_for_the_new_day()
        print(f"\n[{number}/{len(STAGES)}] {stage.name} ...", flush=True)
        began = time.monotonic()
        command = [sys.executable, "-m", "pytest", "-q", "--dist=loadfile", *stage.arguments, *options.rest]
        code = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, check=False).returncode
        seconds = time.monotonic() - began
        # With further arguments a stage may rightly hold none of the chosen tests.
        passed = code == 0 or (code == NOTHING_COLLECTED and bool(options.rest))
        failed = failed or not passed
        lines.append(f"  {'passed' if passed else 'FAILED':<10} {stage.name} in {seconds:.0f} s")
    print("\n" + "\n".join(lines), flush=True)
    return int(failed)


def _wait_for_the_new_day() -> None:
    """Let midnight in Shanghai pass before a stage that would run into it.

    The tests' district is of the day on which it was built, while servers and browsers keep the real time: across
    midnight one test would see two days.
    """
    now = datetime.now(UTC).astimezone(SHANGHAI)
    midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), SHANGHAI)
    if midnight - now <= LONGEST_STAGE:
        wait = (midnight - now).total_seconds() + 2
        print(f"\nwaiting {wait:.0f} s for the new day in Shanghai ...", flush=True)
        time.sleep(wait)


if __name__ == "__main__":
    sys.exit(main())
