"""Points still out against what there is to redeem them with, community by community."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, Q, Sum

from lianxin.domain.points.models import Account, Book
from lianxin.domain.shop import policy
from lianxin.domain.shop.models import Settlement, Stock, Voucher
from lianxin.domain.shop.queries.forecasts import given_out
from lianxin.domain.shop.queries.liability import RECENT_DAYS
from lianxin.domain.shop.rules.forecast import Average, runs_out_on
from lianxin.platform import scope
from lianxin.platform.actors import Actor


@dataclass(frozen=True, slots=True)
class LiabilityRow:
    """One community of the report, money in fen; `cost_fen` is None where nothing was redeemed in the last 90 days."""

    community: UUID
    community_name: str
    points_out: int
    points_held: int
    recent_points: int
    recent_fen: int
    cost_fen: int | None
    goods_pieces: int
    goods_fen: int
    owed_fen: int
    uncovered_fen: int | None
    goods_run_out_on: date | None


def list_liabilities(*, actor: Actor, on: date) -> list[LiabilityRow]:
    """List every community in scope that keeps passbooks, by its code; five queries at any size."""
    policy.require(policy.may_read_shops(actor))
    with scope.within(actor.communities):
        books = list(Book.objects.filter(state=Book.State.OPEN).select_related("community"))
        homes = Account.objects.filter(kind=Account.Kind.HOUSEHOLD, book__in=[book.pk for book in books])
        out = _by(homes.order_by().values("community").annotate(points=Sum("balance"), held=Sum("held")))
        kept = F("quantity") - F("quantity_returned")
        given = _by(
            given_out(None, on=on)
            .order_by()
            .values(community=F("redemption__community"))
            .annotate(
                points=Sum(kept * F("unit_points")),
                fen=Sum(kept * F("item__cost_fen")),
                goods=Sum(kept * F("item__cost_fen"), filter=Q(item__needs_stock=True)),
            )
        )
        lying = _by(
            Stock.objects.filter(on_hand__gt=0)
            .order_by()
            .values("community")
            .annotate(pieces=Sum("on_hand"), fen=Sum(F("on_hand") * F("item__cost_fen")))
        )
        waiting = Q(state=Voucher.State.ISSUED) | Q(state=Voucher.State.TAKEN, settlement=None)
        unpaid = Voucher.objects.filter(waiting | Q(settlement__state=Settlement.State.OPEN))
        owed = _by(unpaid.order_by().values("community").annotate(fen=Sum("cost_fen")))
    rows = []
    for book in sorted(books, key=lambda book: (book.community.code, book.pk)):
        pk = book.community_id
        points, fen = _of(given, pk, "points"), _of(given, pk, "fen")
        points_out, goods_fen, owed_fen = _of(out, pk, "points"), _of(lying, pk, "fen"), _of(owed, pk, "fen")
        cost = Average(fen=fen, points=points).cost_of(points_out)
        rows.append(
            LiabilityRow(
                community=pk,
                community_name=book.community.short_name,
                points_out=points_out,
                points_held=_of(out, pk, "held"),
                recent_points=points,
                recent_fen=fen,
                cost_fen=cost,
                goods_pieces=_of(lying, pk, "pieces"),
                goods_fen=goods_fen,
                owed_fen=owed_fen,
                uncovered_fen=None if cost is None else max(cost + owed_fen - goods_fen, 0),
                goods_run_out_on=runs_out_on(there=goods_fen, used=_of(given, pk, "goods"), in_days=RECENT_DAYS, on=on),
            )
        )
    return rows


def _by(rows: Iterable[Any]) -> dict[UUID, dict[str, Any]]:
    return {row["community"]: row for row in rows}


def _of(rows: dict[UUID, dict[str, Any]], community: UUID, name: str) -> int:
    return int(rows.get(community, {}).get(name) or 0)
