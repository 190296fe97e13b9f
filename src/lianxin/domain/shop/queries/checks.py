"""What `verify` asks about the shop: each check yields a sentence for every difference it finds."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from lianxin.domain.points.models import Hold
from lianxin.domain.shop.models import (
    LimitCounter,
    Redemption,
    RedemptionLine,
    Settlement,
    Stock,
    StockMove,
    TillSale,
    TillStock,
    Voucher,
)
from lianxin.platform import scope

AT_MOST = 20
State = Redemption.State


def stock_equals_moves() -> Iterator[str]:
    """What is on hand is the sum of all moves."""
    with scope.everything():
        moved = StockMove.objects.filter(stock=OuterRef("pk")).order_by().values("stock").annotate(n=Sum("quantity"))
        rows = Stock.objects.annotate(moved=Coalesce(Subquery(moved.values("n")), 0)).exclude(on_hand=F("moved"))
        for pk, on_hand, total in rows.values_list("pk", "on_hand", "moved")[:AT_MOST]:
            yield f"stock {pk}: {on_hand} on hand but moves come to {total}"


def reserved_is_promised() -> Iterator[str]:
    """What is reserved is what live orders, tills on their way and undecided differences have."""
    with scope.everything():
        promised: dict[tuple[UUID, UUID | None], int] = {}
        live = RedemptionLine.objects.filter(redemption__state=State.RESERVED, item__needs_stock=True)
        sums = live.order_by().values("item", "redemption__venue").annotate(n=Sum("quantity"))
        for item, venue, pieces in sums.values_list("item", "redemption__venue", "n"):
            promised[item, venue] = promised.get((item, venue), 0) + pieces
        lent = TillStock.objects.order_by().values("item", "stock__venue").annotate(n=Sum("lent"))
        for item, venue, pieces in lent.values_list("item", "stock__venue", "n"):
            promised[item, venue] = promised.get((item, venue), 0) + pieces
        kept = TillSale.objects.order_by().filter(kept__gt=0).values("item_id", "till__shop_day__venue")
        for item, venue, pieces in kept.annotate(n=Sum("kept")).values_list("item_id", "till__shop_day__venue", "n"):
            promised[item, venue] = promised.get((item, venue), 0) + pieces
        told = 0
        for pk, item, place, reserved in Stock.objects.values_list("pk", "item_id", "venue_id", "reserved"):
            wanted = promised.pop((item, place), 0)
            if wanted != reserved and told < AT_MOST:
                told += 1
                yield f"stock {pk}: {reserved} reserved but {wanted} are promised"
        for where, pieces in promised.items():
            if pieces:
                yield f"item {where[0]} at venue {where[1]}: {pieces} are promised but there is no stock"


def limits_equal_lines() -> Iterator[str]:
    """What counts towards a limit is what the household's orders in that window have."""
    with scope.everything():
        lines = RedemptionLine.objects.exclude(window="").filter(
            redemption__state__in=[State.RESERVED, State.COLLECTED, State.RETURNED]
        )
        sums = lines.order_by().values("item", "redemption__household", "window")
        counted = {
            (item, household, window): pieces
            for item, household, window, pieces in sums.annotate(
                n=Sum(F("quantity") - F("quantity_returned"))
            ).values_list("item", "redemption__household", "window", "n")
        }
        told = 0
        for item, household, window, used in LimitCounter.objects.values_list(
            "item_id", "household_id", "window", "used"
        ):
            wanted = counted.pop((item, household, window), 0)
            if wanted != used and told < AT_MOST:
                told += 1
                yield f"limit of item {item} for household {household} in {window}: {used} counted, {wanted} taken"
        for key, pieces in counted.items():
            if pieces:
                yield f"limit of item {key[0]} for household {key[1]} in {key[2]}: {pieces} taken, none counted"


def orders_hold_points() -> Iterator[str]:
    """A waiting order's points are held; a collected one's transaction moved exactly its points."""
    with scope.everything():
        waiting = Redemption.objects.filter(state=State.RESERVED, points__gt=0)
        bare = waiting.exclude(hold__state=Hold.State.HELD, hold__points=F("points"))
        for pk in bare.values_list("pk", flat=True)[:AT_MOST]:
            yield f"order {pk} waits, but its points are not held"
        spent = Redemption.objects.filter(txn__isnull=False).annotate(moved=Sum("txn__transfers__points"))
        for pk, points, moved in spent.exclude(points=F("moved")).values_list("pk", "points", "moved")[:AT_MOST]:
            yield f"order {pk} cost {points} points, but {moved} were moved"


def lines_add_up() -> Iterator[str]:
    """An order's points are those of its lines; it is brought back when all of it is."""
    with scope.everything():
        rows = Redemption.objects.annotate(
            total=Coalesce(Sum(F("lines__quantity") * F("lines__unit_points")), 0),
            left=Coalesce(Sum(F("lines__quantity") - F("lines__quantity_returned")), 0),
        )
        for pk, points, total in rows.exclude(points=F("total")).values_list("pk", "points", "total")[:AT_MOST]:
            yield f"order {pk} says {points} points, its lines come to {total}"
        wrong = rows.filter(Q(state=State.RETURNED, left__gt=0) | Q(state=State.COLLECTED, left=0))
        for pk in wrong.values_list("pk", flat=True)[:AT_MOST]:
            yield f"order {pk} has another state than its lines"


def vouchers_add_up() -> Iterator[str]:
    """Each piece of a service has its voucher, and a sheet's sums are those of its vouchers."""
    with scope.everything():
        mine = Voucher.objects.filter(line=OuterRef("pk")).order_by().values("line")
        issued = mine.annotate(n=Sum(1)).values("n")
        gone = mine.filter(state__in=[Voucher.State.VOID, Voucher.State.EXPIRED]).annotate(n=Sum(1)).values("n")
        lines = RedemptionLine.objects.filter(item__kind="service").annotate(
            issued=Coalesce(Subquery(issued), 0), gone=Coalesce(Subquery(gone), 0)
        )
        wrong = lines.filter(~Q(quantity=F("issued")) | ~Q(quantity_returned=F("gone")))
        for pk in wrong.values_list("pk", flat=True)[:AT_MOST]:
            yield f"line {pk} of a service does not agree with its vouchers"
        sheets = Settlement.objects.exclude(state=Settlement.State.WITHDRAWN).annotate(
            fen=Coalesce(Sum("vouchers__cost_fen"), 0)
        )
        for pk, total, fen in sheets.exclude(total_fen=F("fen")).values_list("pk", "total_fen", "fen")[:AT_MOST]:
            yield f"sheet {pk} says {total} fen, its vouchers come to {fen}"
