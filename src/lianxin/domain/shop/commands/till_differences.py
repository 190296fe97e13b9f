"""Sales of a till that could not be booked: somebody decides, and says why."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.models import Household
from lianxin.domain.shop import policy
from lianxin.domain.shop.commands import basket, shop_days, spending, stock_counter
from lianxin.domain.shop.commands.stock_counter import Pieces
from lianxin.domain.shop.commands.till_sales import DUTY
from lianxin.domain.shop.models import Item, Redemption, StockMove, Till, TillSale, TillStock
from lianxin.domain.shop.queries.prices import prices_on
from lianxin.domain.shop.queries.terms import open_book
from lianxin.platform import duties
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused
from lianxin.platform.ids import new_id

State = TillSale.State


class AlreadyDecided(Refused):
    """Somebody decided on this difference already."""

    title = gettext_lazy("This was decided already.")


@command("shop.settle_difference")
def settle_difference(
    *, actor: Actor, sale: UUID, outcome: str, note: str = "", at: datetime, key: UUID | None = None
) -> TillSale:
    """Decide on a sale that could not be booked: charged to the household now, written off, or brought back."""
    found = TillSale.objects.filter(pk=sale).values_list("till_id", flat=True).first()
    if found is None:
        raise Missing
    till = shop_days.locked_till(found)
    policy.require(policy.may_keep_shop(actor, till.community_id))
    row = TillSale.objects.get(pk=sale)
    if row.state != State.DIFFERENCE:
        raise AlreadyDecided
    if outcome not in (State.CHARGED, State.WRITTEN_OFF, State.BROUGHT_BACK):
        raise Invalid(fields={"outcome": [_("Choose: charge it now, write it off, or it was brought back.")]})
    order = None
    if outcome == State.CHARGED:
        order = _charge(row, till, actor=actor, at=at)
    elif outcome == State.WRITTEN_OFF and not note.strip():
        raise Invalid(fields={"note": [_("Say why it is written off.")]})
    stock = TillStock.objects.filter(till=till, item=row.item_id).values_list("stock_id", flat=True).first()
    if stock is not None:
        kept = Pieces(stock, row.kept)
        if outcome == State.BROUGHT_BACK:
            stock_counter.give_back([kept])
        else:
            stock_counter.hand_out_reserved([kept])
        moved = [kept]
        if outcome == State.CHARGED and row.quantity > row.kept:
            rest = Pieces(stock, row.quantity - row.kept, _("Goods"))
            stock_counter.take_out([rest])
            moved = [kept, rest]
        if outcome != State.BROUGHT_BACK:
            kind = StockMove.Kind.COLLECTED if outcome == State.CHARGED else StockMove.Kind.SPOILED
            source = order or row.pk
            stock_counter.write_moves(
                moved, kind=kind, sign=-1, at=at, by=actor.account, source=source, reason=note.strip()
            )
    row.state, row.kept, row.redemption_id = outcome, 0, order
    row.decided_at, row.decided_by = at, actor.account
    row.save(update_fields=["state", "kept", "redemption", "decided_at", "decided_by"])
    act().target(row, outcome, {"state": [State.DIFFERENCE, outcome]})
    act().note(reason=note.strip(), community_id=till.community_id)
    if not shop_days.open_differences(till):
        duties.close(kind=DUTY, record=till)
    return row


def _charge(row: TillSale, till: Till, *, actor: Actor, at: datetime) -> UUID:
    """Spend free points for a sale that was made; it counts towards no limit, since the pieces are gone already."""
    item = Item.objects.filter(pk=row.item_id, community=till.community_id).first()
    home = Household.objects.filter(pk=row.household_id, state=Household.State.ACTIVE).first()
    if item is None or home is None:
        raise Invalid(fields={"outcome": [_("This household or thing is not on record. Write it off instead.")]})
    book = open_book(till.community_id)
    sold_on = local_day(till.offline_at or row.sold_at)
    unit = prices_on([item.pk], sold_on).get(item.pk, row.points // row.quantity)
    pk, points = new_id(), unit * row.quantity
    accounts = spending.sides(book=book, household=home.pk, at=at)
    txn = spending.spend(accounts=accounts, redemption=pk, points=points, actor=actor, at=at)
    made = Redemption.objects.create(
        id=pk,
        community_id=till.community_id,
        household=home,
        venue_id=till.shop_day.venue_id,
        state=Redemption.State.COLLECTED,
        made_via=Redemption.Via.TILL,
        points=points,
        txn_id=txn,
        identity_check="card_only",
        made_at=row.sold_at,
        made_by=actor.account,
        collected_at=at,
        collected_by=actor.account,
    )
    basket.write_lines(made, [basket.Priced(item, row.quantity, unit)], {})
    spending.note_redeemed(made, pieces=row.quantity, txn=txn, at=at)
    return pk
