"""A take-over of paper passbooks as its notice shows it: every household masked, with its points by day."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from lianxin.domain.points.models import Notice, TakeOver, TakeOverLine
from lianxin.domain.points.queries.passbooks import masked_heads
from lianxin.platform import scope

PAGE = 100


@dataclass(frozen=True, slots=True)
class ShownPaper:
    """What one household brings along from paper."""

    masked_head: str
    household_number: str
    paper_number: str
    points: int
    expires_on: date


@dataclass(frozen=True, slots=True)
class ShownTakeOver:
    """A page of a list; `after` fetches the next one."""

    lines: list[ShownPaper]
    after: str


def shown_take_over(*, community: UUID, take_over: UUID, on: date, after: str = "", limit: int = PAGE) -> ShownTakeOver:
    """Give the lines of a take-over while its notice is on show, for everybody; nothing after its days."""
    size = min(max(limit, 1), 200)
    place = int(after) if after.isdecimal() and len(after) < 8 else 0
    with scope.within([community]):
        shown = Notice.objects.filter(state=Notice.State.SHOWN, shown_from__lte=on, shown_until__gte=on)
        rows = TakeOver.objects.filter(pk=take_over, notice__in=shown).exclude(state=TakeOver.State.WITHDRAWN)
        lines = TakeOverLine.objects.filter(take_over__in=rows).select_related("household")
        ordered = lines.order_by("household__number", "household_id", "expires_on")
        found = list(ordered[place : place + size + 1])
        heads = masked_heads([line.household_id for line in found[:size]])
    return ShownTakeOver(
        lines=[
            ShownPaper(
                masked_head=heads.get(line.household_id, ""),
                household_number=line.household.number,
                paper_number=line.paper_number,
                points=line.points,
                expires_on=line.expires_on,
            )
            for line in found[:size]
        ],
        after=str(place + size) if len(found) > size else "",
    )
