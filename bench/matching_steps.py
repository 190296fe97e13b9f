"""One worker of `python -m bench matching`: draws districts, writes each to a file and matches it by the command line.

Prints one JSON line per district: which it was, CPU seconds of `lianxin projects match` in this process from opening
the file to having written the result, the size of the process afterwards and the largest it has been so far. The plan
is then read back from its file and proven once more by the checker.
"""

import contextlib
import io
import json
import resource
import sys
import tempfile
import time
from pathlib import Path

import psutil

from bench.matching_districts import monthly_district, weekly_district
from lianxin.engines.matching.checker import check_plan
from lianxin.engines.matching.model.plan import Plan, Proposal
from lianxin.engines.matching.reading import read_problem
from lianxin.faces.cli.main import main as lianxin

MONTHLY_SECONDS = "1"
NEEDS_EACH, OFFERS_EACH = 80, 24  # of a community, as in Longhu


def main() -> None:
    """Match the districts first, first + step, first + 2 * step … below count, each of so many communities."""
    first, step, count, communities = (int(word) for word in sys.argv[1:5])
    size = {"communities": communities, "needs": communities * NEEDS_EACH, "offers": communities * OFFERS_EACH}
    with tempfile.TemporaryDirectory() as name:
        source, out = Path(name) / "in.json", Path(name) / "out.json"
        for number in range(first, count, step):
            kind = "weekly" if (number // step) % 2 == 0 else "monthly"
            drawn = (weekly_district if kind == "weekly" else monthly_district)(1000 + number, **size)
            source.write_text(json.dumps(drawn), encoding="utf-8")
            del drawn
            began = time.process_time()
            with contextlib.redirect_stdout(io.StringIO()):
                code = lianxin(
                    ["projects", "match", "--input", str(source), "--out", str(out), "--seconds", MONTHLY_SECONDS]
                )
            used = time.process_time() - began
            if code:
                raise SystemExit(f"district {number} was not matched")
            row = {
                "number": number,
                "kind": kind,
                "cpu": used,
                "mb": psutil.Process().memory_info().rss / 1024**2,
                "most_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "is_proven": _is_proven(source, out),
            }
            print(json.dumps(row), flush=True)


def _is_proven(source: Path, out: Path) -> bool:
    """Read a plan back and prove it; a broken one ends the worker."""
    written = json.loads(out.read_text(encoding="utf-8"))
    proposals = tuple(
        Proposal(
            offer=held["offer"],
            category=held["category"],
            community=held["community"],
            slot=held["slot"],
            venue=held.get("venue", ""),
            served=tuple(held["served"].items()),
            locked=held["locked"],
        )
        for held in written["proposals"]
    )
    check_plan(read_problem(source.read_bytes()), Plan(proposals=proposals, value=written["value"]))
    return bool(proposals)


if __name__ == "__main__":
    main()
