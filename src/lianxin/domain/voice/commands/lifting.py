"""Lifting a late case to a harder tier, once from each decision; the office above sees to it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.voice import policy
from lianxin.domain.voice.commands import deciding, found, moving, rates, telling, tier_duties
from lianxin.domain.voice.models import Case, CaseAnswer, CaseStep, TierDecision
from lianxin.domain.voice.models.cases import Tier
from lianxin.domain.voice.rules import states
from lianxin.domain.voice.rules.tiers import BY_HAND, LATE
from lianxin.platform import locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Refused

LIFTED_FROM = ("new", "assigned", "working", "handed")
AT_ONCE = 200


class NothingAbove(Refused):
    """The rules name no harder tier."""

    title = gettext_lazy("The rules name no harder tier for this case.")


@command("voice.lift_late")
def lift_late(*, actor: Actor, community: UUID, at: datetime, key: UUID | None = None) -> int:
    """Lift the late cases of a community as their rules say, tell reporters and the office above; gives how many."""
    policy.require(actor.is_system or policy.may_supervise(actor, community))
    found.community(community)
    act().note(community_id=community)
    wanted = _unmet(_late(at).filter(community=community))[:AT_ONCE]
    rows = locks.lock(Case.objects.filter(pk__in=wanted, state__in=LIFTED_FROM, due_at__lt=at))
    who = states.SYSTEM if actor.is_system else states.SUPERVISOR
    for row in rows:
        _lift(row, who=who, at=at)
    return len(rows)


@command("voice.lift")
def lift(
    *, actor: Actor, case: UUID, words: str, version: int | None = None, at: datetime, key: UUID | None = None
) -> Case:
    """Lift a case by hand to the tier that its rules name above its own, saying why."""
    row = found.case(case, version=version)
    who = moving.acting_as(actor, row, "lift")
    states.next_state(row.state, "lift", who)
    plain = moving.check_words(words, longest=300, ask=_("Write why it is lifted."))
    running = deciding.running_decision(row)
    to = deciding.limits_for(row).lift_to.get(running.tier)
    if to is None:
        raise NothingAbove
    _raise(row, running, to=to, reasons=[[BY_HAND, ""]], words=plain, who=who, at=at)
    return row


def list_late_communities(*, at: datetime) -> list[UUID]:
    """Give the communities with late cases that were not lifted from their running decision yet."""
    with scope.everything():
        wanted = _unmet(_late(at))
        return sorted(set(Case.objects.filter(pk__in=wanted).order_by().values_list("community", flat=True)))


def _late(at: datetime) -> QuerySet[Case]:
    return Case.objects.filter(state__in=LIFTED_FROM, due_at__lt=at, ended_at=None)


def _unmet(late: QuerySet[Case]) -> list[UUID]:
    """Leave out those for which the last step above their tier was taken already: nothing lies higher."""
    ids = list(late.order_by("pk").values_list("pk", flat=True))
    decided = _decided_at(ids)
    told: dict[UUID, datetime] = {}
    for part in _parts(ids):
        steps = CaseStep.objects.filter(case__in=part, act="lift").order_by("done_at")
        told |= dict(steps.values_list("case", "done_at"))
    return [pk for pk in ids if pk in decided and (pk not in told or told[pk] <= decided[pk])]


def _decided_at(ids: list[UUID]) -> dict[UUID, datetime]:
    found_at: dict[UUID, datetime] = {}
    for part in _parts(ids):
        rows = TierDecision.objects.filter(case__in=part).order_by("position")
        found_at |= dict(rows.values_list("case", "decided_at"))
    return found_at


def _parts(ids: list[UUID]) -> Iterable[list[UUID]]:
    return (ids[start : start + 500] for start in range(0, len(ids), 500))


def _lift(case: Case, *, who: states.Who, at: datetime) -> None:
    running = deciding.running_decision(case)
    to = deciding.limits_for(case).lift_to.get(running.tier)
    if to is None or case.is_danger:
        # At the last tier already, or a danger, which a longer term would not make smaller: its step says that it is
        # late, and the office above has it on its list.
        words = _("It was not done by its day.")
        moving.move(case, "lift", who=who, words=words, is_public=True, at=at)
        tier_duties.late(case, at=at)
        return
    _raise(case, running, to=to, reasons=[[LATE, running.tier]], words="", who=who, at=at)


def _raise(
    case: Case,
    running: TierDecision,
    *,
    to: str,
    reasons: list[list[str]],
    words: str,
    who: states.Who,
    at: datetime,
) -> None:
    decision = deciding.append(
        case, tier=to, reasons=reasons, at=at, rules=running.rules, words=words, is_lift=True, by=act().actor.account
    )
    case.lifted += 1
    said = words or _("It was not done by its day, so it is treated as “%(tier)s” now.") % {"tier": Tier(to).label}
    moving.move(case, "lift", who=who, words=said, is_public=True, at=at, changed=["lifted"])
    rates.note_lifted(case, decision, at=at)
    tier_duties.late(case, at=at)
    telling.tell_case(case, kind=CaseAnswer.Kind.LIFTED, words=said, at=at)
