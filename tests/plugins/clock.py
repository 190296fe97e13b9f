"""The clock of a test run: it begins at noon of one fixed day and goes on from there, whatever time it really is.

Tests may so say "in five hours", "today" or "this month" and mean the same at any hour of any day. The programs that
tests start in processes of their own are given the same clock by `tests.support.clocked`; only PostgreSQL's own clock
stays. `pytest --at=2027-02-28T22:30+08:00` runs the tests at another moment.
"""

import argparse
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

# A Monday, noon in Shanghai; later than the days that tests name as past ones. Files' own times stay real.
BEGINNING = "2026-11-23T12:00+08:00"
# By how many seconds the clock goes before the real one; xdist's workers inherit it, so that one run has one clock.
MOVED_BY = "TESTS_CLOCK_MOVED_BY"

_travellers: list[time_machine.travel] = []


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text} has no offset: write {text}+08:00")
    return at.astimezone(UTC)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--at`."""
    parser.getgroup("lianxin").addoption(
        "--at", type=_moment, default=_moment(BEGINNING), help=f"when the run begins (default: {BEGINNING})"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, parser: pytest.Parser, args: list[str]) -> None:
    """Move the clock before the first module of the tests is read."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        moved = early_config.known_args_namespace.at - datetime.now(UTC)
        os.environ[MOVED_BY] = str(moved.total_seconds())
    _start()


def pytest_unconfigure() -> None:
    """Leave the process with the real clock."""
    if _travellers:
        _stop()


@pytest.fixture
def real_clock() -> Iterator[None]:
    """Let a test see the real time, as what it meets outside this process has no other."""
    _stop()
    yield
    _start()


def _start() -> None:
    travel = time_machine.travel(datetime.now(UTC) + timedelta(seconds=float(os.environ[MOVED_BY])), tick=True)
    travel.start()
    _travellers.append(travel)


def _stop() -> None:
    _travellers.pop().stop()
