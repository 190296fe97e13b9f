"""The merchant's page: vouchers taken by month, and the sheets by which they are paid."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from lianxin.domain.shop import policy
from lianxin.domain.shop.models import Settlement, Voucher
from lianxin.domain.shop.rules.months import month_span
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import LOCAL
from lianxin.platform.errors import Missing

MOST_SHOWN = 2_000


@dataclass(frozen=True, slots=True)
class TakenVoucher:
    """A voucher that was used; it names nobody."""

    id: UUID
    taken_at: datetime
    item_name: str
    cost_fen: int
    community: UUID
    community_name: str
    settlement: UUID | None


@dataclass(frozen=True, slots=True)
class SettlementRow:
    """One sheet on a list."""

    id: UUID
    community: UUID
    community_name: str
    merchant: UUID
    merchant_name: str
    month_from: date
    state: str
    pieces: int
    total_fen: int
    community_signed_at: datetime | None
    merchant_signed_at: datetime | None


def list_taken(*, actor: Actor, merchant: UUID, month: date) -> list[TakenVoucher]:
    """List what a merchant took in a month, in all communities, to the merchant; to staff that of theirs."""
    starts_at, ends_at = month_span(month)
    with _view(actor, merchant):
        rows = Voucher.objects.filter(
            merchant=merchant, state=Voucher.State.TAKEN, taken_at__gte=starts_at, taken_at__lt=ends_at
        )
        return _taken(rows)


def list_settlements(
    *, actor: Actor, merchant: UUID | None = None, community: UUID | None = None
) -> list[SettlementRow]:
    """List sheets, newest month first: a merchant its own, staff those of their communities; one query."""
    if merchant is None:
        policy.require(community is not None and policy.may_read_shop(actor, community))
    with _view(actor, merchant):
        rows = Settlement.objects.select_related("community", "merchant")
        if merchant is not None:
            rows = rows.filter(merchant=merchant)
        if community is not None:
            rows = rows.filter(community=community)
        return [_row(row) for row in rows.order_by("-month_from", "-pk")[:MOST_SHOWN]]


def find_settlement(*, actor: Actor, settlement: UUID) -> tuple[SettlementRow, list[TakenVoucher]]:
    """Give one sheet with its vouchers, to its merchant and to the community's staff; raises Missing."""
    with scope.everything():
        row = Settlement.objects.filter(pk=settlement).select_related("community", "merchant").first()
        if row is None or not (
            policy.is_merchant(actor, row.merchant_id) or policy.may_read_shop(actor, row.community_id)
        ):
            raise Missing
        return _row(row), _taken(Voucher.objects.filter(settlement=row))


def sheet_rows(vouchers: list[TakenVoucher]) -> list[tuple[str, str, str, str]]:
    """Write vouchers as the rows of the XLSX sheet: time, service, community, amount in yuan."""
    return [
        (
            f"{voucher.taken_at.astimezone(LOCAL):%Y-%m-%d %H:%M}",
            voucher.item_name,
            voucher.community_name,
            f"{voucher.cost_fen // 100}.{voucher.cost_fen % 100:02d}",
        )
        for voucher in vouchers
    ]


def _view(actor: Actor, merchant: UUID | None) -> AbstractContextManager[scope.Scope]:
    if policy.is_merchant(actor, merchant):
        return scope.everything()
    policy.require(actor.holds(*policy.READERS))
    return scope.within(actor.communities)


def _taken(rows: QuerySet[Voucher]) -> list[TakenVoucher]:
    return [
        TakenVoucher(
            id=row.pk,
            taken_at=row.taken_at,
            item_name=row.line.item.name,
            cost_fen=row.cost_fen,
            community=row.community_id,
            community_name=row.community.short_name,
            settlement=row.settlement_id,
        )
        for row in rows.select_related("line__item", "community").order_by("taken_at", "pk")[:MOST_SHOWN]
        if row.taken_at is not None
    ]


def _row(row: Settlement) -> SettlementRow:
    return SettlementRow(
        id=row.pk,
        community=row.community_id,
        community_name=row.community.short_name,
        merchant=row.merchant_id,
        merchant_name=row.merchant.name,
        month_from=row.month_from,
        state=row.state,
        pieces=row.pieces,
        total_fen=row.total_fen,
        community_signed_at=row.community_signed_at,
        merchant_signed_at=row.merchant_signed_at,
    )
