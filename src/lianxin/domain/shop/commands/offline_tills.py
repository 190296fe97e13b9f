"""Tills that go without a network: stock lent to them, points of each household kept aside, all in a signed package."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.points import ledger
from lianxin.domain.points.models import Account, Book
from lianxin.domain.shop import policy
from lianxin.domain.shop.commands import basket, found, shop_days, spending, stock_counter
from lianxin.domain.shop.models import Till, TillAllowance, TillStock
from lianxin.domain.shop.queries.terms import open_book, terms_of
from lianxin.domain.shop.rules.allowances import share
from lianxin.domain.shop.rules.quantities import check_basket
from lianxin.platform import locks
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused
from lianxin.platform.ids import deterministic_id, new_id

LONGEST = timedelta(days=7)
DEFAULT = timedelta(days=2)
State = Till.State


class TillNotReady(Refused):
    """The till is out already, or closed."""

    title = gettext_lazy("This till works without network already, or is closed.")


@dataclass(frozen=True)
class TillPlan:
    """What one till takes along: pieces of items, and which households may come to it (None: all)."""

    till: UUID
    items: Mapping[UUID, int]
    households: frozenset[UUID] | None = None


@command("shop.take_offline")
def take_offline(
    *,
    actor: Actor,
    shop_day: UUID,
    plans: Sequence[TillPlan],
    expires_at: datetime | None = None,
    at: datetime,
    key: UUID | None = None,
) -> list[Till]:
    """Lend stock to tills and keep points of the households aside for them; each then fetches its package.

    A household's parts at all tills together never exceed its free points, nor the rules' most. Raises
    NotEnoughStock, TillNotReady or Invalid; then nothing was changed.
    """
    tills = _ready_tills(actor, shop_day, plans)
    until = _until(expires_at, at)
    on = local_day(at)
    community = tills[0].community_id
    lines = _priced(community, plans, on)
    book = open_book(community)
    most = terms_of(book.pk, on).offline_points
    accounts = _accounts(book, at, most)
    locked = ledger.lock_accounts(accounts).values()
    free = {row.owner: row.free for row in locked if row.state == Account.State.OPEN}
    owners = {row.owner: row.id for row in locked}
    shares = share(free=free, most=most, tills=[(plan.till, plan.households) for plan in plans])
    for till in tills:
        mine = {home: points for (pk, home), points in shares.items() if pk == till.pk}
        _allow(till, mine, owners, at=at, until=until)
    wanted: dict[UUID, int] = {}
    for plan in plans:
        for item, quantity in plan.items.items():
            wanted[item] = wanted.get(item, 0) + quantity
    names = {pk: line.item.name for pk, line in lines.items()}
    pieces = stock_counter.pieces_of(wanted, venue=tills[0].shop_day.venue_id, names=names)
    stock_counter.promise(pieces)
    stocks = stock_counter.stocks_at(tills[0].shop_day.venue_id, wanted)
    for plan in plans:
        TillStock.objects.bulk_create(
            TillStock(till_id=plan.till, stock_id=stocks[item], item_id=item, allotted=quantity, lent=quantity)
            for item, quantity in plan.items.items()
        )
    for till in tills:
        till.state, till.offline_at, till.expires_at = State.OFFLINE, at, until
        till.save(update_fields=["state", "offline_at", "expires_at"])
        act().target(till, "went offline", {"expires_at": [None, until]})
    return tills


def _ready_tills(actor: Actor, shop_day: UUID, plans: Sequence[TillPlan]) -> list[Till]:
    if not plans or len({plan.till for plan in plans}) != len(plans):
        raise Invalid(fields={"tills": [_("Choose the tills that go without network.")]})
    rows = Till.objects.filter(pk__in=[plan.till for plan in plans], shop_day=shop_day).select_related("shop_day")
    tills: list[Till] = locks.lock(rows)
    if len(tills) != len(plans):
        raise Missing
    day = tills[0].shop_day
    policy.require(policy.may_serve(actor, day.community_id, day.venue_id))
    if day.ended_at is not None:
        raise shop_days.DayEnded
    if any(till.state != State.OPEN for till in tills):
        raise TillNotReady
    found.venue(day.venue_id, day.community_id)
    return tills


def _until(expires_at: datetime | None, at: datetime) -> datetime:
    until = expires_at or at + DEFAULT
    if not at < until <= at + LONGEST:
        raise Invalid(fields={"expires_at": [_("A till comes back within seven days.")]})
    return until


def _priced(community: UUID, plans: Sequence[TillPlan], on: date) -> dict[UUID, basket.Priced]:
    lines: dict[UUID, basket.Priced] = {}
    for plan in plans:
        check_basket(plan.items)
        priced = basket.price_basket(community=community, wanted=plan.items, on=on)
        if any(not line.item.needs_stock for line in priced):
            raise Invalid(fields={"items": [_("A till without network gives out goods only.")]})
        lines |= {line.item.pk: line for line in priced}
    return lines


def _accounts(book: Book, at: datetime, most: int) -> list[UUID]:
    """Give the accounts of households with points in a book; none when the rules let tills take nothing."""
    if most <= 0:
        return []
    homes = Account.objects.filter(book=book, kind=Account.Kind.HOUSEHOLD, state=Account.State.OPEN, balance__gt=0)
    return list(homes.order_by("pk").values_list("pk", flat=True))


def _allow(till: Till, mine: Mapping[UUID, int], owners: Mapping[UUID, UUID], *, at: datetime, until: datetime) -> None:
    if not mine:
        return
    homes = sorted(mine)
    wanted = [
        ledger.HoldWanted(owners[home], mine[home], deterministic_id(till.pk, f"allowance {home}")) for home in homes
    ]
    holds = ledger.hold(wanted, source_kind=spending.TILL, source_id=till.pk, at=at, expires_at=until)
    TillAllowance.objects.bulk_create(
        (
            TillAllowance(id=new_id(), till=till, household_id=home, hold_id=hold, points=mine[home])
            for home, hold in zip(homes, holds, strict=True)
        ),
        batch_size=500,
    )
