"""Which sales of a till without network can be booked, and why the others cannot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

ALLOWANCE, FREE, NONE = "allowance", "free", ""


@dataclass(frozen=True, slots=True)
class Sale:
    """One line that a till sold, under an id (UUIDv7) of its own."""

    id: UUID
    household: UUID
    item: UUID
    quantity: int
    points: int
    sold_at: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a sale is paid: out of the allowance, out of free points, or not at all for a reason."""

    sale: Sale
    paid_by: str
    reason: str = ""


@dataclass(slots=True)
class Means:
    """What there is to pay and to give out with; `plan` uses it up.

    `allowance` has the points still held for this till by household, `free` the free points of the households known,
    `lent` the pieces that the till has, `prices` those of its package, `room` what a limit still allows.
    """

    allowance: dict[UUID, int]
    free: dict[UUID, int]
    lent: dict[UUID, int]
    prices: Mapping[UUID, int]
    room: dict[tuple[UUID, UUID], int] = field(default_factory=dict)


def plan(sales: Sequence[Sale], means: Means) -> list[Verdict]:
    """Decide on sales in the order in which they were made; who has no allowance any more pays with free points."""
    verdicts = []
    for sale in sorted(sales, key=lambda sale: (sale.sold_at, sale.id)):
        reason, paid_by = _decide(sale, means)
        if not reason:
            pot = means.allowance if paid_by == ALLOWANCE else means.free
            pot[sale.household] -= sale.points
            means.lent[sale.item] -= sale.quantity
            if (sale.household, sale.item) in means.room:
                means.room[sale.household, sale.item] -= sale.quantity
        verdicts.append(Verdict(sale, NONE if reason else paid_by, reason))
    return verdicts


def _decide(sale: Sale, means: Means) -> tuple[str, str]:
    if sale.household not in means.free:
        return _("This household is not known here, or its passbook has ended."), NONE
    if sale.item not in means.prices:
        return _("This was not among what the till took along."), NONE
    if sale.points != means.prices[sale.item] * sale.quantity:
        return _("The price is not the one in the till's package."), NONE
    if means.lent.get(sale.item, 0) < sale.quantity:
        return _("The till sold more pieces than it had taken along."), NONE
    if means.room.get((sale.household, sale.item), sale.quantity) < sale.quantity:
        return _("The household had taken as much of this as the limit allows."), NONE
    if sale.household in means.allowance:
        if means.allowance[sale.household] < sale.points:
            return _("The household's points at this till did not suffice."), NONE
        return "", ALLOWANCE
    if means.free[sale.household] < sale.points:
        return _("The points kept aside were free again by then, and the household has not enough now."), NONE
    return "", FREE
