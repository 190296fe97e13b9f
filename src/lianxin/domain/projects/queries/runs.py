"""Reading runs of the matcher: the list, one run with what it found, one proposal with everything behind it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import (
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextField,
    Value,
)
from django.db.models.functions import Cast

from lianxin.domain.needs.models import Need, NeedReport
from lianxin.domain.places.models import Division, Level
from lianxin.domain.places.queries.divisions import list_communities_below
from lianxin.domain.projects import policy
from lianxin.domain.projects.models import (
    MatchRun,
    ProjectCommunity,
    ProjectNeed,
    ProjectOffer,
    Proposal,
    ProposalCommunity,
    ProposalNeed,
    Recruitment,
    UnservedNeed,
)
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


@dataclass(frozen=True, slots=True)
class NeedBehind:
    """A need behind a proposal, and how many of its people it serves."""

    need: UUID
    title: str
    community: UUID
    community_name: str
    people: int


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind a proposal: needs, and (name, people) of neighbours that come along."""

    needs: list[NeedBehind]
    neighbours: list[tuple[str, int]]


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


def behind(proposal: UUID) -> Behind:
    """Give the needs behind a proposal, those of most people first, and the neighbours that come along; one query."""

    def part(rows: QuerySet[Any], to: str, title: Any, place: str, number: Any) -> QuerySet[Any]:
        return (
            rows.order_by()
            .annotate(
                _to=F(to),
                _title=Cast(title, TextField()),
                _place=F(place + "_id"),
                _name=Cast(F(place + "__short_name"), TextField()),
                _people=Cast(F("people"), IntegerField()),
                _number=Cast(number, IntegerField()),
            )
            .values_list("_to", "_title", "_place", "_name", "_people", "_number")
        )

    with scope.everything():
        needs = ProposalNeed.objects.filter(proposal=proposal)
        near = ProposalCommunity.objects.filter(proposal=proposal)
        rows = list(
            part(needs, "need_id", F("need__title"), "need__community", F("need__number")).union(
                part(near, "community_id", Value(""), "community", Value(0)), all=True
            )
        )
    rows.sort(key=lambda row: (-row[4], row[5], str(row[0])))
    return Behind(
        [NeedBehind(*row[:5]) for row in rows if row[1]],
        [(row[3], row[4]) for row in rows if not row[1]],
    )


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


def open_needs(*, communities: Collection[UUID], project: UUID | None = None) -> list[Need]:
    """Give the open entries of communities that plan together, for choosing, and those that a project answers already.

    The most urgent come first; `tied` says which the project answers. One query.
    """
    live = Q(community__in=communities, state__in=["open", "partly", "planned"])
    with scope.everything():
        mine = ProjectNeed.objects.filter(project=project, need=OuterRef("pk"))
        rows = Need.objects.annotate(tied=Exists(mine)).filter(live | Q(tied=True)).select_related("community")
        return list(rows.order_by("-tied", "-priority", "number")[:200])


def timeline_of(*, actor: Actor, kind: str, record: UUID) -> list[audit.TimelineEntry]:
    """Give the newest entries about a record of this module in scope."""
    policy.require(policy.may_read_any(actor))
    with scope.within(actor.communities):
        return audit.entries_for(kind, record, limit=MOST)


def open_offers(*, communities: Collection[UUID], project: UUID | None = None) -> list[Offer]:
    """Give the active offers of communities that plan together, and those that a project uses already; one query."""
    live = Q(community__in=communities, state=Offer.State.ACTIVE)
    with scope.everything():
        mine = ProjectOffer.objects.filter(project=project, offer=OuterRef("pk"))
        rows = Offer.objects.annotate(tied=Exists(mine)).filter(live | Q(tied=True)).select_related("organisation")
        return list(rows.order_by("-tied", "title", "pk")[:200])


def neighbours_to_choose(*, community: UUID, project: UUID | None = None) -> list[Division]:
    """Give the communities of the same subdistrict, and those that take part already (`tied`); one query."""
    home = Division.objects.filter(pk=community).values("parent")[:1]
    near = Q(parent=Subquery(home), ended_on__isnull=True)
    with scope.everything():
        mine = ProjectCommunity.objects.filter(project=project, community=OuterRef("pk"))
        rows = Division.objects.filter(level=Level.COMMUNITY).annotate(tied=Exists(mine))
        return list(rows.filter(near | Q(tied=True)).exclude(pk=community).order_by("code"))
