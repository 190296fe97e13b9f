"""Stock by item and place, its moves, and what is asked of donors and given by them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import F, Q, Sum

from lianxin.domain.people.models import Account
from lianxin.domain.shop import policy
from lianxin.domain.shop.models import Donation, Stock, StockMove, SupplyNeed
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing

PAGE = 100
MOST_SHOWN = 500


@dataclass(frozen=True, slots=True)
class StockRow:
    """Pieces of one item at one place."""

    stock: UUID
    item: UUID
    name: str
    category: str
    item_state: str
    venue: UUID
    venue_name: str
    on_hand: int
    reserved: int
    free: int
    cost_fen: int


@dataclass(frozen=True, slots=True)
class MoveRow:
    """One move, with who made it and who gave it."""

    id: UUID
    at: datetime
    kind: str
    item_name: str
    venue_name: str
    quantity: int
    value_fen: int | None
    document: str
    reason: str
    donor_name: str
    by_name: str


@dataclass(frozen=True, slots=True)
class MovesPage:
    """A page of moves, newest first; `after` fetches the next one."""

    rows: list[MoveRow]
    after: str


@dataclass(frozen=True, slots=True)
class Donor:
    """Who gave what, for the board of thanks."""

    name: str
    pieces: int
    times: int
    last_on: date


@dataclass(frozen=True, slots=True)
class DonationRow:
    """One donation, for those who thank."""

    id: UUID
    received_on: date
    donor: UUID | None
    donor_name: str
    item_name: str
    quantity: int
    value_fen: int | None
    wants_name_shown: bool
    thanked_at: datetime | None
    thanked_how: str


def list_stock(*, actor: Actor, community: UUID, venue: UUID | None = None) -> list[StockRow]:
    """List what lies where; one query."""
    policy.require(policy.may_work_in_shop(actor, community))
    with scope.within(actor.communities):
        rows = Stock.objects.filter(community=community).select_related("item", "venue")
        if venue is not None:
            rows = rows.filter(venue=venue)
        return [
            StockRow(
                stock=row.pk,
                item=row.item_id,
                name=row.item.name,
                category=row.item.category,
                item_state=row.item.state,
                venue=row.venue_id,
                venue_name=row.venue.name,
                on_hand=row.on_hand,
                reserved=row.reserved,
                free=row.on_hand - row.reserved,
                cost_fen=row.item.cost_fen,
            )
            for row in rows.order_by("item__name", "venue__name", "pk")
        ]


def find_stock(*, actor: Actor, stock: UUID) -> Stock:
    """Give the stock of an item at a place, to those who work in the shop; raises Missing."""
    with scope.within(actor.communities):
        row = Stock.objects.filter(pk=stock).select_related("item", "venue").first()
    if row is None or not policy.may_work_in_shop(actor, row.community_id):
        raise Missing
    return row


def list_moves(
    *,
    actor: Actor,
    community: UUID,
    item: UUID | None = None,
    venue: UUID | None = None,
    kind: str = "",
    after: str = "",
    limit: int = PAGE,
) -> MovesPage:
    """List the moves of a community's stock; two queries."""
    policy.require(policy.may_work_in_shop(actor, community))
    size = min(max(limit, 1), MOST_SHOWN)
    with scope.within(actor.communities):
        rows = StockMove.objects.filter(stock__community=community)
        for field, value in (("stock__item", item), ("stock__venue", venue), ("kind", kind)):
            rows = rows.filter(**{field: value}) if value else rows
        if after:
            try:
                rows = rows.filter(pk__lt=UUID(after))
            except ValueError:
                raise Missing from None
        named = rows.select_related("stock__item", "stock__venue", "donation__donor").order_by("-pk")
        found = list(named[: size + 1])
    shown = found[:size]
    names = dict(
        Account.objects.filter(pk__in={row.by_account_id for row in shown if row.by_account_id}).values_list(
            "pk", "display_name"
        )
    )
    return MovesPage(
        rows=[
            MoveRow(
                id=row.pk,
                at=row.at,
                kind=row.kind,
                item_name=row.stock.item.name,
                venue_name=row.stock.venue.name,
                quantity=row.quantity,
                value_fen=row.value_fen,
                document=row.document,
                reason=row.reason,
                donor_name=_donor(row.donation) if hasattr(row, "donation") else "",
                by_name=names.get(row.by_account_id, "") if row.by_account_id else "",
            )
            for row in shown
        ],
        after=str(shown[-1].pk) if len(found) > size else "",
    )


def list_needs(*, community: UUID, open_only: bool = True) -> list[SupplyNeed]:
    """List what a shop is short of; everybody may look. One query."""
    with scope.within([community]):
        rows = SupplyNeed.objects.filter(community=community).select_related("item")
        if open_only:
            rows = rows.filter(state=SupplyNeed.State.OPEN)
        return list(rows.order_by("-asked_on", "-pk")[:MOST_SHOWN])


def find_need(*, actor: Actor, need: UUID) -> SupplyNeed:
    """Give one thing that is wanted, to those who work in the shop; raises Missing."""
    with scope.within(actor.communities):
        row = SupplyNeed.objects.filter(pk=need).select_related("item").first()
    if row is None or not policy.may_work_in_shop(actor, row.community_id):
        raise Missing
    return row


def find_donation(*, actor: Actor, donation: UUID) -> Donation:
    """Give one donation, to those who work in the shop; raises Missing."""
    with scope.within(actor.communities):
        row = Donation.objects.filter(pk=donation).select_related("donor", "move__stock__item").first()
    if row is None or not policy.may_work_in_shop(actor, row.community_id):
        raise Missing
    return row


def list_donors(*, community: UUID, from_on: date, until_on: date) -> list[Donor]:
    """List who gave in days [from_on, until_on) and wants to be named, for everybody to see; one query."""
    with scope.within([community]):
        rows = (
            Donation.objects.filter(
                community=community, wants_name_shown=True, received_on__gte=from_on, received_on__lt=until_on
            )
            .order_by()
            .values_list("donor_id", "donor__name", "donor_name", "move__quantity", "received_on")
        )
        found: dict[str, Donor] = {}
        for _donor_id, organisation, name, pieces, on in rows:
            shown = organisation or name
            known = found.get(shown)
            found[shown] = Donor(
                shown,
                pieces + (known.pieces if known else 0),
                1 + (known.times if known else 0),
                max(on, known.last_on) if known else on,
            )
    return sorted(found.values(), key=lambda donor: (-donor.last_on.toordinal(), donor.name))


def list_donations(*, actor: Actor, community: UUID, unthanked_only: bool = False) -> list[DonationRow]:
    """List donations, newest first, for those who keep the shop; one query."""
    policy.require(policy.may_work_in_shop(actor, community))
    with scope.within(actor.communities):
        rows = Donation.objects.filter(community=community).select_related("donor", "move__stock__item")
        if unthanked_only:
            rows = rows.filter(thanked_at=None)
        return [
            DonationRow(
                id=row.pk,
                received_on=row.received_on,
                donor=row.donor_id,
                donor_name=_donor(row),
                item_name=row.move.stock.item.name,
                quantity=row.move.quantity,
                value_fen=row.move.value_fen,
                wants_name_shown=row.wants_name_shown,
                thanked_at=row.thanked_at,
                thanked_how=row.thanked_how,
            )
            for row in rows.order_by("-received_on", "-pk")[:MOST_SHOWN]
        ]


def worth_of_stock(community: UUID) -> tuple[int, int]:
    """Give (pieces, fen at cost) of all that a community has, within an active scope; one query."""
    sums = Stock.objects.filter(community=community).aggregate(
        pieces=Sum("on_hand"), fen=Sum(F("on_hand") * F("item__cost_fen"), filter=Q(on_hand__gt=0))
    )
    return sums["pieces"] or 0, sums["fen"] or 0


def _donor(row: Donation) -> str:
    return row.donor.name if row.donor else row.donor_name
