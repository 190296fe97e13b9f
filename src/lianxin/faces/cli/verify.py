"""`lianxin verify`: the judge after every fault, restore and upgrade."""

import argparse
import json
import time


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Tell argparse what `verify` takes."""
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--digest",
        action="store_true",
        help="check nothing; print the digest of every table, the same for two builds of one sample",
    )


def run(options: argparse.Namespace) -> int:
    """Run every registered check; exit 1 when anything differs."""
    from lianxin.faces.cli.setup import django_ready

    django_ready()
    if options.digest:
        return _print_digest(as_json=options.json)
    from lianxin.platform import clock, verification, verified

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
    verified.note(at=clock.now(), checks=len(results), differing=len(bad))
    return 1 if bad else 0


def _print_digest(*, as_json: bool) -> int:
    from lianxin.platform import fingerprint

    whole, prints = fingerprint.of_district()
    if as_json:
        tables = {one.table: {"rows": one.rows, "digest": one.digest} for one in prints}
        print(json.dumps({"digest": whole, "tables": tables}))
        return 0
    for one in prints:
        print(f"{one.digest[:16]}  {one.rows:9}  {one.table}")
    print(whole)
    return 0
