"""Take-overs of paper passbooks: the lists, what they come to, and their lines."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Sum

from lianxin.domain.points import policy
from lianxin.domain.points.models import Objection, TakeOver, TakeOverLine
from lianxin.domain.points.queries.passbooks import masked_heads
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing

PAGE = 50
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class TakeOverTotals:
    """What a list comes to: those who sign count the same on paper."""

    households: int
    papers: int
    points: int
    by_day: list[tuple[date, int, int]]


@dataclass(frozen=True, slots=True)
class TakeOverBundle:
    """Everything that a take-over's page shows; `by_day` of the totals holds last day, households and points."""

    row: TakeOver
    totals: TakeOverTotals
    shown_until: date | None
    open_objections: int


@dataclass(frozen=True, slots=True)
class TakeOverLineRow:
    """One line of a list."""

    id: UUID
    household: UUID
    household_number: str
    masked_head: str
    paper_number: str
    points: int
    expires_on: date
    is_posted: bool


@dataclass(frozen=True, slots=True)
class TakeOverLines:
    """A page of lines in the order of household numbers; `after` fetches the next one."""

    rows: list[TakeOverLineRow]
    after: str


def list_take_overs(*, actor: Actor, community: UUID | None = None) -> list[TakeOver]:
    """List the take-overs in scope, newest first."""
    policy.require(policy.may_see_points(actor))
    with scope.within(actor.communities):
        rows = TakeOver.objects.select_related("notice").order_by("-entered_at", "-pk")
        return list(rows.filter(community=community) if community else rows)


def find_take_over(*, actor: Actor, take_over: UUID) -> TakeOverBundle:
    """Give one take-over with its totals; raises Missing."""
    policy.require(policy.may_see_points(actor))
    with scope.within(actor.communities):
        row = TakeOver.objects.filter(pk=take_over).select_related("notice").first()
        if row is None:
            raise Missing
        objections = Objection.objects.filter(notice=row.notice_id, state=Objection.State.OPEN)
        return TakeOverBundle(
            row=row,
            totals=totals_of(row),
            shown_until=row.notice.shown_until if row.notice else None,
            open_objections=objections.count() if row.notice_id else 0,
        )


def totals_of(take_over: TakeOver) -> TakeOverTotals:
    """Add a list up; within an active scope."""
    lines = TakeOverLine.objects.filter(take_over=take_over).order_by()
    sums = lines.aggregate(households=Count("household", distinct=True), points=Sum("points"))
    by_day = lines.values_list("expires_on").annotate(homes=Count("household", distinct=True), points=Sum("points"))
    return TakeOverTotals(
        households=sums["households"],
        papers=lines.exclude(paper_number="").values("paper_number").distinct().count(),
        points=sums["points"] or 0,
        by_day=list(by_day.order_by("expires_on")),
    )


def list_take_over_lines(*, actor: Actor, take_over: UUID, after: str = "", limit: int = PAGE) -> TakeOverLines:
    """List the lines of a take-over; raises Missing."""
    policy.require(policy.may_see_points(actor))
    size = min(max(limit, 1), MOST_SHOWN)
    with scope.within(actor.communities):
        if not TakeOver.objects.filter(pk=take_over).exists():
            raise Missing
        lines = TakeOverLine.objects.filter(take_over=take_over).select_related("household")
        place = 0
        if after:
            if not after.isdecimal():
                raise Missing
            place = int(after)
        ordered = lines.order_by("household__number", "household_id", "expires_on")
        found = list(ordered[place : place + size + 1])
        heads = masked_heads([line.household_id for line in found[:size]])
    return TakeOverLines(
        rows=[
            TakeOverLineRow(
                id=line.pk,
                household=line.household_id,
                household_number=line.household.number,
                masked_head=heads.get(line.household_id, ""),
                paper_number=line.paper_number,
                points=line.points,
                expires_on=line.expires_on,
                is_posted=line.txn_id is not None,
            )
            for line in found[:size]
        ],
        after=str(place + size) if len(found) > size else "",
    )
