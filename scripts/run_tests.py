"""Runs every test: on SQLite, on PostgreSQL, then the journeys in a browser; goes on after a failure and sums up."""

import argparse
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NOTHING_COLLECTED = 5
# A file's tests share what they build. Files go to the workers in the order of tests/plugins/order.py, the long first.
SHARED = ("-n", "2", "--dist=loadfile", "--no-loadscope-reorder")


@dataclass(frozen=True)
class Stage:
    """One run of pytest."""

    name: str
    part: str
    arguments: tuple[str, ...]


STAGES = (
    Stage("the suite on SQLite", "", ("--db=sqlite", "-m", "not browser")),
    # The full district is built once: its figures do not depend on the database, which the small districts prove. What
    # meets no database is not run again.
    Stage(
        "the suite on PostgreSQL",
        "postgresql",
        ("--db=postgresql", "--without-pure", "-m", "not browser and not full_build"),
    ),
    Stage("the journeys in a browser", "browser", ("--db=sqlite", "-m", "browser", "tests/browser")),
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
        print(f"\n[{number}/{len(STAGES)}] {stage.name} ...", flush=True)
        began = time.monotonic()
        command = [sys.executable, "-m", "pytest", "-q", *SHARED, *stage.arguments, *options.rest]
        code = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, check=False).returncode
        seconds = time.monotonic() - began
        # With further arguments a stage may rightly hold none of the chosen tests.
        passed = code == 0 or (code == NOTHING_COLLECTED and bool(options.rest))
        failed = failed or not passed
        lines.append(f"  {'passed' if passed else 'FAILED':<10} {stage.name} in {seconds:.0f} s")
    print("\n" + "\n".join(lines), flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
