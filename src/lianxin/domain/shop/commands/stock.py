"""Stock that comes, is counted, goes bad or goes to another place; each with its move and paper."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.shop import policy
from lianxin.domain.shop.commands import found, stock_counter, supplies
from lianxin.domain.shop.commands.stock_counter import Pieces
from lianxin.domain.shop.models import Donation, Item, Stock, StockMove, SupplyNeed
from lianxin.domain.shop.rules.quantities import MOST_PIECES, check_pieces
from lianxin.platform import duties, facts, locks
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused

Kind = StockMove.Kind
GOODS_DONATED = "goods_donated"
EMPTY_DUTY = "shop.empty_closed_venue"


class PiecesPromised(Refused):
    """Fewer pieces would be there than are promised."""

    title = gettext_lazy("More pieces are promised than would be there.")


@command("shop.receive_donation")
def receive_donation(
    *,
    actor: Actor,
    item: UUID,
    venue: UUID,
    quantity: int,
    donor: UUID | None = None,
    donor_name: str = "",
    wants_name_shown: bool = True,
    value_fen: int | None = None,
    document: str = "",
    need: UUID | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Donation:
    """Take in pieces that somebody gave: an organisation on record, or a name as they wish to be called."""
    row, stock = _stock(actor, item, venue)
    if donor is None and not donor_name.strip():
        raise Invalid(fields={"donor": [_("Say who gave this.")]})
    if donor is not None:
        found.organisation(donor, "donor")
    wanted = None if need is None else _open_need(need, row)
    move = _come(stock, row, Kind.DONATED, quantity, value_fen, document, actor, at)
    made = Donation.objects.create(
        community_id=row.community_id,
        donor_id=donor,
        donor_name=donor_name.strip()[:80],
        wants_name_shown=wants_name_shown,
        move=move,
        need=wanted,
        received_on=local_day(at),
    )
    if wanted is not None:
        supplies.count_received(wanted, quantity, at=at)
    facts.record(
        measure=GOODS_DONATED,
        record=made,
        quantity=quantity,
        community_id=row.community_id,
        on=local_day(at),
        venue_id=stock.venue_id,
    )
    return made


@command("shop.receive_purchase")
def receive_purchase(
    *,
    actor: Actor,
    item: UUID,
    venue: UUID,
    quantity: int,
    value_fen: int | None = None,
    document: str = "",
    at: datetime,
    key: UUID | None = None,
) -> StockMove:
    """Take in pieces that the community bought, with the number of the bill."""
    row, stock = _stock(actor, item, venue)
    return _come(stock, row, Kind.BOUGHT, quantity, value_fen, document, actor, at)


@command("shop.count_stock")
def count_stock(
    *, actor: Actor, item: UUID, venue: UUID, counted: int, reason: str, at: datetime, key: UUID | None = None
) -> StockMove | None:
    """Enter what was counted, promised pieces included; gives the difference as a move, none when all agrees.

    Raises PiecesPromised when fewer were counted than are promised: cancel orders first.
    """
    row, stock = _existing(actor, item, venue)
    if not isinstance(counted, int) or isinstance(counted, bool) or not 0 <= counted <= MOST_PIECES:
        raise Invalid(fields={"counted": [_("Give the number of pieces that you counted, nought or more.")]})
    [fresh] = locks.lock(Stock.objects.filter(pk=stock.pk), rank=locks.STOCK)
    difference = counted - fresh.on_hand
    if counted < fresh.reserved:
        raise PiecesPromised(
            _("%(name)s: %(counted)d were counted, but %(reserved)d are promised. Cancel orders first.")
            % {"name": row.name, "counted": counted, "reserved": fresh.reserved}
        )
    act().target(stock, "counted", {"on_hand": [fresh.on_hand, counted]})
    act().note(reason=reason.strip())
    if not difference:
        return None
    if not reason.strip():
        raise Invalid(fields={"reason": [_("Say what you think the difference comes from.")]})
    Stock.objects.filter(pk=stock.pk).update(on_hand=F("on_hand") + difference)
    return _write(stock, Kind.COUNTED, difference, None, "", reason, actor, at)


@command("shop.write_off")
def write_off(
    *, actor: Actor, item: UUID, venue: UUID, quantity: int, reason: str, at: datetime, key: UUID | None = None
) -> StockMove:
    """Take spoiled or lost pieces out of stock; promised ones stay."""
    row, stock = _existing(actor, item, venue)
    check_pieces(quantity)
    if not reason.strip():
        raise Invalid(fields={"reason": [_("Say what became of the pieces.")]})
    stock_counter.take_out([Pieces(stock.pk, quantity, row.name)])
    act().target(stock, "written off", {"pieces": [quantity, 0]})
    act().note(reason=reason.strip())
    _close_if_empty(stock)
    return _write(stock, Kind.SPOILED, -quantity, None, "", reason, actor, at)


@command("shop.move_stock")
def move_stock(
    *,
    actor: Actor,
    item: UUID,
    from_venue: UUID,
    to_venue: UUID,
    quantity: int,
    document: str = "",
    at: datetime,
    key: UUID | None = None,
) -> StockMove:
    """Bring free pieces to another venue of the same community; gives the move into it."""
    check_pieces(quantity)
    if from_venue == to_venue:
        raise Invalid(fields={"to_venue": [_("Choose another place.")]})
    row, source = _existing(actor, item, from_venue)
    target = _stock_at(row, to_venue)
    # Both at once in the one order, or two people who swap pieces would wait for each other.
    locks.lock(Stock.objects.filter(pk__in=[source.pk, target.pk]), rank=locks.STOCK)
    stock_counter.take_out([Pieces(source.pk, quantity, row.name)])
    stock_counter.put_in([Pieces(target.pk, quantity)])
    _write(source, Kind.MOVED_OUT, -quantity, None, document, "", actor, at)
    _close_if_empty(source)
    act().target(source, "moved out", {"pieces": [quantity, 0]})
    act().target(target, "moved in", {"pieces": [0, quantity]})
    return _write(target, Kind.MOVED_IN, quantity, None, document, "", actor, at)


def enter_opening(
    *, rows: Sequence[tuple[Item, UUID, int, int | None]], run: UUID, actor: Actor, at: datetime
) -> list[StockMove]:
    """Enter opening stock, each (item, venue, pieces, value in fen), inside a command."""
    stocks = [_stock_at(item, venue) for item, venue, _quantity, _value in rows]
    stock_counter.put_in(Pieces(stock.pk, row[2]) for stock, row in zip(stocks, rows, strict=True))
    return [
        _write(stock, Kind.OPENING, quantity, value_fen, "", "", actor, at, source=run)
        for stock, (_item, _venue, quantity, value_fen) in zip(stocks, rows, strict=True)
    ]


def _item(actor: Actor, pk: UUID) -> Item:
    row = Item.objects.filter(pk=pk).first()
    if row is None:
        raise Missing
    policy.require(policy.may_keep_shop(actor, row.community_id))
    if not row.needs_stock:
        raise Invalid(fields={"item": [_("Services and honours have no stock.")]})
    return row


def _stock(actor: Actor, item: UUID, venue: UUID) -> tuple[Item, Stock]:
    row = _item(actor, item)
    return row, _stock_at(row, venue)


def _existing(actor: Actor, item: UUID, venue: UUID) -> tuple[Item, Stock]:
    """Give stock that is there, also at a place which has closed; raises Missing."""
    row = _item(actor, item)
    stock = Stock.objects.filter(item=row, venue=venue).select_related("venue").first()
    if stock is None:
        raise Missing
    return row, stock


def _stock_at(row: Item, venue: UUID) -> Stock:
    place = found.venue(venue, row.community_id)
    Stock.objects.bulk_create([Stock(community_id=row.community_id, item=row, venue=place)], ignore_conflicts=True)
    return Stock.objects.get(item=row, venue=place)


def _close_if_empty(stock: Stock) -> None:
    if not Stock.objects.filter(venue=stock.venue_id, on_hand__gt=0).exists():
        duties.close(kind=EMPTY_DUTY, record=stock.venue)


def _open_need(pk: UUID, row: Item) -> SupplyNeed:
    need: SupplyNeed | None = locks.lock_one(SupplyNeed.objects.filter(pk=pk, community=row.community_id))
    if need is None:
        raise Missing
    return need


def _come(
    stock: Stock,
    row: Item,
    kind: str,
    quantity: int,
    value_fen: int | None,
    document: str,
    actor: Actor,
    at: datetime,
) -> StockMove:
    check_pieces(quantity)
    if value_fen is not None and (not isinstance(value_fen, int) or isinstance(value_fen, bool) or value_fen < 0):
        raise Invalid(fields={"value_fen": [_("A value is an amount of money, nought or more.")]})
    stock_counter.put_in([Pieces(stock.pk, quantity, row.name)])
    act().target(stock, kind, {"pieces": [0, quantity]})
    return _write(stock, kind, quantity, value_fen, document, "", actor, at)


def _write(
    stock: Stock,
    kind: str,
    quantity: int,
    value_fen: int | None,
    document: str,
    reason: str,
    actor: Actor,
    at: datetime,
    source: UUID | None = None,
) -> StockMove:
    return StockMove.objects.create(
        stock=stock,
        kind=kind,
        quantity=quantity,
        value_fen=value_fen,
        document=document.strip()[:80],
        reason=reason.strip()[:200],
        source_id=source,
        by_account_id=actor.account,
        at=at,
    )
