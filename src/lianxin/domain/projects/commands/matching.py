"""Runs of the matcher: asked for, solved by the worker, kept with their proof, replaced by later ones."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.places.queries.divisions import list_communities_below
from lianxin.domain.projects import policy
from lianxin.domain.projects.commands import match_results
from lianxin.domain.projects.models import (
    MatchRun,
    Proposal,
)
from lianxin.domain.projects.queries import problems
from lianxin.platform import locks, scope, tasks
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused

if TYPE_CHECKING:
    from lianxin.engines.matching.model import plan as engine

State = MatchRun.State
SECONDS = {"weekly": 10.0, "monthly": 5.0}
TASK = "projects.match"
MOST_FAILURE = 300


class StillRunning(Refused):
    """The same matching is being computed already."""

    title = gettext_lazy("This matching is being computed already. It is ready in a minute.")


@command("projects.ask_for_match")
def ask_for_match(
    *,
    actor: Actor,
    division: UUID,
    kind: str,
    follows: UUID | None = None,
    at: datetime,
    key: UUID | None = None,
) -> MatchRun:
    """Ask for a run of a division for the coming week or month; `follows` keeps to what staff decided in that run."""
    policy.require(policy.may_match(actor, list_communities_below(division)))
    if kind not in MatchRun.Kind.values:
        raise Invalid(fields={"kind": [_("Choose a week or a month.")]})
    # A run for several communities belongs to the division above them, which is in nobody's scope but the district's.
    with scope.everything():
        row = _asked(actor, division, kind, follows, at)
    act().target(row, "asked for")
    tasks.enqueue(TASK, args={"run": str(row.pk)}, key=f"{TASK}:{row.pk}")
    return row


def _asked(actor: Actor, division: UUID, kind: str, follows: UUID | None, at: datetime) -> MatchRun:
    from_on, until_on = problems.horizon_of(kind, local_day(at))
    before = None
    if follows is not None:
        before = MatchRun.objects.filter(pk=follows, community=division, kind=kind).first()
        if before is None:
            raise Missing
        from_on, until_on = before.from_on, before.until_on
    locks.advisory(f"projects.match:{division}:{kind}")
    same = MatchRun.objects.filter(community=division, kind=kind, from_on=from_on)
    if same.filter(state__in=[State.WAITING, State.RUNNING], asked_at__gt=at - timedelta(hours=1)).exists():
        raise StillRunning
    return MatchRun.objects.create(
        community_id=division,
        kind=kind,
        from_on=from_on,
        until_on=until_on,
        follows=before,
        asked_by=actor.account,
        asked_at=at,
    )


@command("projects.start_match")
def start_match(*, actor: Actor, run: UUID, at: datetime) -> MatchRun | None:
    """Note that the worker computes a run; None when it was computed meanwhile."""
    policy.require(actor.is_system)
    row = _locked(run)
    if row.state not in (State.WAITING, State.RUNNING):
        return None
    row.state, row.started_at = State.RUNNING, at
    row.save(update_fields=["state", "started_at"])
    act().target(row, "started")
    return row


@command("projects.fail_match")
def fail_match(*, actor: Actor, run: UUID, failure: str, at: datetime) -> MatchRun:
    """Note that a run could not be computed, and why."""
    policy.require(actor.is_system)
    row = _locked(run)
    row.state, row.failure, row.done_at = State.FAILED, (failure or "?")[:MOST_FAILURE], at
    row.version += 1
    row.save(update_fields=["state", "failure", "done_at", "version"])
    act().target(row, "failed")
    return row


@command("projects.keep_match")
def keep_match(*, actor: Actor, run: UUID, result: "engine.Result", at: datetime) -> MatchRun:
    """Keep what a run found: proposals, the one reason of each need left out, whom to look for; it replaces the one
    that it follows. A better plan found later takes the place of the first one while nobody has decided anything."""
    policy.require(actor.is_system)
    row = _locked(run)
    if row.state == State.DONE:
        if is_decided(row) or row.value is None or result.objective <= row.value:
            return row
        _forget(row)
    elif row.state not in (State.WAITING, State.RUNNING):
        return row
    match_results.keep_proposals(row, result)
    match_results.keep_unserved(row, result)
    match_results.keep_recruitment(row, result)
    row.state, row.done_at = State.DONE, at
    row.inputs_digest, row.method = result.digest, result.solver[:40]
    row.value, row.bound, row.cpu_seconds = result.objective, result.bound, result.cpu_seconds
    row.metrics = match_results.metrics_of(result)
    row.version += 1
    row.save()
    _replace_earlier(row)
    act().target(row, "done", {"proposals": [None, len(result.plan.proposals)]})
    return row


def _locked(pk: UUID) -> MatchRun:
    row: MatchRun | None = locks.lock_one(MatchRun.objects.filter(pk=pk))
    if row is None:
        raise Missing
    return row


def is_decided(row: MatchRun) -> bool:
    """Tell whether staff decided or held fixed any proposal of a run."""
    return row.proposals.exclude(state=Proposal.State.PROPOSED, is_locked=False).exists()


def _forget(row: MatchRun) -> None:
    row.proposals.all().delete()
    row.unserved.all().delete()
    row.recruitment.all().delete()


def _replace_earlier(row: MatchRun) -> None:
    """Let earlier runs of the same days be replaced: what was decided in them stays, the rest is outdated."""
    earlier = MatchRun.objects.filter(community=row.community_id, kind=row.kind, from_on=row.from_on, state=State.DONE)
    pks = list(earlier.exclude(pk=row.pk).values_list("pk", flat=True))
    Proposal.objects.filter(run__in=pks, state=Proposal.State.PROPOSED).update(
        state=Proposal.State.REPLACED, version=F("version") + 1
    )
    MatchRun.objects.filter(pk__in=pks).update(state=State.REPLACED, version=F("version") + 1)
