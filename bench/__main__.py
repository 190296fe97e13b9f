"""`python -m bench [name ...]` runs each `bench/bench_<name>.py` and writes into `bench/results/`."""

import argparse
import importlib
import sys
import time
from pathlib import Path

from bench import machine
from bench.report import Report

FOLDER = Path(__file__).resolve().parent
RESULTS = FOLDER / "results"


def names() -> list[str]:
    """Give the benches that there are."""
    return sorted(path.stem.removeprefix("bench_") for path in FOLDER.glob("bench_*.py"))


def main() -> int:
    """Run the benches; fail when one broke its bound or did not come to its end."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", help=" ".join(names()))
    parser.add_argument("--long", action="store_true", help="also measure what takes many minutes")
    given = parser.parse_args()
    chosen = given.names or names()
    if unknown := set(chosen) - set(names()):
        print(f"There is no bench {', '.join(sorted(unknown))}; there are {', '.join(names())}.", file=sys.stderr)
        return 2
    if not chosen:
        print(
            "There is no bench yet: add bench/bench_<name>.py with `def run(report: Report) -> None`.", file=sys.stderr
        )
        return 1
    words = machine.describe()
    broken = []
    for name in chosen:
        print(f"{name} ...", flush=True)
        began = time.monotonic()
        report = Report(name, is_long=given.long)
        importlib.import_module(f"bench.bench_{name}").run(report)
        report.write(RESULTS, words)
        print(report.table(words) + f"\n({time.monotonic() - began:.0f} s)\n", flush=True)
        broken += [f"{name}: {line}" for line in report.broken]
    if broken:
        print("These broke their bound:\n  " + "\n  ".join(broken), file=sys.stderr)
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
