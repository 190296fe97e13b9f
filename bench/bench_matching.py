"""What matching costs and how near it comes to what is possible: weeks, months, and 200 districts from files.

A week is held against the best value without any fairness, proven by prices. A month is held against the bound that its
own long run proved; the plan of five CPU seconds is made anew, without the long run's help. Beside both stands what is
done without a matcher: whoever comes first gets the nearest.
"""

import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path
from statistics import median

from bench.matching_districts import monthly_district, weekly_district
from bench.report import Report
from lianxin.engines.matching.model.plan import Result
from lianxin.engines.matching.reading import problem_from
from lianxin.engines.matching.runs import match

ROOT = Path(__file__).resolve().parents[1]
SEEDS = (7, 8, 9)
QUICK, LONG = 5.0, 300.0
DISTRICTS, WORKERS, EDGE = 200, 2, 20


def run(report: Report) -> None:
    """Measure all three."""
    for kind in (weekly_district, monthly_district):  # what is imported once is not counted
        solve(kind(1, communities=5, needs=20, offers=10), seconds=1)
    weeks(report)
    months(report)
    province(report)


def solve(content: dict, *, seconds: float) -> Result:
    """Match one district."""
    return match(problem_from(content), cpu=time.process_time, wall=time.monotonic, seconds=seconds)


def weeks(report: Report) -> None:
    """125 communities, 10,000 needs, 3,000 offers."""
    for seed in SEEDS:
        result = solve(weekly_district(seed), seconds=0)
        title = f"week {seed}"
        ratio = result.plan.value / result.bound_without_fairness
        report.figure(f"{title}: value to the bound without fairness", round(ratio, 5), "", at_least=0.997)
        report.figure(f"{title}: objective to its bound", round(result.objective / result.bound, 5), "", at_least=0.997)
        report.figure(f"{title}: solving, pairs and proof included", round(result.cpu_seconds, 2), "s CPU", at_most=1.0)
        rest = sum(seconds for _, seconds in result.steps) - result.cpu_seconds
        report.figure(f"{title}: check, first come, reasons", round(rest, 2), "s CPU")
        report.figure(f"{title}: Gini of rates to reach", round(result.after.gini_of_reachable, 4), "", at_most=0.03)
        beside(report, title, result, result.bound_without_fairness)


def months(report: Report) -> None:
    """125 communities, 10,000 needs of several people, 3,000 offers, rooms, 16 slots."""
    for seed in SEEDS:
        content = monthly_district(seed)
        long = solve(content, seconds=LONG)
        quick = solve(content, seconds=QUICK)
        title = f"month {seed}"
        report.figure(f"{title}: plan of {QUICK:g} s to the proven bound", ratio_of(quick, long), "", at_least=0.95)
        report.figure(f"{title}: that plan was there after", round(quick.cpu_seconds, 1), "s CPU", at_most=QUICK * 1.05)
        report.figure(f"{title}: plan in the background to the bound", ratio_of(long, long), "", at_least=0.99)
        report.figure(f"{title}: background", round(long.cpu_seconds), "s CPU", at_most=LONG * 1.1)
        report.figure(f"{title}: candidates", long.notes["candidates"], "")
        beside(report, title, long, 0.0)


def ratio_of(result: Result, proof: Result) -> float:
    """Give an objective as a share of a proven bound."""
    return round(result.objective / proof.bound, 4)


def beside(report: Report, title: str, result: Result, bound: float) -> None:
    """Put what is done without a matcher beside it."""
    before, after = result.before, result.after
    if bound:
        report.figure(f"{title}: first come, value to the same bound", round(before.value / bound, 3), "")
    else:
        report.figure(f"{title}: first come, value to the plan's", round(before.value / after.value, 3), "")
    for name, found in (("first come", before), ("plan", after)):
        report.figure(f"{title}: {name}, served", round(found.served / found.asked, 3), "of the people")
        report.figure(f"{title}: {name}, lowest rate", round(found.lowest, 3), "")
        report.figure(f"{title}: {name}, tenth percentile", round(found.tenth, 3), "")
        report.figure(f"{title}: {name}, Gini", round(found.gini, 4), "")


def province(report: Report) -> None:
    """200 districts from files, two workers."""
    workers = [
        subprocess.Popen(
            [sys.executable, "-m", "bench.matching_steps", str(first), str(WORKERS), str(DISTRICTS)],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": f"{ROOT / 'src'}"},
            stdout=subprocess.PIPE,
            text=True,
        )
        for first in range(WORKERS)
    ]
    rows = []
    for worker in workers:
        out, _ = worker.communicate()
        if worker.returncode:
            raise RuntimeError(f"a worker ended with {worker.returncode}")
        rows += [json.loads(line) for line in out.splitlines()]
    rows.sort(key=lambda row: row["number"])
    if len(rows) != DISTRICTS:
        raise RuntimeError(f"{len(rows)} of {DISTRICTS} districts were matched")
    by_kind: dict[str, list[dict]] = defaultdict(list)
    for row in rows:
        by_kind[row["kind"]].append(row)
    edge = EDGE // 2
    for kind, listed in by_kind.items():
        first, last = (median(row["cpu"] for row in part) for part in (listed[:edge], listed[-edge:]))
        title = f"{DISTRICTS} districts, {WORKERS} workers, {kind}"
        report.figure(f"{title}: median of the first {edge}", round(first, 2), "s CPU")
        report.figure(f"{title}: median of the last {edge}", round(last, 2), "s CPU")
        report.figure(f"{title}: last to first", round(last / first, 3), "", at_most=1.15)
    early, late = (median(row["mb"] for row in part) for part in (rows[EDGE : 2 * EDGE], rows[-EDGE:]))
    report.figure(
        f"{DISTRICTS} districts: largest size of a worker", round(max(row["mb"] for row in rows)), "MB", at_most=1000
    )
    report.figure(
        f"{DISTRICTS} districts: size after the last {EDGE} to after the second {EDGE}",
        round(late / early, 3),
        "",
        at_most=1.1,
    )
