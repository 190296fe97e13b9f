"""What the worker does about a run of the matcher: a plan within seconds, then a better month in the background."""

import logging
import time
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.projects.commands import matching
from lianxin.domain.projects.models import MatchRun
from lianxin.domain.projects.queries import problems
from lianxin.platform import clock, scope, tasks
from lianxin.platform.actors import Actor

if TYPE_CHECKING:
    from lianxin.engines.matching.model import problem as engine
    from lianxin.engines.matching.model.plan import Result

log = logging.getLogger(__name__)
BETTER_TASK = "projects.match_better"
BETTER_SECONDS = 240.0


@tasks.task(matching.TASK, lane=tasks.LONG)
def solve(job: tasks.Running, *, run: str) -> None:
    """Compute a run and keep it; a month gets more time afterwards, behind what else waits."""
    row = matching.start_match(actor=Actor.system(), run=UUID(run), at=clock.now())
    if row is None:
        return
    result = _try(row, seconds=matching.SECONDS[row.kind])
    if result is None:
        return
    kept = matching.keep_match(actor=Actor.system(), run=row.pk, result=result, at=clock.now())
    is_best = 0 <= result.bound <= result.objective
    if kept.kind == MatchRun.Kind.MONTHLY and not is_best:
        tasks.enqueue_for_system(BETTER_TASK, args={"run": run}, key=f"{BETTER_TASK}:{run}", at=clock.now())


@tasks.task(BETTER_TASK, lane=tasks.LONG)
def improve(job: tasks.Running, *, run: str) -> None:
    """Look longer for a better month; what it finds takes the first plan's place while nobody has decided anything."""
    with scope.everything():
        row = MatchRun.objects.filter(pk=UUID(run), state=MatchRun.State.DONE).first()
        if row is None or matching.is_decided(row):
            return
    problem = _problem(row)
    if _digest(problem) != row.inputs_digest:
        return  # the records moved on: a plan of other records is no better one of these
    result = _match(problem, seconds=BETTER_SECONDS)
    matching.keep_match(actor=Actor.system(), run=row.pk, result=result, at=clock.now())


def _try(row: MatchRun, *, seconds: float) -> "Result | None":
    """Solve; what cannot be computed is noted with the run, so that whoever asked reads it there."""
    from lianxin.engines.matching.checker import BrokenPlan
    from lianxin.engines.matching.fields import BadFile

    problem = _problem(row)
    if not problem.needs:
        words = _("No need is open and confirmed here, so there is nothing to match.")
        matching.fail_match(actor=Actor.system(), run=row.pk, failure=words, at=clock.now())
        return None
    try:
        return _match(problem, seconds=seconds)
    except (BadFile, BrokenPlan, ArithmeticError, LookupError, ValueError) as error:
        log.exception("run %s could not be computed", row.pk)
        said = next(iter(getattr(error, "sentences", ())), str(error))
        words = _("The records could not be matched: %(reason)s") % {"reason": said}
        matching.fail_match(actor=Actor.system(), run=row.pk, failure=words, at=clock.now())
        return None


def _problem(row: MatchRun) -> "engine.Problem":
    with scope.everything():
        return problems.build(run=row, at=row.asked_at)


def _match(problem: "engine.Problem", *, seconds: float) -> "Result":
    from lianxin.engines.matching.runs import match

    return match(problem, cpu=time.process_time, wall=time.monotonic, seconds=seconds)


def _digest(problem: "engine.Problem") -> str:
    from lianxin.engines.matching.measures import digest

    return digest(problem)
