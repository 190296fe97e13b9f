"""What staff say to a proposal: accepted, changed, held fixed, refused with a reason, and made a project."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.projects import policy
from lianxin.domain.projects.commands import found
from lianxin.domain.projects.commands.projects import save_project
from lianxin.domain.projects.models import ForbiddenPair, MatchRun, Project, Proposal, ProposalNeed
from lianxin.domain.projects.rules.contents import Content
from lianxin.domain.resources.commands import promises
from lianxin.domain.resources.models import Offer
from lianxin.platform import locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused
from lianxin.platform.models import kind_of

State = Proposal.State
LONGEST_REASON = 200
LONGEST = timedelta(hours=12)


class AlreadyDecided(Refused):
    """Somebody has decided this proposal."""

    title = gettext_lazy("This proposal has been decided already. Change the project that came of it instead.")


class Outdated(Refused):
    """The proposal belongs to a run that was replaced."""

    title = gettext_lazy("A later run has replaced this proposal. Open the latest run.")


@command("projects.accept_proposal")
def accept(
    *,
    actor: Actor,
    proposal: UUID,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    people: int | None = None,
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Project:
    """Accept a proposal, as it is or with another time or number: a draft of a project and a promise of the giver."""
    row = _open(actor, proposal, version)
    changes: dict[str, list[object]] = {}
    if starts_at is not None or ends_at is not None:
        _check_times(starts_at, ends_at, at)
        changes["starts_at"] = [row.starts_at, starts_at]
        row.starts_at, row.ends_at = starts_at, ends_at
    if people is not None and people != row.people:
        if people < 1:
            raise Invalid(fields={"people": [_("Enter for how many people: at least 1.")]})
        changes["people"] = [row.people, people]
        row.people = people
    if row.starts_at is None or row.ends_at is None:
        raise Invalid(fields={"starts_at": [_("Choose a day and a time first.")]})
    row.state = State.CHANGED if changes else State.ACCEPTED
    row.is_locked = True
    row.project = _project_of(row, actor, at)
    promises.promise(
        actor=actor,
        offer=row.offer_id,
        on=local_day(row.starts_at),
        quantity=row.times,
        record_kind=kind_of(row.project),
        record_id=row.project.pk,
        community=row.community_id,
        at=at,
    )
    _decide(row, actor, at)
    act().target(row, "accepted", changes)
    return row.project


@command("projects.refuse_proposal")
def refuse(
    *,
    actor: Actor,
    proposal: UUID,
    refusal: str,
    reason: str = "",
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Proposal:
    """Refuse a proposal for one of the reasons; the next run keeps to it."""
    row = _open(actor, proposal, version)
    words = reason.strip()
    if refusal not in Proposal.Refusal.values:
        raise Invalid(fields={"refusal": [_("Choose why.")]})
    if len(words) > LONGEST_REASON or (refusal == Proposal.Refusal.OTHER and not words):
        raise Invalid(fields={"reason": [_("Say why in at most %(most)d characters.") % {"most": LONGEST_REASON}]})
    row.state, row.refusal, row.reason, row.is_locked = State.REFUSED, refusal, words, False
    _decide(row, actor, at)
    act().target(row, "refused", {"refusal": ["", refusal]})
    act().note(reason=words)
    return row


@command("projects.lock_proposal")
def lock(*, actor: Actor, proposal: UUID, holds: bool, version: int | None = None, at: datetime) -> Proposal:
    """Hold a proposal fixed so that the next run plans around it, or let it go again."""
    row = _open(actor, proposal, version)
    if row.is_locked != holds:
        row.is_locked = holds
        row.version += 1
        row.save(update_fields=["is_locked", "version"])
        act().target(row, "held fixed" if holds else "let go")
    return row


@command("projects.forbid_pair")
def forbid_pair(*, actor: Actor, offer: UUID, community: UUID, reason: str, at: datetime) -> ForbiddenPair:
    """Keep an offer away from a community until somebody allows it again; said twice, it is once."""
    policy.require(policy.may_plan(actor, community))
    words = reason.strip()
    if not words or len(words) > LONGEST_REASON:
        raise Invalid(fields={"reason": [_("Say why in at most %(most)d characters.") % {"most": LONGEST_REASON}]})
    with scope.everything():
        if not Offer.objects.filter(pk=offer).exists():
            raise Missing
    row, made = ForbiddenPair.objects.get_or_create(
        offer_id=offer,
        community_id=community,
        ended_at=None,
        defaults={"reason": words, "made_by": actor.account, "made_at": at},
    )
    if made:
        act().target(row, "forbidden")
        act().note(reason=words)
    return row


@command("projects.allow_pair")
def allow_pair(*, actor: Actor, pair: UUID, at: datetime) -> ForbiddenPair:
    """Let an offer go to a community again."""
    row: ForbiddenPair | None = locks.lock_one(ForbiddenPair.objects.filter(pk=pair))
    if row is None:
        raise Missing
    policy.require(policy.may_plan(actor, row.community_id))
    if row.ended_at is None:
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        act().target(row, "allowed again")
    return row


def _open(actor: Actor, pk: UUID, version: int | None) -> Proposal:
    row: Proposal | None = locks.lock_one(Proposal.objects.filter(pk=pk).select_related("offer", "category", "run"))
    if row is None:
        raise Missing
    policy.require(policy.may_plan(actor, row.community_id))
    found.require_version(row, version)
    if row.state == State.REPLACED:
        raise Outdated
    if row.state != State.PROPOSED:
        raise AlreadyDecided
    return row


def _check_times(starts_at: datetime | None, ends_at: datetime | None, at: datetime) -> None:
    if starts_at is None or ends_at is None or ends_at <= starts_at or ends_at - starts_at > LONGEST:
        raise Invalid(fields={"ends_at": [_("It must end after it begins, on the same day.")]})
    if starts_at < at:
        raise Invalid(fields={"starts_at": [_("This time is over already. Choose one that is still to come.")]})


def _decide(row: Proposal, actor: Actor, at: datetime) -> None:
    row.decided_by, row.decided_at = actor.account, at
    row.version += 1
    row.save()


def _project_of(row: Proposal, actor: Actor, at: datetime) -> Project:
    assert row.starts_at is not None
    with scope.everything():
        needs = tuple(ProposalNeed.objects.filter(proposal=row).order_by("need").values_list("need", flat=True))
        near = tuple(row.neighbours.order_by("community").values_list("community", flat=True))
    day = local_day(row.starts_at)
    last = row.run.until_on if row.run.kind == MatchRun.Kind.MONTHLY and row.times > 1 else day
    return save_project(
        actor=actor,
        project=None,
        content=Content(
            community=row.community_id,
            category=row.category_id,
            title=row.offer.title[:80],
            purpose=row.offer.description[:300],
            from_on=day,
            until_on=max(day, last),
            occurrences_planned=row.times,
            people_planned=row.people,
            venue=row.venue_id,
            responsible=actor.account,
            responsible_name=actor.name[:40],
            needs=needs,
            offers=(row.offer_id,),
            neighbours=near,
        ),
        at=at,
    )
