"""The counters of stock: each moves by one conditional UPDATE whose row count is the answer, always as the last lock.

Reading a counter first and writing it afterwards would sell the last piece to everybody who read it in time
(tests/test_races.py shows that).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.shop.models import Stock, StockMove
from lianxin.platform import locks
from lianxin.platform.errors import Refused
from lianxin.platform.ids import new_id


class NotEnoughStock(Refused):
    """There are fewer pieces than asked for."""

    title = gettext_lazy("There is not enough of this left.")


class StockDiffers(RuntimeError):
    """A counter holds less than what was promised from it: the books are wrong, and nothing may be built on them."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """Pieces of one stock; the name is for the sentence when they are not there."""

    stock: UUID
    quantity: int
    name: str = ""


def _in_order(pieces: Iterable[Pieces]) -> list[Pieces]:
    """Put stocks in the one order in which all commands touch them."""
    locks.reach(locks.STOCK)
    return sorted((one for one in pieces if one.quantity), key=lambda one: one.stock)


def _short(one: Pieces) -> NotEnoughStock:
    left = Stock.objects.filter(pk=one.stock).values_list(F("on_hand") - F("reserved"), flat=True).first() or 0
    return NotEnoughStock(
        _("%(name)s: %(wanted)d are asked for, %(left)d are left.")
        % {"name": one.name or _("Goods"), "wanted": one.quantity, "left": max(left, 0)}
    )


def promise(pieces: Iterable[Pieces]) -> None:
    """Reserve free pieces; raises NotEnoughStock."""
    for one in _in_order(pieces):
        free = Stock.objects.filter(pk=one.stock, on_hand__gte=F("reserved") + one.quantity)
        if not free.update(reserved=F("reserved") + one.quantity):
            raise _short(one)


def promise_if_there(one: Pieces) -> bool:
    """Reserve free pieces of one stock, or say that there are not enough."""
    locks.reach(locks.STOCK)
    free = Stock.objects.filter(pk=one.stock, on_hand__gte=F("reserved") + one.quantity)
    return bool(free.update(reserved=F("reserved") + one.quantity))


def give_back(pieces: Iterable[Pieces]) -> None:
    """Let reserved pieces be free again."""
    for one in _in_order(pieces):
        kept = Stock.objects.filter(pk=one.stock, reserved__gte=one.quantity)
        if not kept.update(reserved=F("reserved") - one.quantity):
            raise StockDiffers(f"stock {one.stock} has fewer than {one.quantity} pieces reserved")


def hand_out_reserved(pieces: Iterable[Pieces]) -> None:
    """Let reserved pieces leave."""
    for one in _in_order(pieces):
        kept = Stock.objects.filter(pk=one.stock, reserved__gte=one.quantity, on_hand__gte=one.quantity)
        if not kept.update(reserved=F("reserved") - one.quantity, on_hand=F("on_hand") - one.quantity):
            raise StockDiffers(f"stock {one.stock} has fewer than {one.quantity} pieces reserved")


def take_out(pieces: Iterable[Pieces]) -> None:
    """Let free pieces leave; raises NotEnoughStock."""
    for one in _in_order(pieces):
        free = Stock.objects.filter(pk=one.stock, on_hand__gte=F("reserved") + one.quantity)
        if not free.update(on_hand=F("on_hand") - one.quantity):
            raise _short(one)


def put_in(pieces: Iterable[Pieces]) -> None:
    """Add pieces."""
    for one in _in_order(pieces):
        Stock.objects.filter(pk=one.stock).update(on_hand=F("on_hand") + one.quantity)


def write_moves(
    pieces: Sequence[Pieces],
    *,
    kind: str,
    at: datetime,
    by: UUID | None,
    sign: int = 1,
    source: UUID | None = None,
    reason: str = "",
) -> list[StockMove]:
    """Write down what came (`sign` 1) or went (-1)."""
    return StockMove.objects.bulk_create(
        StockMove(
            id=new_id(),
            stock_id=one.stock,
            kind=kind,
            quantity=sign * one.quantity,
            source_id=source,
            reason=reason[:200],
            by_account_id=by,
            at=at,
        )
        for one in pieces
        if one.quantity
    )


def stocks_at(venue: UUID, items: Iterable[UUID]) -> dict[UUID, UUID]:
    """Give the stock of each item at a venue; an item that never was there is left out."""
    return dict(Stock.objects.filter(venue=venue, item__in=set(items)).values_list("item_id", "pk"))


def pieces_of(lines: Mapping[UUID, int], *, venue: UUID, names: Mapping[UUID, str]) -> list[Pieces]:
    """Give the pieces of items at a venue; raises NotEnoughStock for an item that never was there."""
    known = stocks_at(venue, lines)
    for item in lines:
        if item not in known:
            raise NotEnoughStock(
                _("%(name)s: %(wanted)d are asked for, %(left)d are left.")
                % {"name": names.get(item, ""), "wanted": lines[item], "left": 0}
            )
    return [Pieces(known[item], quantity, names.get(item, "")) for item, quantity in lines.items()]
