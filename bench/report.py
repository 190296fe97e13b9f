"""Measures acts in CPU seconds against floors, and writes what was found as JSON and as a table."""

import gc
import json
import os
import re
import resource
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

TIMES = 5


@dataclass(frozen=True)
class Cost:
    """What one act costs: the best of several runs, per act."""

    cpu_seconds: float
    wall_seconds: float


@dataclass(frozen=True)
class Line:
    """One measured act, with its floor and the bound that it must keep where there are such."""

    name: str
    cpu_seconds: float
    wall_seconds: float
    floor: str = ""
    ratio: float | None = None
    at_most: float | None = None

    @property
    def holds(self) -> bool:
        """Tell whether the bound is kept."""
        return self.at_most is None or (self.ratio is not None and self.ratio <= self.at_most)


@dataclass(frozen=True)
class Figure:
    """One number that is no act's cost: bytes, queries, rows, a share."""

    name: str
    value: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None

    @property
    def holds(self) -> bool:
        """Tell whether the bounds are kept."""
        high = self.at_most is None or self.value <= self.at_most
        return high and (self.at_least is None or self.value >= self.at_least)


@dataclass
class Report:
    """What one bench found."""

    name: str
    lines: list[Line] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    is_long: bool = False

    def measure(
        self,
        name: str,
        act: Callable[[], Any],
        *,
        floor: str = "",
        at_most: float | None = None,
        acts: int = 1,
        times: int = TIMES,
        children: bool = False,
        before: Callable[[], Any] | None = None,
    ) -> Cost:
        """Measure `act`, which does `acts` acts at once; `floor` names an earlier line that the ratio is to."""
        cost = measure(act, acts=acts, times=times, children=children, before=before)
        base = next((line for line in self.lines if line.name == floor), None)
        if floor and base is None:
            raise KeyError(f"the floor {floor!r} was not measured before {name!r}")
        ratio = cost.cpu_seconds / base.cpu_seconds if base and base.cpu_seconds else None
        self.lines.append(Line(name, cost.cpu_seconds, cost.wall_seconds, floor, ratio, at_most))
        return cost

    def figure(
        self, name: str, value: float, unit: str, *, at_most: float | None = None, at_least: float | None = None
    ) -> None:
        """Add a number with its unit and bounds."""
        self.figures.append(Figure(name, value, unit, at_most, at_least))

    def memory(self, name: str, pid: int, *, at_most_mb: float | None = None) -> float:
        """Add the proportional set size of a process in MB."""
        megabytes = pss_bytes(pid) / 1e6
        self.figure(name, round(megabytes, 1), "MB PSS", at_most=at_most_mb)
        return megabytes

    def note(self, sentence: str) -> None:
        """Add a sentence that the reader of the figures needs."""
        self.notes.append(sentence)

    @property
    def broken(self) -> list[str]:
        """Give the names of what did not keep its bound."""
        return [entry.name for entry in [*self.lines, *self.figures] if not entry.holds]

    def write(self, folder: Path, machine: dict[str, str]) -> None:
        """Write `<name>.json` and `<name>.md`."""
        folder.mkdir(parents=True, exist_ok=True)
        content = {
            "name": self.name,
            "measured_on": datetime.now(UTC).date().isoformat(),
            "machine": machine,
            "acts": [asdict(line) | {"holds": line.holds} for line in self.lines],
            "figures": [asdict(figure) | {"holds": figure.holds} for figure in self.figures],
            "notes": self.notes,
        }
        text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
        (folder / f"{self.name}.json").write_text(text, encoding="utf-8")
        (folder / f"{self.name}.md").write_text(self.table(machine), encoding="utf-8")

    def table(self, machine: dict[str, str]) -> str:
        """Give the findings as Markdown."""
        out = [f"# {self.name}", "", ", ".join(f"{key} {value}" for key, value in machine.items()), ""]
        if self.lines:
            out += ["| act | CPU ms | wall ms | ratio | to | bound |", "|---|---:|---:|---:|---|---|"]
            for line in self.lines:
                ratio = "" if line.ratio is None else f"{line.ratio:.2f}"
                out.append(
                    f"| {line.name} | {line.cpu_seconds * 1000:.3f} | {line.wall_seconds * 1000:.3f} | {ratio} "
                    f"| {line.floor} | {_bound(line.holds, at_most=line.at_most)} |"
                )
            out.append("")
        if self.figures:
            out += ["| figure | value | unit | bound |", "|---|---:|---|---|"]
            for entry in self.figures:
                bound = _bound(entry.holds, at_most=entry.at_most, at_least=entry.at_least)
                out.append(f"| {entry.name} | {entry.value:g} | {entry.unit} | {bound} |")
            out.append("")
        out += [f"- {note}" for note in self.notes]
        return "\n".join(out).rstrip() + "\n"


def _bound(holds: bool, *, at_most: float | None = None, at_least: float | None = None) -> str:
    words = [f"≤ {at_most:g}"] if at_most is not None else []
    words += [f"≥ {at_least:g}"] if at_least is not None else []
    return f"{' '.join(words)} {'kept' if holds else 'BROKEN'}" if words else ""


def measure(
    act: Callable[[], Any],
    *,
    acts: int = 1,
    times: int = TIMES,
    children: bool = False,
    before: Callable[[], Any] | None = None,
) -> Cost:
    """Give the least CPU time of several runs with its wall time beside, divided by the acts that one run does."""
    best: Cost | None = None
    for _ in range(times):
        if before:
            before()
        gc.collect()
        cpu, wall = cpu_seconds(children=children), time.perf_counter()
        act()
        cost = Cost((cpu_seconds(children=children) - cpu) / acts, (time.perf_counter() - wall) / acts)
        best = cost if best is None or cost.cpu_seconds < best.cpu_seconds else best
    assert best is not None, "nothing was run"
    return best


def cpu_seconds(*, children: bool = False) -> float:
    """Give the CPU time that this process used, user and system; with `children` also that of those that ended."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    total = used.ru_utime + used.ru_stime
    if children:
        below = resource.getrusage(resource.RUSAGE_CHILDREN)
        total += below.ru_utime + below.ru_stime
    return total


def cpu_seconds_of(pid: int) -> float:
    """Give the CPU time of a running process, such as a server that is being asked."""
    # The name in the second field may hold blanks; what follows its bracket is plain.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def pss_bytes(pid: int) -> int:
    """Give a process's proportional set size from the kernel."""
    found = re.search(r"^Pss:\s+(\d+) kB$", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    assert found, f"the kernel gives no Pss for {pid}"
    return int(found.group(1)) * 1024


def server_cpu(pid: int) -> float:
    """CPU seconds of the server and of everything it has started so far."""
    server = psutil.Process(pid)
    times = server.cpu_times()
    total = times.user + times.system + times.children_user + times.children_system
    for child in server.children(recursive=True):
        try:
            times = child.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total
