"""Runs of the matcher: asked for, solved by the worker, kept with their proof, replaced by later ones."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.needs.models import Need
from lianxin.domain.places.models import Room, ServiceCategory
from lianxin.domain.places.queries.divisions import list_communities_below
from lianxin.domain.projects import policy
from lianxin.domain.projects.models import (
    MatchRun,
    Proposal,
    ProposalCommunity,
    ProposalNeed,
    Recruitment,
    UnservedNeed,
)
from lianxin.domain.projects.queries import problems
from lianxin.domain.projects.rules import slots as times
from lianxin.domain.resources.queries import candidates
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
AT_ONCE = 500


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
    _proposals(row, result)
    _unserved(row, result)
    _recruitment(row, result)
    row.state, row.done_at = State.DONE, at
    row.inputs_digest, row.method = result.digest, result.solver[:40]
    row.value, row.bound, row.cpu_seconds = result.objective, result.bound, result.cpu_seconds
    row.metrics = _metrics(result)
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


def _proposals(row: MatchRun, result: "engine.Result") -> None:
    codes = {code: pk for pk, code in ServiceCategory.objects.values_list("pk", "code")}
    rooms = Room.objects.in_bulk([UUID(one.venue) for one in result.plan.proposals if one.venue])
    homes = dict(Need.objects.filter(pk__in=_served(result)).values_list("pk", "community_id"))
    moments = _moments(row, result.plan.proposals)
    made, needs, near = [], [], []
    for number, (one, moment) in enumerate(zip(result.plan.proposals, moments, strict=True), 1):
        room = rooms.get(UUID(one.venue)) if one.venue else None
        why = result.explanations[number - 1] if result.explanations else None
        proposal = Proposal(
            community_id=UUID(one.community),
            run=row,
            number=number,
            category_id=codes[one.category],
            offer_id=UUID(one.offer),
            venue_id=room.venue_id if room else None,
            room=room,
            starts_at=moment[0] if moment else None,
            ends_at=moment[1] if moment else None,
            people=max(1, one.people),
            value=sum(why.score.values()) if why else 0.0,
            explanation={"slot": one.slot} | (_explained(why) if why else {}),
            is_locked=one.locked,
        )
        made.append(proposal)
        counted: Counter[UUID] = Counter()
        for need, people in one.served:
            needs.append(ProposalNeed(proposal=proposal, need_id=UUID(need), people=people))
            counted[homes[UUID(need)]] += people
        near += [
            ProposalCommunity(proposal=proposal, community_id=community, people=people)
            for community, people in sorted(counted.items())
            if community != proposal.community_id
        ]
    Proposal.objects.bulk_create(made, batch_size=AT_ONCE)
    ProposalNeed.objects.bulk_create(needs, batch_size=AT_ONCE)
    ProposalCommunity.objects.bulk_create(near, batch_size=AT_ONCE)


def _served(result: "engine.Result") -> set[UUID]:
    return {UUID(need) for one in result.plan.proposals for need, _people in one.served}


def _explained(why: "engine.Explanation") -> dict[str, Any]:
    return {
        "needs": why.needs,
        "oldest_waiting_days": why.oldest_waiting_days,
        "quotes": list(why.quotes),
        "level": why.level,
        "metres": why.metres,
        "kept": why.kept,
        "promised": why.promised,
        "could_come_then": why.could_come_then,
        "score": {name: round(value, 3) for name, value in why.score.items()},
        "next_best_offer": why.next_best_offer,
        "loss_without": round(why.loss_without, 3),
        "community_rate": round(why.community_rate, 4),
        "community_rate_without": round(why.community_rate_without, 4),
        "lowest_rate": round(why.lowest_rate, 4),
        "lowest_rate_without": round(why.lowest_rate_without, 4),
    }


def _moments(row: MatchRun, proposals: Sequence["engine.Proposal"]) -> list[tuple[datetime, datetime] | None]:
    """Choose a day in the slot of each proposal: no offer twice on a day, no room twice on a part of it; in order."""
    offers = {
        str(one.id): one
        for one in candidates.for_matching(
            communities=None, from_on=row.from_on, until_on=row.until_on + timedelta(days=1)
        )
    }
    slots = {one.id: one for one in times.slots_between(row.from_on, row.until_on)}
    taken: set[tuple[str, str]] = set()
    chosen: list[tuple[datetime, datetime] | None] = []
    for one in proposals:
        offer, slot = offers.get(one.offer), slots.get(one.slot)
        moment = None
        if offer is not None and slot is not None:
            for starts_at in times.days_that_fit(
                slot,
                minutes=offer.minutes,
                windows=offer.weekly,
                away=offer.exceptions,
                first_on=offer.first_on,
                last_on=offer.last_on,
            ):
                day = starts_at.date().isoformat()
                uses = {(one.offer, day)} | ({(one.venue, f"{day} {slot.part}")} if one.venue else set())
                if not uses & taken:
                    taken |= uses
                    moment = (starts_at, starts_at + timedelta(minutes=offer.minutes))
                    break
        chosen.append(moment)
    return chosen


def _unserved(row: MatchRun, result: "engine.Result") -> None:
    homes = dict(
        Need.objects.filter(pk__in=[UUID(one.need) for one in result.unserved]).values_list("pk", "community_id")
    )
    UnservedNeed.objects.bulk_create(
        (
            UnservedNeed(
                community_id=homes[UUID(one.need)],
                run=row,
                need_id=UUID(one.need),
                people=one.people,
                reason=one.reason,
            )
            for one in result.unserved
        ),
        batch_size=AT_ONCE,
    )


def _recruitment(row: MatchRun, result: "engine.Result") -> None:
    codes = {code: pk for pk, code in ServiceCategory.objects.values_list("pk", "code")}
    Recruitment.objects.bulk_create(
        Recruitment(
            community_id=UUID(one.community),
            run=row,
            category_id=codes[one.category],
            slot=one.slot[:20],
            serves=one.serves,
            price=one.gain,
        )
        for one in result.recruitment
    )


def _metrics(result: "engine.Result") -> dict[str, Any]:
    def told(one: "engine.Metrics") -> dict[str, Any]:
        return {
            "asked": one.asked,
            "served": one.served,
            "rates": {community: round(rate, 4) for community, rate in one.rates.items()},
            "lowest": round(one.lowest, 4),
            "tenth": round(one.tenth, 4),
            "gini": round(one.gini, 4),
            "gini_of_reachable": round(one.gini_of_reachable, 4),
        }

    return {
        "needs": len(_served(result) | {UUID(one.need) for one in result.unserved}),
        "before": told(result.before),
        "after": told(result.after),
        "reach": {community: round(rate, 4) for community, rate in result.reach.items()},
        "gap": result.gap,
        "price_of_fairness": result.price_of_fairness,
    }
