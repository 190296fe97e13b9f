"""What somebody wants, with its prices of the day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.shop.models import Item, Redemption, RedemptionLine
from lianxin.domain.shop.queries.prices import prices_on
from lianxin.domain.shop.rules.quantities import check_basket
from lianxin.platform.errors import Missing, Refused
from lianxin.platform.ids import new_id


class NotOffered(Refused):
    """The thing is not, or no longer, offered."""

    title = gettext_lazy("This is not offered now.")


@dataclass(frozen=True, slots=True)
class Priced:
    """Pieces of one item at the price of the day."""

    item: Item
    quantity: int
    unit_points: int

    @property
    def points(self) -> int:
        """Give what the pieces cost together."""
        return self.quantity * self.unit_points


def price_basket(*, community: UUID, wanted: Mapping[UUID, int], on: date) -> list[Priced]:
    """Give the lines of a basket in the order of its items; raises Invalid, Missing or NotOffered."""
    check_basket(wanted)
    items = Item.objects.filter(community=community).in_bulk(list(wanted))
    if len(items) != len(wanted):
        raise Missing(_("This shop has no such thing. Reload the page and choose again."))
    prices = prices_on(wanted, on)
    lines = []
    for pk in sorted(wanted):
        item = items[pk]
        if item.state != Item.State.ON_SALE or pk not in prices:
            raise NotOffered(_("%(name)s is not offered now.") % {"name": item.name})
        lines.append(Priced(item, wanted[pk], prices[pk]))
    return lines


def write_lines(redemption: Redemption, lines: Iterable[Priced], windows: Mapping[UUID, str]) -> list[RedemptionLine]:
    """Write the lines of a redemption."""
    return RedemptionLine.objects.bulk_create(
        RedemptionLine(
            id=new_id(),
            redemption=redemption,
            item=line.item,
            quantity=line.quantity,
            unit_points=line.unit_points,
            window=windows.get(line.item.pk, ""),
        )
        for line in lines
    )


def stocked(lines: Iterable[Priced]) -> dict[UUID, int]:
    """Give the pieces of a basket that come out of stock."""
    return {line.item.pk: line.quantity for line in lines if line.item.needs_stock}


def names_of(lines: Iterable[Priced]) -> dict[UUID, str]:
    """Give the names of what is in a basket."""
    return {line.item.pk: line.item.name for line in lines}
