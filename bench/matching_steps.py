"""One worker of `python -m bench matching`: draws districts, writes each to a file and matches it from there.

Prints one JSON line per district: which it was, CPU seconds from opening the file to having written the result, and the
largest size this process has had so far.
"""

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

from bench.matching_districts import monthly_district, weekly_district
from lianxin.engines.matching.reading import read_problem
from lianxin.engines.matching.runs import match
from lianxin.engines.matching.writing import write_result

MONTHLY_SECONDS = 1.0


def main() -> None:
    """Match the districts first, first + step, first + 2 * step … below count."""
    first, step, count = (int(word) for word in sys.argv[1:4])
    with tempfile.TemporaryDirectory() as name:
        source, out = Path(name) / "in.json", Path(name) / "out.json"
        for number in range(first, count, step):
            kind = "weekly" if (number // step) % 2 == 0 else "monthly"
            drawn = (weekly_district if kind == "weekly" else monthly_district)(1000 + number)
            source.write_text(json.dumps(drawn), encoding="utf-8")
            del drawn
            began = time.process_time()
            problem = read_problem(source.read_bytes())
            result = match(problem, cpu=time.process_time, wall=time.monotonic, seconds=MONTHLY_SECONDS)
            out.write_text(write_result(result), encoding="utf-8")
            used = time.process_time() - began
            megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(json.dumps({"number": number, "kind": kind, "cpu": used, "mb": megabytes}), flush=True)


if __name__ == "__main__":
    main()
