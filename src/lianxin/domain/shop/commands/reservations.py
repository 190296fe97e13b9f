"""Reserving online: points held and pieces promised in one act, until collected, cancelled or out of time."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.points import ledger
from lianxin.domain.points.models import Hold
from lianxin.domain.shop import policy
from lianxin.domain.shop.commands import basket, codes, found, limits, spending, stock_counter
from lianxin.domain.shop.commands.telling import tell_ready
from lianxin.domain.shop.models import Item, Redemption, RedemptionLine
from lianxin.domain.shop.queries.terms import open_book, terms_of
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, local_moment
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Refused
from lianxin.platform.ids import deterministic_id, new_id

State = Redemption.State
EXPIRE_AT_MOST = 200
# The ledger keeps points aside for three months at most.
LONGEST_DAYS = 90


class NotReservedAnyMore(Refused):
    """The order was collected, cancelled or ran out of time."""

    title = gettext_lazy("This order is no longer waiting.")


@command("shop.reserve")
def reserve(
    *,
    actor: Actor,
    household: UUID,
    venue: UUID,
    items: Mapping[UUID, int],
    person: UUID | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Redemption:
    """Keep points aside and promise pieces at a venue; the pick-up code is `redemption.code.reveal()`.

    Raises NotEnoughPoints, NotEnoughStock, LimitReached, NotOffered or Invalid; then nothing was changed.
    """
    on = local_day(at)
    home = found.household(household)
    found.require_acts_for(actor, home, on)
    place = found.venue(venue, home.community_id)
    lines = basket.price_basket(community=home.community_id, wanted=items, on=on)
    if any(line.item.kind == Item.Kind.SERVICE for line in lines):
        raise Invalid(fields={"items": [_("A service comes as a voucher at once. Redeem it by itself.")]})
    collects = found.collector(person, home.pk, on)
    book = open_book(home.community_id)
    expires_at = local_moment(on + timedelta(days=1 + min(terms_of(book.pk, on).reserve_days, LONGEST_DAYS)))
    pk, points = new_id(), sum(line.points for line in lines)
    hold = None
    if points:
        accounts = spending.sides(book=book, household=home.pk, at=at)
        wanted = ledger.HoldWanted(accounts.household, points, deterministic_id(pk, "hold"))
        [hold] = ledger.hold([wanted], source_kind=spending.REDEMPTION, source_id=pk, at=at, expires_at=expires_at)
    windows = limits.count_in(household=home.pk, lines=[(line.item, line.quantity) for line in lines], on=on)
    code = codes.new_pick_up_code()
    row = Redemption.objects.create(
        id=pk,
        community_id=home.community_id,
        household=home,
        person_id=collects,
        venue=place,
        state=State.RESERVED,
        made_via=Redemption.Via.ONLINE,
        points=points,
        code=code.sealed,
        code_digest=code.digest,
        hold_id=hold,
        made_at=at,
        made_by=actor.account,
        expires_at=expires_at,
    )
    basket.write_lines(row, lines, windows)
    names = basket.names_of(lines)
    stock_counter.promise(stock_counter.pieces_of(basket.stocked(lines), venue=place.pk, names=names))
    act().target(row, "reserved", {"points": [None, points], "pieces": [None, sum(items.values())]})
    return row


@command("shop.put_ready")
def put_ready(*, actor: Actor, redemption: UUID, at: datetime) -> Redemption:
    """Note that the pieces of an order lie ready to be collected, and let the household know, once."""
    row = found.redemption(redemption)
    policy.require(policy.may_serve(actor, row.community_id, row.venue_id))
    if row.state != State.RESERVED:
        raise NotReservedAnyMore
    if row.ready_at is None and Redemption.objects.filter(pk=row.pk, state=State.RESERVED).update(ready_at=at):
        row.ready_at = at
        act().target(row, "put ready", {"message": [None, tell_ready(row)]})
    return row


@command("shop.cancel_reservation")
def cancel(*, actor: Actor, redemption: UUID, reason: str = "", at: datetime, key: UUID | None = None) -> Redemption:
    """Let points and pieces of a reservation be free again; raises NotReservedAnyMore."""
    row = found.redemption_for(actor, redemption, local_day(at))
    with scope.within([row.community_id]):
        if not end_reservations([row], state=State.CANCELLED, reason=reason.strip(), at=at):
            raise NotReservedAnyMore
        row.refresh_from_db()
    act().target(row, "cancelled", {"state": [State.RESERVED, row.state]})
    act().note(reason=reason.strip())
    return row


@command("shop.expire_reservations")
def expire_reservations(*, actor: Actor, at: datetime, limit: int = EXPIRE_AT_MOST) -> int:
    """Let the reservations end whose time is over; gives how many ended. Call it again while it gives `limit`."""
    policy.require(actor.is_system)
    due = list(Redemption.objects.filter(state=State.RESERVED, expires_at__lte=at).order_by("expires_at")[:limit])
    ended = end_reservations(due, state=State.EXPIRED, reason="", at=at)
    for row in ended[:1]:
        act().target(row, "not collected in time", {"ended": [None, len(ended)]})
    return len(ended)


def end_reservations(
    rows: Sequence[Redemption], *, state: str, reason: str, at: datetime, and_holds: Sequence[UUID] = ()
) -> list[Redemption]:
    """End live reservations inside a command, each once; gives those that this call ended. `and_holds` end as well.

    Locks in the house's order: accounts (by releasing all holds in one call), then the rows, limits and stock. Who
    collects takes the account's lock first too, so of collecting, cancelling and running out exactly one wins.
    """
    holds = [row.hold_id for row in rows if row.hold_id]
    if holds or and_holds:
        ledger.release([*holds, *and_holds], at=at)
    spent = set(Hold.objects.filter(pk__in=holds, state=Hold.State.CAPTURED).values_list("pk", flat=True))
    ended = []
    for row in sorted(rows, key=lambda row: row.pk):
        if row.hold_id in spent:
            continue
        live = Redemption.objects.filter(pk=row.pk, state=State.RESERVED)
        if live.update(state=state, ended_at=at, reason=reason[:200]):
            ended.append(row)
    if ended:
        _free(ended)
    return ended


def _free(rows: Sequence[Redemption]) -> None:
    homes = {row.pk: row for row in rows}
    lines = list(RedemptionLine.objects.filter(redemption__in=list(homes)).select_related("item"))
    limits.count_out(
        limits.Counted(line.item_id, homes[line.redemption_id].household_id, line.window, line.quantity)
        for line in lines
    )
    wanted: dict[UUID, dict[UUID, int]] = {}
    for line in lines:
        venue = homes[line.redemption_id].venue_id
        if line.item.needs_stock and venue is not None:
            there = wanted.setdefault(venue, {})
            there[line.item_id] = there.get(line.item_id, 0) + line.quantity
    pieces = [
        piece for venue, items in wanted.items() for piece in stock_counter.pieces_of(items, venue=venue, names={})
    ]
    stock_counter.give_back(pieces)
