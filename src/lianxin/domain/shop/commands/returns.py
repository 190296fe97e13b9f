"""What comes back: pieces and unused vouchers, with their points in the lots they came from."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.points import ledger
from lianxin.domain.shop import policy
from lianxin.domain.shop.commands import limits, spending, stock_counter
from lianxin.domain.shop.models import GoodsReturn, Item, Redemption, RedemptionLine, StockMove
from lianxin.domain.shop.rules.quantities import check_pieces
from lianxin.platform import locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused
from lianxin.platform.ids import new_id

State = Redemption.State


class CannotComeBack(Refused):
    """The order was not given out, or all of it came back already."""

    title = gettext_lazy("Nothing of this order can be brought back.")


@command("shop.return_lines")
def return_lines(
    *,
    actor: Actor,
    redemption: UUID,
    pieces: Mapping[UUID, int],
    to_stock: bool,
    reason: str,
    at: datetime,
    key: UUID | None = None,
) -> GoodsReturn:
    """Take back pieces (item to number) of an order; without `to_stock` they are written off as spoiled.

    Raises CannotComeBack, Invalid or Missing. A voucher is given back by `vouchers.give_back_voucher`.
    """
    row = lock_given_out(redemption)
    policy.require(policy.may_serve(actor, row.community_id, row.venue_id))
    if not reason.strip():
        raise Invalid(fields={"reason": [_("Say why it comes back.")]})
    if not pieces:
        raise Invalid(fields={"pieces": [_("Choose at least one thing.")]})
    lines = {line.item_id: line for line in row.lines.select_related("item")}
    for item, quantity in pieces.items():
        check_pieces(quantity, field="pieces")
        if item not in lines:
            raise Invalid(fields={"pieces": [_("That is not part of this order.")]})
        if lines[item].item.kind == Item.Kind.SERVICE:
            raise Invalid(fields={"pieces": [_("A voucher is given back by itself, as long as it was not used.")]})
    chosen = {lines[item].pk: quantity for item, quantity in pieces.items()}
    done = give_back(row, chosen, reason=reason.strip(), to_stock=to_stock, actor=actor, at=at)
    act().target(done, "brought back", {"points": [None, done.points], "pieces": [None, done.quantity]})
    act().note(reason=reason.strip(), community_id=row.community_id)
    return done


def lock_given_out(pk: UUID) -> Redemption:
    """Lock a redemption that was given out; raises Missing or CannotComeBack."""
    row: Redemption | None = locks.lock_one(Redemption.objects.filter(pk=pk))
    if row is None:
        raise Missing
    if row.state != State.COLLECTED:
        raise CannotComeBack
    return row


def give_back(
    row: Redemption,
    pieces: Mapping[UUID, int],
    *,
    reason: str,
    to_stock: bool,
    actor: Actor,
    at: datetime,
    or_nothing: bool = False,
) -> GoodsReturn:
    """Take back pieces by line of a locked redemption: points, limits and stock, in the order of locks.

    When the household's passbook has ended and no other followed it, points can go nowhere: AccountNotOpen is raised,
    or with `or_nothing` the pieces come back without points.
    """
    lines = {line.pk: line for line in row.lines.select_related("item")}
    for pk, quantity in pieces.items():
        if quantity > lines[pk].quantity - lines[pk].quantity_returned:
            raise CannotComeBack(
                _("Of %(name)s fewer pieces were given out than come back.") % {"name": lines[pk].item.name}
            )
    points = sum(lines[pk].unit_points * quantity for pk, quantity in pieces.items())
    is_whole = (
        all(line.quantity_returned == 0 and pieces.get(pk, 0) == line.quantity for pk, line in lines.items())
        and not GoodsReturn.objects.filter(redemption=row).exists()
    )
    pk = new_id()
    txn = None
    # The household may live in another community now, where its points are, too.
    with scope.everything():
        to = spending.passbook_for_return(row) if points else None
        if points and to is None:
            if not or_nothing:
                raise ledger.AccountNotOpen
            points = 0
        if to is not None:
            txn = spending.give_points_back(
                row=row, to=to, giving_back=pk, points=points, is_whole=is_whole, reason=reason, actor=actor, at=at
            )
    for line, quantity in pieces.items():
        RedemptionLine.objects.filter(pk=line).update(quantity_returned=F("quantity_returned") + quantity)
    done = GoodsReturn.objects.create(
        id=pk,
        redemption=row,
        quantity=sum(pieces.values()),
        points=points,
        txn_id=txn,
        reason=reason[:200],
        pieces={str(line): quantity for line, quantity in pieces.items()},
        to_stock=to_stock,
        at=at,
        by_account_id=actor.account,
    )
    if all(line.quantity == line.quantity_returned + pieces.get(key, 0) for key, line in lines.items()):
        row.state, row.ended_at, row.reason = State.RETURNED, at, reason[:200]
        row.save(update_fields=["state", "ended_at", "reason"])
    limits.count_out(
        limits.Counted(lines[line].item_id, row.household_id, lines[line].window, quantity)
        for line, quantity in pieces.items()
    )
    stocked = {lines[line].item_id: quantity for line, quantity in pieces.items() if lines[line].item.needs_stock}
    if stocked and row.venue_id is not None:
        back = stock_counter.pieces_of(stocked, venue=row.venue_id, names={})
        if to_stock:
            stock_counter.put_in(back)
        by = actor.account
        stock_counter.write_moves(back, kind=StockMove.Kind.RETURNED, at=at, by=by, source=pk, reason=reason)
        if not to_stock:
            stock_counter.write_moves(
                back, kind=StockMove.Kind.SPOILED, sign=-1, at=at, by=by, source=pk, reason=reason
            )
    spending.note_given_back(row, done, at=at)
    return done
