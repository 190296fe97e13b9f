"""What happens in a pilot community, step by step in the order of time, a quarter of a year in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db import transaction

from lianxin.domain.points.ledger import sealing
from lianxin.domain.points.models import Seal
from lianxin.platform import scope
from lianxin.platform.clock import local_moment
from lianxin.platform.sample import Plan

from .pilots import Pilot

OTHER_STEPS = "steps of pilot communities"
"""Under this name a higher module leaves in `plan.notes` functions from a pilot to its own steps."""


class Step(NamedTuple):
    """Something that happens at a moment; `do` is given the moment."""

    at: datetime
    do: Callable[[datetime], object]
    is_seal: bool = False


def step(on: date, hour: int, do: Callable[[datetime], object], minute: int = 0) -> Step:
    """Give a step at an hour of a day."""
    return Step(local_moment(on, time(hour, minute)), do)


def told_by_others(plan: Plan, pilot: Pilot) -> Iterator[Step]:
    """Give the steps that higher modules have for a pilot."""
    for steps_of in plan.notes.get(OTHER_STEPS, ()):
        yield from steps_of(pilot)


def seals(pilot: Pilot) -> Iterator[Step]:
    """Seal the book at the end of each quarter, and on the sample's own day."""

    def seal(at: datetime) -> None:
        with scope.everything():
            sealing.seal_book(book=pilot.book().pk, at=at)

    for last in quarter_ends(pilot.switched_on, pilot.plan.day(1)):
        yield Step(local_moment(last, time(23, 50)), seal, is_seal=True)
    yield Step(pilot.plan.at, seal, is_seal=True)


def quarter_ends(since: date, until: date) -> Iterator[date]:
    """Give the last days of the quarters that end in these days."""
    for year in range(since.year, until.year + 1):
        for month in (4, 7, 10, 13):
            last = date(year + month // 13, month % 12 or 12, 1) - timedelta(days=1)
            if since <= last <= until:
                yield last


def tell(pilot: Pilot, steps: Iterable[Step]) -> None:
    """Do the steps that lie before the sample's day, each quarter whole or not at all.

    A quarter ends with its seal: what an earlier run has sealed is not done again.
    """
    with scope.everything():
        last = Seal.objects.filter(book__community=pilot.community).order_by("-number").first()
    todo = [one for one in steps if one.at <= pilot.plan.at and (last is None or one.at > last.sealed_at)]
    todo.sort(key=lambda one: (one.at, one.is_seal))
    quarter: list[Step] = []
    for one in todo:
        quarter.append(one)
        if one.is_seal:
            _do(quarter)
            quarter = []


def _do(quarter: list[Step]) -> None:
    with transaction.atomic():
        for one in quarter:
            one.do(one.at)
