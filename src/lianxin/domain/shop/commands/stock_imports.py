"""Opening stock from a workbook, as a kind of run: for shops that ran on paper until now."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.places.models import Venue, VenueState
from lianxin.domain.shop import policy
from lianxin.domain.shop.commands import stock, stock_counter
from lianxin.domain.shop.commands.stock_counter import NotEnoughStock, Pieces
from lianxin.domain.shop.models import Item, StockMove
from lianxin.domain.shop.rules.opening_stock import COLUMNS, OpeningReader, OpeningRow
from lianxin.platform import runs, scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act
from lianxin.platform.errors import Invalid
from lianxin.platform.models import Run


def _community(run: Run, actor: Actor) -> UUID:
    wanted = run.options.get("community")
    if not wanted or not policy.may_keep_shop(actor, UUID(wanted)):
        raise Invalid(_("Say for which community the stock is."))
    return UUID(wanted)


def reader(*, run: Run, actor: Actor, at: datetime) -> OpeningReader:
    """Give the reader of one file, knowing the catalogue and the venues of the run's community."""
    community = _community(run, actor)
    with scope.within([community]):
        goods = Item.objects.filter(needs_stock=True).exclude(state=Item.State.ENDED)
        items = dict(goods.values_list("name", "pk"))
        at_work = Venue.objects.filter(state__in=[VenueState.OPEN, VenueState.PAUSED])
        venues = dict(at_work.values_list("name", "pk"))
    chosen = run.options.get("venue")
    default = UUID(chosen) if chosen and UUID(chosen) in venues.values() else None
    if default is None and len(venues) == 1:
        [default] = venues.values()
    return OpeningReader(items=items, venues=venues, default_venue=default)


def unpack(row: list[Any]) -> OpeningRow:
    """Make a clean row again from its JSON."""
    number, item, venue, quantity, value_fen = row
    return OpeningRow(number, UUID(item), UUID(venue), quantity, value_fen)


def apply(*, run: Run, rows: list[OpeningRow], actor: Actor, at: datetime) -> list[UUID]:
    """Enter one chunk of opening stock."""
    policy.require(policy.may_keep_shop(actor, _community(run, actor)))
    items = Item.objects.filter(needs_stock=True).in_bulk([row.item for row in rows])
    entries = [(items[row.item], row.venue, row.quantity, row.value_fen) for row in rows]
    return [move.pk for move in stock.enter_opening(rows=entries, run=run.pk, actor=actor, at=at)]


def undo(*, run: Run, ids: list[UUID], actor: Actor, at: datetime) -> None:
    """Take the pieces out again, as moves of their own; raises SomethingDepends when some are gone or promised."""
    policy.require(policy.may_take_in_stock(actor))
    moves = list(StockMove.objects.filter(pk__in=ids).select_related("stock__item"))
    pieces = [Pieces(move.stock_id, move.quantity, move.stock.item.name) for move in moves]
    try:
        stock_counter.take_out(pieces)
    except NotEnoughStock as short:
        raise runs.SomethingDepends(
            _("Some of it was given out or is promised since: %(what)s") % {"what": short.detail}
        ) from short
    stock_counter.write_moves(
        pieces,
        kind=StockMove.Kind.COUNTED,
        sign=-1,
        at=at,
        by=actor.account,
        source=run.pk,
        reason=_("The opening stock was taken back."),
    )
    act().note(community_id=moves[0].stock.community_id if moves else None)


RUN_KIND = runs.RunKind(
    name="shop.opening_stock",
    label=gettext_lazy("Opening stock"),
    columns=COLUMNS,
    may=policy.may_take_in_stock,
    reader=reader,
    unpack=unpack,
    apply=apply,
    undo=undo,
)
