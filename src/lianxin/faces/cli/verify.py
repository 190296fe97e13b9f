"""`lianxin verify`: the judge after every fault, restore and upgrade."""

import argparse
import json
import time


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Tell argparse what `verify` takes."""
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(options: argparse.Namespace) -> int:
    """Run every registered check; exit 1 when anything differs."""
    from lianxin.faces.cli.setup import django_ready

    django_ready()
    from lianxin.platform import verification

    results = []
    for check in verification.checks():
        started = time.monotonic()
        result = verification.run_check(check)
        results.append(result)
        if not options.json:
            mark = "ok " if not result.differences else "BAD"
            print(f"{mark} {result.module:10} {result.name} ({time.monotonic() - started:.1f} s)", flush=True)
            for sentence in result.differences[:20]:
                print(f"      {sentence}")
    bad = [r for r in results if r.differences]
    if options.json:
        print(
            json.dumps(
                {"equal": not bad, "checks": {f"{r.module}: {r.name}": r.differences for r in results}},
                ensure_ascii=False,
            )
        )
    elif bad:
        print(f"{len(bad)} of {len(results)} checks found a difference.")
    else:
        print(f"All {len(results)} checks are equal.")
    return 1 if bad else 0
