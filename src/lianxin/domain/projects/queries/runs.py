"""Reading runs of the matcher: the list, one run with what it found, one proposal with everything behind it."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from lianxin.domain.needs.models import Need, NeedReport
from lianxin.domain.places.models import Division
from lianxin.domain.places.queries.divisions import list_communities_below
from lianxin.domain.projects import policy
from lianxin.domain.projects.models import MatchRun, Proposal, ProposalNeed, Recruitment, UnservedNeed
from lianxin.domain.resources.models import Offer
from lianxin.platform import audit, scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing

QUOTES = 2
MOST = 50


@dataclass(frozen=True)
class Quote:
    """What somebody said, and for how many days they have waited."""

    words: str
    days: int


def list_runs(*, actor: Actor) -> QuerySet[MatchRun]:
    """Give the runs of the communities in scope and of the divisions above them, the latest first.

    Each has how many proposals it has and how many are decided.
    """
    rows = _runs_around(actor).select_related("community").order_by("-asked_at", "-pk")
    if not policy.may_read_any(actor):
        return rows.none()
    decided = Q(proposals__state__in=["accepted", "changed", "refused"])
    return rows.annotate(found=Count("proposals"), decided=Count("proposals", filter=decided))


def find_run(*, actor: Actor, run: UUID) -> MatchRun:
    """Give a run that the actor may read: of a division in scope, or above the community; raises Missing."""
    row = _runs_around(actor).select_related("community", "follows").filter(pk=run).first()
    if row is None or not policy.may_read_any(actor):
        raise Missing
    return row


def may_match_again(*, actor: Actor, run: MatchRun) -> bool:
    """Tell whether the actor may have the division of a run matched again."""
    return policy.may_match(actor, list_communities_below(run.community_id))


def _runs_around(actor: Actor) -> QuerySet[MatchRun]:
    """Give the runs that concern a community in scope: made for it, or for a division above it."""
    with scope.everything():
        rows = MatchRun.objects.all()
    if actor.communities is None:
        return rows
    mine = Division.objects.filter(pk__in=actor.communities)
    above = Q(community__in=mine.values("parent")) | Q(community__in=mine.values("parent__parent"))
    return rows.filter(Q(community__in=actor.communities) | above)


def list_proposals(*, actor: Actor, run: UUID | None = None, state: str = "") -> QuerySet[Proposal]:
    """Give the proposals in scope, those that serve most first."""
    rows = Proposal.objects.select_related("category", "offer__organisation", "venue", "community")
    rows = rows.order_by("-people", "number", "pk")
    if not policy.may_read_any(actor):
        return rows.none()
    if run is not None:
        rows = rows.filter(run=run)
    return rows.filter(state=state) if state else rows


def find_proposal(*, actor: Actor, proposal: UUID) -> Proposal:
    """Give a proposal of a community in scope; raises Missing."""
    row = (
        Proposal.objects.select_related(
            "category", "offer__organisation", "offer__person", "venue", "room", "community", "run", "project"
        )
        .filter(pk=proposal)
        .first()
    )
    if row is None or not policy.may_read(actor, row.community_id):
        raise Missing
    return row


def needs_behind(proposal: UUID) -> list[ProposalNeed]:
    """Give the needs behind a proposal, those of most people first."""
    with scope.everything():
        rows = ProposalNeed.objects.filter(proposal=proposal).select_related("need__community")
        return list(rows.order_by("-people", "need__number"))


def quotes_for(row: Proposal) -> list[Quote]:
    """Give two voices behind a proposal in their own words, those that have waited longest; nobody is named."""
    with scope.everything():
        voices = NeedReport.objects.filter(
            state=NeedReport.State.JOINED,
            need__in=ProposalNeed.objects.filter(proposal=row.pk).values("need"),
            community=row.community_id,
        ).order_by("heard_at", "pk")[:QUOTES]
        return [Quote(one.words, max(0, (row.run.asked_at - one.heard_at).days)) for one in voices]


def unserved_of(*, actor: Actor, run: UUID) -> list[tuple[str, int, int]]:
    """Give (reason, needs, people) of what a run left out in scope, the most people first."""
    rows = UnservedNeed.objects.filter(run=run).order_by().values_list("reason")
    counted = rows.annotate(needs=Count("pk"), n=Sum("people")).values_list("reason", "needs", "n")
    return sorted(counted, key=lambda one: (-(one[2] or 0), one[0]))


def list_unserved(*, actor: Actor, run: UUID, reason: str = "") -> QuerySet[UnservedNeed]:
    """Give the needs that a run left out in scope, each with its reason."""
    rows = UnservedNeed.objects.filter(run=run).select_related("need__category", "community")
    rows = rows.filter(reason=reason) if reason else rows
    return rows.order_by("-people", "pk")


def recruitment_of(*, actor: Actor, run: UUID) -> list[Recruitment]:
    """Give whom to look for in scope: what one more of would serve how many."""
    rows = Recruitment.objects.filter(run=run).select_related("category", "community")
    return list(rows.order_by("-serves", "pk"))


def open_needs(*, community: UUID) -> list[Need]:
    """Give the open entries of a community's needs list, for choosing; the most urgent first."""
    rows = Need.objects.filter(community=community, state__in=["open", "partly", "planned"]).select_related("category")
    return list(rows.order_by("-priority", "number")[:200])


def timeline_of(*, actor: Actor, kind: str, record: UUID) -> list[audit.TimelineEntry]:
    """Give the newest entries about a record of this module in scope."""
    policy.require(policy.may_read_any(actor))
    with scope.within(actor.communities):
        return audit.entries_for(kind, record, limit=MOST)


def open_offers(*, community: UUID) -> list[Offer]:
    """Give the active offers of a community, for choosing."""
    rows = Offer.objects.filter(community=community, state=Offer.State.ACTIVE).select_related("organisation")
    return list(rows.order_by("title", "pk")[:200])
