"""What tills bring back: each sale booked once, what cannot be booked left for somebody to decide, nothing lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.points import ledger
from lianxin.domain.points.ledger.requests import MOST_POINTS
from lianxin.domain.points.models import Account, Book, Hold, Txn
from lianxin.domain.shop import policy
from lianxin.domain.shop.commands import basket, limits, shop_days, spending, stock_counter
from lianxin.domain.shop.commands.stock_counter import Pieces
from lianxin.domain.shop.models import (
    Item,
    LimitCounter,
    Redemption,
    StockMove,
    Till,
    TillAllowance,
    TillSale,
    TillStock,
)
from lianxin.domain.shop.queries.prices import prices_on
from lianxin.domain.shop.queries.terms import open_book
from lianxin.domain.shop.rules.quantities import MOST_IN_BASKET, check_pieces
from lianxin.domain.shop.rules.till_sales import FREE, Means, Sale, Verdict, plan
from lianxin.domain.shop.rules.windows import window_of
from lianxin.platform import duties, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid
from lianxin.platform.ids import deterministic_id, new_id

DUTY = "shop.decide_till_differences"
PAGE = "staff:shop_till"
DECIDE_WITHIN = timedelta(days=2)
MOST_SALES = 5_000
State = TillSale.State


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What came of a till's report, with what waits for somebody to decide."""

    booked: int
    known: int
    differences: list[TillSale]


@command("shop.reconcile_till")
def reconcile(*, actor: Actor, till: UUID, sales: Sequence[Sale], at: datetime) -> Reconciled:
    """Book what a till sold while it had no network, and give back what it did not use.

    Each sale is known by its id: the same report again changes nothing. A sale beyond the household's allowance, the
    till's stock or a limit is kept as a difference with its reason, its pieces set aside, and a duty for staff.
    """
    row = shop_days.locked_till(till)
    policy.require(policy.may_serve(actor, row.community_id, row.shop_day.venue_id))
    if row.state == Till.State.OPEN:
        raise Invalid(_("This till never worked without network."))
    fresh, known = _fresh(row, sales)
    book = open_book(row.community_id)
    homes = {sale.household for sale in fresh}
    opened = Account.objects.filter(book=book, kind=Account.Kind.HOUSEHOLD, state=Account.State.OPEN)
    accounts = dict(opened.filter(owner__in=homes).values_list("owner", "pk"))
    allowed = TillAllowance.objects.filter(till=row, hold__state=Hold.State.HELD)
    shop = ledger.system_account(book=book.pk, community=book.community_id, kind=Account.Kind.SHOP, at=at)
    wanted = {*accounts.values(), *allowed.values_list("hold__account", flat=True), shop}
    locked = ledger.lock_accounts(wanted)
    # Read again under the locks: what ran out or was given back meanwhile is no allowance any more.
    held = list(
        TillAllowance.objects.filter(till=row, hold__state=Hold.State.HELD).select_related("hold").order_by("pk")
    )
    live = [one for one in held if one.hold.expires_at > at]
    free = {home: locked[pk].free for home, pk in accounts.items() if locked[pk].state == Account.State.OPEN}
    sold_on = local_day(row.offline_at or at)
    verdicts = plan(fresh, _means(row, fresh, live, free, on=sold_on))
    orders = [
        _pay(row, home, paid_by, mine, live=live, book=book, actor=actor, at=at)
        for (home, paid_by), mine in _by_payment(verdicts)
    ]
    ledger.release([one.hold_id for one in held], at=at)
    items = Item.objects.in_bulk({sale.item for order in orders for sale in order.sales})
    for order in orders:
        _write_order(order, row, items, on=sold_on, actor=actor, at=at)
    kept = _move_stock(row, orders, verdicts, actor=actor, at=at)
    made = _write_sales(row, verdicts, orders, kept, at=at)
    differences = sum(1 for one in made if one.state == State.DIFFERENCE)
    act().target(row, "sent its sales", {"booked": [0, len(made) - differences], "differences": [0, differences]})
    row.state, row.reconciled_at, row.closed_at = Till.State.CLOSED, at, row.closed_at or at
    row.save(update_fields=["state", "reconciled_at", "closed_at"])
    waiting = shop_days.open_differences(row)
    if waiting:
        duties.open(
            kind=DUTY,
            record=row,
            community_id=row.community_id,
            title=_("%(count)d sales of %(till)s have to be looked at") % {"count": len(waiting), "till": row.name},
            due_at=at + DECIDE_WITHIN,
            assignee_role="community_staff",
            url_name=PAGE,
            url_args={"till": str(row.pk)},
        )
    return Reconciled(len(made) - differences, known, waiting)


@dataclass(slots=True)
class _Order:
    """What one household bought at a till, paid in one way."""

    id: UUID
    household: UUID
    sales: list[Sale]
    txn: UUID | None
    points: int

    @property
    def pieces(self) -> dict[UUID, int]:
        found: dict[UUID, int] = {}
        for sale in self.sales:
            found[sale.item] = found.get(sale.item, 0) + sale.quantity
        return found


def _fresh(row: Till, sales: Sequence[Sale]) -> tuple[list[Sale], int]:
    """Leave out the sales that are known already; raises Invalid for one that cannot be."""
    if len(sales) > MOST_SALES:
        raise Invalid(_("At most %(most)d sales at once.") % {"most": MOST_SALES})
    unique = {sale.id: sale for sale in sales}
    for sale in unique.values():
        check_pieces(sale.quantity, most=MOST_IN_BASKET, field=str(sale.id))
        if not isinstance(sale.points, int) or isinstance(sale.points, bool) or not 0 <= sale.points <= MOST_POINTS:
            raise Invalid(fields={str(sale.id): [_("Points are whole numbers, nought or more.")]})
    with scope.everything():
        known = TillSale.objects.in_bulk(list(unique))
    for pk, former in known.items():
        if (former.till_id, former.household_id, former.item_id, former.quantity, former.points) != (
            row.pk,
            unique[pk].household,
            unique[pk].item,
            unique[pk].quantity,
            unique[pk].points,
        ):
            raise Invalid(fields={str(pk): [_("Another sale has this number already.")]})
    return [sale for pk, sale in unique.items() if pk not in known], len(known)


def _means(
    row: Till, sales: Sequence[Sale], live: Sequence[TillAllowance], free: dict[UUID, int], *, on: date
) -> Means:
    stocks = list(TillStock.objects.filter(till=row).select_related("item"))
    room: dict[tuple[UUID, UUID], int] = {}
    limited = {one.item_id: one.item for one in stocks if one.item.limit_quantity is not None}
    if limited:
        windows = {pk: window_of(item.limit_every, on) for pk, item in limited.items()}
        counted = LimitCounter.objects.filter(item__in=limited, household__in={sale.household for sale in sales})
        used = {
            (home, item): pieces
            for home, item, window, pieces in counted.values_list("household_id", "item_id", "window", "used")
            if window == windows[item]
        }
        for sale in sales:
            if sale.item in limited:
                most = limited[sale.item].limit_quantity or 0
                room[sale.household, sale.item] = most - used.get((sale.household, sale.item), 0)
    return Means(
        allowance={one.household_id: one.points for one in live},
        free=dict(free),
        lent={one.item_id: one.lent for one in stocks},
        prices=prices_on([one.item_id for one in stocks], on),
        room=room,
    )


def _by_payment(verdicts: Sequence[Verdict]) -> list[tuple[tuple[UUID, str], list[Sale]]]:
    found: dict[tuple[UUID, str], list[Sale]] = {}
    for verdict in verdicts:
        if verdict.paid_by:
            found.setdefault((verdict.sale.household, verdict.paid_by), []).append(verdict.sale)
    return sorted(found.items())


def _pay(
    row: Till,
    home: UUID,
    paid_by: str,
    sales: list[Sale],
    *,
    live: Sequence[TillAllowance],
    book: Book,
    actor: Actor,
    at: datetime,
) -> _Order:
    pk, points = new_id(), sum(sale.points for sale in sales)
    accounts = spending.sides(book=book, household=home, at=at)
    if not points:
        return _Order(pk, home, sales, None, 0)
    if paid_by == FREE:
        paid = spending.spend(accounts=accounts, redemption=pk, points=points, actor=actor, at=at)
        return _Order(pk, home, sales, paid, points)
    [hold] = [one.hold_id for one in live if one.household_id == home]
    txn = ledger.capture(
        hold=hold,
        dst=accounts.shop,
        kind=Txn.Kind.REDEEM,
        effective_on=local_day(at),
        at=at,
        key=deterministic_id(row.pk, f"sales {home}"),
        points=points,
        by=actor.account,
        via=actor.via,
    ).txn
    return _Order(pk, home, sales, txn, points)


def _write_order(order: _Order, row: Till, items: Mapping[UUID, Item], *, on: date, actor: Actor, at: datetime) -> None:
    sold_at = max(sale.sold_at for sale in order.sales)
    made = Redemption.objects.create(
        id=order.id,
        community_id=row.community_id,
        household_id=order.household,
        venue_id=row.shop_day.venue_id,
        state=Redemption.State.COLLECTED,
        made_via=Redemption.Via.TILL,
        points=order.points,
        txn_id=order.txn,
        identity_check="card_only",
        made_at=sold_at,
        made_by=actor.account,
        collected_at=at,
        collected_by=actor.account,
    )
    unit = {sale.item: sale.points // sale.quantity for sale in order.sales}
    lines = [basket.Priced(items[item], quantity, unit[item]) for item, quantity in sorted(order.pieces.items())]
    windows = limits.count_in(household=order.household, lines=[(line.item, line.quantity) for line in lines], on=on)
    basket.write_lines(made, lines, windows)
    spending.note_redeemed(made, pieces=sum(order.pieces.values()), txn=order.txn, at=at)


def _move_stock(
    row: Till, orders: Sequence[_Order], verdicts: Sequence[Verdict], *, actor: Actor, at: datetime
) -> dict[UUID, int]:
    """Let sold pieces leave and the others be free, but keep aside those of differences; gives what is kept by sale."""
    stocks = {one.item_id: one for one in TillStock.objects.filter(till=row)}
    sold: dict[UUID, int] = {}
    moves: list[tuple[UUID, Pieces]] = []
    for order in orders:
        for item, quantity in order.pieces.items():
            sold[item] = sold.get(item, 0) + quantity
            moves.append((order.id, Pieces(stocks[item].stock_id, quantity)))
    left = {item: one.lent - sold.get(item, 0) for item, one in stocks.items()}
    kept: dict[UUID, int] = {}
    for verdict in verdicts:
        sale = verdict.sale
        if verdict.reason and sale.item in stocks:
            kept[sale.id] = min(left[sale.item], sale.quantity)
            left[sale.item] -= kept[sale.id]
    stock_counter.hand_out_reserved(Pieces(stocks[item].stock_id, quantity) for item, quantity in sold.items())
    stock_counter.give_back(Pieces(stocks[item].stock_id, quantity) for item, quantity in left.items())
    for source, pieces in moves:
        stock_counter.write_moves(
            [pieces], kind=StockMove.Kind.COLLECTED, sign=-1, at=at, by=actor.account, source=source
        )
    for item, one in stocks.items():
        one.sold, one.lent = one.sold + sold.get(item, 0), 0
        one.save(update_fields=["sold", "lent"])
    return kept


def _write_sales(
    row: Till, verdicts: Sequence[Verdict], orders: Sequence[_Order], kept: dict[UUID, int], *, at: datetime
) -> list[TillSale]:
    order_of = {sale.id: order.id for order in orders for sale in order.sales}
    return TillSale.objects.bulk_create(
        (
            TillSale(
                id=verdict.sale.id,
                till=row,
                household_id=verdict.sale.household,
                item_id=verdict.sale.item,
                quantity=verdict.sale.quantity,
                points=verdict.sale.points,
                sold_at=verdict.sale.sold_at,
                received_at=at,
                state=State.DIFFERENCE if verdict.reason else State.BOOKED,
                reason=verdict.reason[:200],
                kept=kept.get(verdict.sale.id, 0),
                redemption_id=order_of.get(verdict.sale.id),
            )
            for verdict in verdicts
        ),
        batch_size=500,
    )
