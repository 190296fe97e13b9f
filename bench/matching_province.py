"""Matches generated districts from files in several processes: does the last one cost what the first one did?"""

import json
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from statistics import linear_regression, median
from typing import Any

from bench.report import Report

ROOT = Path(__file__).resolve().parents[1]
EDGE_SHARE = 0.1
MOST_MB, MOST_SLOPE = 1000, 0.1


def province(report: Report, *, districts: int, workers: int, communities: int) -> None:
    """Match so many districts, weeks and months in turn, and tell how time and size went from first to last."""
    rows = _match(districts, workers, communities)
    title = f"{districts} districts of {communities} communities, {workers} workers"
    by_kind: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_kind[row["kind"]].append(row)
    # Over a few districts a slope says nothing.
    most = MOST_SLOPE if districts >= 100 else None
    for kind, listed in sorted(by_kind.items()):
        edge = max(1, round(len(listed) * EDGE_SHARE))
        first, last = (median(row["cpu"] for row in part) for part in (listed[:edge], listed[-edge:]))
        report.figure(f"{title}, {kind}: median", round(median(row["cpu"] for row in listed), 2), "s CPU")
        report.figure(
            f"{title}, {kind}: the first {edge} and the last {edge}, last to first", round(last / first, 3), ""
        )
        report.figure(
            f"{title}, {kind}: time, slope from first to last", _slope(listed, "cpu"), "of the median", at_most=most
        )
    later = [row for row in rows if row["number"] >= districts * EDGE_SHARE]  # the first fill the allocator's pools
    report.figure(
        f"{title}: size of a worker, slope from first to last", _slope(later, "mb"), "of the median", at_most=most
    )
    report.figure(
        f"{title}: largest size of a worker", round(max(row["most_mb"] for row in rows)), "MB", at_most=MOST_MB
    )
    report.figure(
        f"{title}: plans that the checker passed, read back from their files", sum(r["is_proven"] for r in rows), ""
    )


def _slope(rows: list[dict[str, Any]], name: str) -> float:
    """Give how much the straight line through the values rises from the first district to the last, to the median."""
    numbers, values = [row["number"] for row in rows], [row[name] for row in rows]
    rise = linear_regression(numbers, values).slope * (numbers[-1] - numbers[0])
    return round(rise / median(values), 4)


def _match(districts: int, workers: int, communities: int) -> list[dict[str, Any]]:
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "bench.matching_steps", str(first), str(workers), str(districts), str(communities)],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": f"{ROOT / 'src'}"},
            stdout=subprocess.PIPE,
            text=True,
        )
        for first in range(workers)
    ]
    rows: list[dict[str, Any]] = []
    for worker in started:
        out, _ = worker.communicate()
        if worker.returncode:
            raise RuntimeError(f"a worker ended with {worker.returncode}")
        rows += [json.loads(line) for line in out.splitlines()]
    if len(rows) != districts or not all(row["is_proven"] for row in rows):
        raise RuntimeError(f"{len(rows)} of {districts} districts were matched")
    return sorted(rows, key=lambda row: int(row["number"]))
