"""The bench's own arithmetic."""

import json
import os
from pathlib import Path

import pytest

from bench import machine
from bench.report import Report, cpu_seconds_of, measure, pss_bytes


def busy(rounds: int) -> int:
    return sum(number * number for number in range(rounds))


def test_ratio_is_to_the_named_floor() -> None:
    report = Report("example")

    report.measure("floor", lambda: busy(200_000))
    report.measure("four times the work", lambda: busy(800_000), floor="floor", at_most=100)

    ratio = report.lines[1].ratio
    assert ratio is not None
    assert ratio > 1
    assert report.broken == []


def test_floor_must_be_measured_first() -> None:
    with pytest.raises(KeyError, match="nobody"):
        Report("example").measure("act", lambda: None, floor="nobody", times=1)


def test_cost_is_the_least_of_the_runs_per_act(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 3.0, 10.0, 12.0, 20.0, 25.0])
    monkeypatch.setattr("bench.report.cpu_seconds", lambda *, children: next(clock))
    ran: list[str] = []

    cost = measure(lambda: ran.append("act"), acts=10, times=3, before=lambda: ran.append("before"))

    assert cost.cpu_seconds == pytest.approx(0.2)
    assert ran == ["before", "act"] * 3


def test_broken_bound_is_named_in_table_and_list(tmp_path: Path) -> None:
    report = Report("example")

    report.figure("queries", 13, "queries", at_most=12)
    report.write(tmp_path, {"cores": "2"})

    assert report.broken == ["queries"]
    assert "| queries | 13 | queries | ≤ 12 BROKEN |" in (tmp_path / "example.md").read_text()
    assert json.loads((tmp_path / "example.json").read_text())["figures"][0]["holds"] is False


def test_a_process_has_memory_and_cpu_time() -> None:
    assert pss_bytes(os.getpid()) > 1_000_000
    assert cpu_seconds_of(os.getpid()) > 0


def test_results_say_what_the_machine_is_and_not_whose() -> None:
    words = machine.describe()

    assert list(words) == ["processor", "cores", "memory", "system", "python", "django", "sqlite", "postgresql"]
    assert all(words.values())
