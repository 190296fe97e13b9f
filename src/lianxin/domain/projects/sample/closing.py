"""The end of last month's projects in the sample: promises noted, projects closed, askers asked and told."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from random import Random
from uuid import UUID

from lianxin.domain.needs.commands.answers import note_told, say_met
from lianxin.domain.needs.models import Answer, NeedReport
from lianxin.domain.projects.commands import projects
from lianxin.domain.projects.models import Project, ProjectNeed
from lianxin.domain.resources.commands import promises
from lianxin.domain.resources.models import Promise
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_moment

from . import words
from .months import Months

MOST_SAYS, SAYS_SHARE = 6, 0.6
LATELY = 9
LEFT_TO_TELL = timedelta(days=3)


def close_month(months: Months, community: UUID, actor: Actor, dice: Random, *, turn: int) -> None:
    """Close what took place in a community, look back on every other one, and tell who waits for an answer."""
    plan = months.plan
    with scope.everything():
        rows = list(Project.objects.filter(community=community, is_sample=True).order_by("number"))
    ended = [row for row in rows if row.state == Project.State.RUNNING and row.until_on < plan.today]
    for row in rows:
        _note_promises(row, actor, months)
    for place, row in enumerate(ended, start=turn):
        is_old = place % 2 == 0
        last = local_moment(row.until_on + timedelta(days=2), time(10, 20))
        lately = local_moment(plan.day(dice.randint(3, LATELY)), time(10, 20))
        at = months.not_after_now(last if is_old else max(last, lately))
        spent = max(0, row.budget_fen - dice.randint(0, 60) * 100) if row.budget_fen else None
        projects.finish(actor=actor, project=row.pk, spent_fen=spent, at=at)
        _let_askers_say(row, actor, dice, months, at)
        if is_old:
            looked = months.not_after_now(at + timedelta(days=6))
            projects.evaluate(actor=actor, project=row.pk, review=dice.choice(words.REVIEWS), at=looked)
    _tell_who_waits(months, community, actor)


def _note_promises(row: Project, actor: Actor, months: Months) -> None:
    """Note what became of what was promised for a project."""
    with scope.everything():
        found = list(
            Promise.objects.filter(record_id=row.pk, state=Promise.State.OPEN, on__lt=months.plan.today).order_by("pk")
        )
    for promise in found:
        at = months.not_after_now(local_moment(promise.on + timedelta(days=1), time(9)))
        if row.state == Project.State.CANCELLED:
            promises.excuse(actor=actor, promise=promise.pk, reason=row.state_reason[:200], at=at)
        elif row.occurrences_held:
            promises.keep(actor=actor, promise=promise.pk, at=at)
        else:
            promises.break_(actor=actor, promise=promise.pk, reason="当天没有人来", at=at)


def _let_askers_say(row: Project, actor: Actor, dice: Random, months: Months, at: datetime) -> None:
    """Let some of the askers say whether it was met, a day or more after they were asked."""
    with scope.everything():
        needs = ProjectNeed.objects.filter(project=row.pk).values("need")
        asked = NeedReport.objects.filter(
            need__in=needs, state=NeedReport.State.JOINED, community=row.community_id, met=""
        )
        voices = list(asked.order_by("heard_at", "pk").values_list("pk", flat=True))
    for place, pk in enumerate(voices[:MOST_SAYS]):
        if dice.random() < SAYS_SHARE:
            met, _weight, said = dice.choices(words.SAYS, [weight for _met, weight, _said in words.SAYS])[0]
            when = months.not_after_now(at + timedelta(days=1 + place % 3, hours=place))
            say_met(actor=actor, report=pk, met=met, words=said, at=when)


def _tell_who_waits(months: Months, community: UUID, actor: Actor) -> None:
    """Note that those were called or handed their paper who have waited longest; the last ones are left to do."""
    until = months.plan.at - LEFT_TO_TELL
    with scope.everything():
        waiting = Answer.objects.filter(
            community=community, state__in=[Answer.State.TO_TELL, Answer.State.TO_HAND], made_at__lt=until
        )
        found = list(waiting.order_by("made_at", "pk").values_list("pk", flat=True))
    if found:
        note_told(actor=actor, answers=found, at=until)
