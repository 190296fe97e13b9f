"""Runs every test: on SQLite beside PostgreSQL, then the journeys in a browser; goes on after a failure and sums up.

Each database has a core of its own, so that tests are collected once for each and nobody waits for the last long file;
whoever ends first makes room for the journeys. What the stages write is shown one after the other.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

ROOT = Path(__file__).resolve().parents[1]
NOTHING_COLLECTED = 5
CORES = 2
# A file's tests share what they build. Files go to the workers in the order of tests/plugins/order.py, the long first.
SHARED = ("-n", str(CORES), "--dist=loadfile", "--no-loadscope-reorder")


@dataclass(frozen=True)
class Stage:
    """One run of pytest; those `is_beside` are run at the same time, in one process each."""

    name: str
    part: str
    arguments: tuple[str, ...]
    is_beside: bool = True


STAGES = (
    Stage("the suite on SQLite", "", ("--db=sqlite", "-m", "not browser")),
    # The full district is built once: its figures do not depend on the database, which the small districts prove. What
    # meets no database is not run again.
    Stage(
        "the suite on PostgreSQL",
        "postgresql",
        ("--db=postgresql", "--without-pure", "-m", "not browser and not full_build"),
    ),
    Stage("the journeys in a browser", "browser", ("--db=sqlite", "-m", "browser", "tests/browser"), is_beside=False),
)


@dataclass
class Run:
    """A stage that was begun: its process, and the file that holds what it writes."""

    stage: Stage
    process: subprocess.Popen[bytes]
    output: BinaryIO
    began: float = field(default_factory=time.monotonic)
    seconds: float = 0.0
    shown: int = 0

    def has_ended(self) -> bool:
        """Tell whether it ended, and note how long it took when that is first seen."""
        if self.process.poll() is None:
            return False
        self.seconds = self.seconds or time.monotonic() - self.began
        return True

    def show(self) -> None:
        """Show what it wrote since the last time."""
        # The process writes where the file's own position is, which stays as it is.
        while part := os.pread(self.output.fileno(), 1 << 16, self.shown):
            self.shown += len(part)
            sys.stdout.buffer.write(part)
        sys.stdout.flush()


def begin(stage: Stage, *, is_alone: bool, rest: list[str]) -> Run:
    """Start a stage: on all cores where it is alone, else in one process."""
    shared = SHARED if is_alone else ("-n", "0")
    command = [sys.executable, "-m", "pytest", "-q", *shared, *stage.arguments, *rest]
    output = tempfile.TemporaryFile()  # noqa: SIM115 - it ends with this program
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
    return Run(stage, process, output)


def run_all(stages: list[Stage], rest: list[str]) -> list[Run]:
    """Run the stages and show what they write, in their order."""
    are_beside = sum(stage.is_beside for stage in stages) > 1
    at_once, runs = CORES if are_beside else 1, list[Run]()
    try:
        for number, stage in enumerate(stages):
            print(f"\n[{number + 1}/{len(stages)}] {stage.name} ...", flush=True)
            is_done = False
            while not is_done:
                while len(runs) < len(stages) and sum(not run.has_ended() for run in runs) < at_once:
                    begun = stages[len(runs)]
                    runs.append(begin(begun, is_alone=not (are_beside and begun.is_beside), rest=rest))
                is_done = len(runs) > number and runs[number].has_ended()
                if len(runs) > number:
                    runs[number].show()
                time.sleep(0.2)
    finally:
        for run in runs:
            if run.process.poll() is None:
                run.process.terminate()
                run.process.wait()
    return runs


def main() -> int:
    """Run the stages that were not opted out of; fail when one failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--without", default="", help="parts to leave out: postgresql browser")
    parser.add_argument("rest", nargs="*", help="further arguments for pytest")
    options = parser.parse_args()
    without = set(options.without.replace(",", " ").split())
    began = time.monotonic()
    runs = run_all([stage for stage in STAGES if stage.part not in without], options.rest)
    print()
    failed = False
    for run in runs:
        code = run.process.returncode
        # With further arguments a stage may rightly hold none of the chosen tests.
        passed = code == 0 or (code == NOTHING_COLLECTED and bool(options.rest))
        failed = failed or not passed
        print(f"  {'passed' if passed else 'FAILED':<10} {run.stage.name} in {run.seconds:.0f} s")
    for stage in STAGES:
        if stage.part in without:
            print(f"  left out   {stage.name} (WITHOUT={stage.part})")
    print(f"  {time.monotonic() - began:.0f} s in all", flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
