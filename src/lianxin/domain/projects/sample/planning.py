"""Runs of the matcher over the sample's own needs and offers, as the worker makes them, with a budget of steps."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from lianxin.domain.needs.models import Need
from lianxin.domain.places.models import Division, Level
from lianxin.domain.projects.commands import matching
from lianxin.domain.projects.models import MatchRun
from lianxin.domain.projects.queries import problems
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command

if TYPE_CHECKING:
    from lianxin.engines.matching.model import problem as engine

SECONDS, LOOKS, OVER = 60.0, 400, 1e6
TAKES = timedelta(seconds=9)


class StandingClock:
    """A clock for the engine that stands still for so many looks, then says that time is over.

    A plan that ended with a number of seconds would be another one on another machine.
    """

    def __init__(self, looks: int = LOOKS) -> None:
        self.left = looks

    def __call__(self) -> float:
        """Say what time it is."""
        self.left -= 1
        return 0.0 if self.left > 0 else OVER


@command("projects.begin_sample_run")
def begin_run(*, actor: Actor, division: UUID, kind: str, asked_by: UUID | None, at: datetime) -> MatchRun:
    """Note that the office asked for a run then; it is solved here and not left to the worker, who builds this."""
    from_on, until_on = problems.horizon_of(kind, local_day(at))
    row = MatchRun.objects.create(
        community_id=division,
        kind=kind,
        from_on=from_on,
        until_on=until_on,
        is_sample=True,
        asked_by=asked_by,
        asked_at=at,
    )
    act().target(row, "asked for")
    return row


def plan_once(*, kind: str, asked_by: UUID | None, at: datetime, heard_until: date | None = None) -> MatchRun | None:
    """Give the run of the whole district that was asked for at a moment, solved and kept; None with nothing to match.

    What is there is not solved again. `heard_until` leaves out what somebody still said after that day.
    """
    from lianxin.engines.matching.runs import match

    system = Actor.system(via="cli")
    with scope.everything():
        district = Division.objects.get(level=Level.DISTRICT).pk
        from_on, _until = problems.horizon_of(kind, local_day(at))
        there = MatchRun.objects.filter(community=district, kind=kind, from_on=from_on, is_sample=True)
        row = there.order_by("asked_at").first()
        if row is None:
            row = begin_run(actor=system, division=district, kind=kind, asked_by=asked_by, at=at)
        if row.state not in (MatchRun.State.WAITING, MatchRun.State.RUNNING):
            return row if row.state == MatchRun.State.DONE else None
        problem = problems.build(run=row, at=row.asked_at)
        if heard_until is not None:
            problem = _as_heard(problem, heard_until)
    if not problem.needs:
        matching.fail_match(actor=system, run=row.pk, failure="这段时间没有可以安排的需求。", at=at + TAKES)
        return None
    matching.start_match(actor=system, run=row.pk, at=at + TAKES / 3)
    began = time.process_time()
    result = match(problem, cpu=StandingClock(), seconds=SECONDS)
    result = replace(result, cpu_seconds=round(time.process_time() - began, 3))
    return matching.keep_match(actor=system, run=row.pk, result=result, at=at + TAKES)


def _as_heard(problem: engine.Problem, until: date) -> engine.Problem:
    known = set(Need.objects.filter(last_heard_on__lte=until).values_list("pk", flat=True))
    return replace(problem, needs=tuple(one for one in problem.needs if UUID(one.id) in known))
