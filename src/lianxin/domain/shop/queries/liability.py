"""Points still out against what there is to redeem them with, and how long it lasts."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import F, Q, Sum

from lianxin.domain.points.models import Account
from lianxin.domain.shop import policy
from lianxin.domain.shop.models import Item, Redemption, RedemptionLine, Settlement, Stock, Voucher
from lianxin.domain.shop.queries.stock import worth_of_stock
from lianxin.domain.shop.queries.terms import open_book
from lianxin.domain.shop.rules.forecast import Average, runs_out_on
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_moment

RECENT_DAYS = 90
State = Redemption.State


@dataclass(frozen=True, slots=True)
class ItemForecast:
    """How long one thing lasts at the rate of the last 90 days; `runs_out_on` is None when that is not to be seen."""

    item: UUID
    name: str
    on_hand: int
    given_recently: int
    runs_out_on: date | None


@dataclass(frozen=True, slots=True)
class Liability:
    """A community's points and what stands against them, money in fen.

    `cost_fen` is what the points still out would cost at the average of recent redemptions (None when there were
    none); `covered_fen` are the goods at cost; `owed_fen` vouchers that are out, or taken and on no agreed sheet.
    """

    community: UUID
    on: date
    points_out: int
    points_held: int
    recent_points: int
    recent_fen: int
    cost_fen: int | None
    goods_pieces: int
    goods_fen: int
    owed_fen: int
    settled_fen: int
    uncovered_fen: int | None
    goods_run_out_on: date | None
    items: list[ItemForecast]


def liability_of(*, actor: Actor, community: UUID, on: date) -> Liability:
    """Give a community's liability on a day, rates from the 90 days before it; eight queries at any size."""
    policy.require(policy.may_read_shop(actor, community))
    with scope.within(actor.communities):
        book = open_book(community)
        out = Account.objects.filter(book=book, kind=Account.Kind.HOUSEHOLD).aggregate(
            balance=Sum("balance"), held=Sum("held")
        )
        since = local_moment(on - timedelta(days=RECENT_DAYS))
        recent = RedemptionLine.objects.filter(
            redemption__community=community,
            redemption__collected_at__gte=since,
            redemption__collected_at__lt=local_moment(on + timedelta(days=1)),
        )
        kept = F("quantity") - F("quantity_returned")
        given = {
            item: (pieces or 0, points or 0, fen or 0)
            for item, pieces, points, fen in recent.order_by()
            .values("item")
            .annotate(pieces=Sum(kept), points=Sum(kept * F("unit_points")), fen=Sum(kept * F("item__cost_fen")))
            .values_list("item", "pieces", "points", "fen")
        }
        pieces, fen = worth_of_stock(community)
        there = dict(
            Stock.objects.filter(community=community)
            .order_by()
            .values("item")
            .annotate(pieces=Sum("on_hand"))
            .values_list("item", "pieces")
        )
        names = dict(Item.objects.filter(pk__in=list(there)).values_list("pk", "name"))
        waiting = Q(state=Voucher.State.ISSUED) | Q(state=Voucher.State.TAKEN, settlement=None)
        owed = Voucher.objects.filter(
            waiting | Q(settlement__state=Settlement.State.OPEN), community=community
        ).aggregate(fen=Sum("cost_fen"))
        settled = Settlement.objects.filter(
            community=community, state=Settlement.State.CONFIRMED, month_from__gte=on - timedelta(days=RECENT_DAYS)
        ).aggregate(fen=Sum("total_fen"))
    points_out = out["balance"] or 0
    average = Average(fen=sum(row[2] for row in given.values()), points=sum(row[1] for row in given.values()))
    cost = average.cost_of(points_out)
    goods_used = sum(row[2] for item, row in given.items() if item in there)
    owed_fen = owed["fen"] or 0
    return Liability(
        community=community,
        on=on,
        points_out=points_out,
        points_held=out["held"] or 0,
        recent_points=average.points,
        recent_fen=average.fen,
        cost_fen=cost,
        goods_pieces=pieces,
        goods_fen=fen,
        owed_fen=owed_fen,
        settled_fen=settled["fen"] or 0,
        uncovered_fen=None if cost is None else max(cost + owed_fen - fen, 0),
        goods_run_out_on=runs_out_on(there=fen, used=goods_used, in_days=RECENT_DAYS, on=on),
        items=[
            ItemForecast(
                item=item,
                name=names.get(item, ""),
                on_hand=on_hand,
                given_recently=given.get(item, (0, 0, 0))[0],
                runs_out_on=runs_out_on(there=on_hand, used=given.get(item, (0, 0, 0))[0], in_days=RECENT_DAYS, on=on),
            )
            for item, on_hand in sorted(there.items(), key=lambda row: (names.get(row[0], ""), row[0]))
        ],
    )
