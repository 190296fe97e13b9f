"""Orders: a household's own with their codes, those that wait at a place, and what the counter has to know."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from lianxin.domain.people.models import Household, Person
from lianxin.domain.points.models import Account, SealedTxn
from lianxin.domain.shop import policy
from lianxin.domain.shop.commands import codes
from lianxin.domain.shop.models import Redemption, RedemptionLine, Voucher
from lianxin.domain.shop.queries.standing import acts_for
from lianxin.domain.shop.queries.terms import open_book, terms_of
from lianxin.domain.shop.rules.terms import Terms
from lianxin.engines.masking import mask_name
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing
from lianxin.platform.sensitive import Sealed, Unreadable

PAGE = 50
MOST_SHOWN = 200
State = Redemption.State


@dataclass(frozen=True, slots=True)
class VoucherLine:
    """A voucher of an order; the code is there for its owner only."""

    id: UUID
    code: str
    state: str
    expires_on: date
    taken_at: datetime | None
    merchant_name: str


@dataclass(frozen=True, slots=True)
class OrderLine:
    """Pieces of one thing in an order."""

    item: UUID
    name: str
    kind: str
    quantity: int
    quantity_returned: int
    unit_points: int
    vouchers: list[VoucherLine]


@dataclass(frozen=True, slots=True)
class Order:
    """An order as a page shows it; `code` is empty for everybody but the household while it waits."""

    id: UUID
    community: UUID
    household: UUID
    household_number: str
    venue: UUID | None
    venue_name: str
    masked_person: str
    state: str
    made_via: str
    points: int
    code: str
    made_at: datetime
    expires_at: datetime | None
    ready_at: datetime | None
    collected_at: datetime | None
    ended_at: datetime | None
    reason: str
    identity_check: str
    lines: list[OrderLine]


@dataclass(frozen=True, slots=True)
class OrdersPage:
    """A page of orders, newest first; `after` fetches the next one."""

    rows: list[Order]
    after: str


@dataclass(frozen=True, slots=True)
class CounterView:
    """What the counter has to know of a household: its free points, who belongs to it, what waits for it."""

    household: UUID
    number: str
    community: UUID
    is_open: bool
    balance: int
    free: int
    people: list[tuple[UUID, str]]
    waiting: list[Order]
    terms: Terms


def my_orders(
    *, actor: Actor, household: UUID, on: date, live_only: bool = False, after: str = "", limit: int = PAGE
) -> OrdersPage:
    """List a household's orders with the codes of those that wait, also from communities it lived in before."""
    with scope.within(actor.communities):
        home = Household.objects.filter(pk=household).first()
        if home is None:
            raise Missing
        policy.require(acts_for(actor, household, on))
    with scope.everything():
        rows = Redemption.objects.filter(household=household)
        if live_only:
            vouchers = Q(lines__vouchers__state=Voucher.State.ISSUED)
            rows = rows.filter(Q(state=State.RESERVED) | vouchers).distinct()
        return _page(rows, after=after, limit=limit, with_codes=True)


def list_orders(
    *,
    actor: Actor,
    community: UUID,
    venue: UUID | None = None,
    state: str = "",
    household: UUID | None = None,
    after: str = "",
    limit: int = PAGE,
) -> OrdersPage:
    """List a community's orders for those who work in its shop, without codes; seven queries at any size."""
    policy.require(policy.may_work_in_shop(actor, community))
    # A household that moved away keeps its orders here; its own row lies outside the scope.
    with scope.everything():
        rows = Redemption.objects.filter(community=community)
        if not policy.may_read_shop(actor, community):
            rows = rows.filter(venue__in=actor.venues)
        for field, value in (("venue", venue), ("state", state), ("household", household)):
            rows = rows.filter(**{field: value}) if value else rows
        return _page(rows, after=after, limit=limit, with_codes=False)


def find_order(*, actor: Actor, redemption: UUID, on: date) -> Order:
    """Give one order to its household, with its codes, or to those who give it out; raises Missing."""
    # A household that moved keeps its orders in the community before; who may see one is asked below.
    with scope.everything():
        row = _whole(Redemption.objects.filter(pk=redemption)).first()
        if row is None:
            raise Missing
        mine = acts_for(actor, row.household_id, on)
        works = policy.may_serve(actor, row.community_id, row.venue_id) or policy.may_read_shop(actor, row.community_id)
        if not mine and not works:
            raise Missing
        return _order(row, with_codes=mine)


def find_voucher(*, actor: Actor, voucher: UUID) -> Voucher:
    """Give one voucher, with its order, to those who work in the shop; raises Missing."""
    with scope.within(actor.communities):
        row = Voucher.objects.filter(pk=voucher).select_related("line__item", "line__redemption", "merchant").first()
    if row is None or not policy.may_work_in_shop(actor, row.community_id):
        raise Missing
    return row


def find_by_code(*, actor: Actor, community: UUID, code: str) -> UUID:
    """Give the order of a typed pick-up code in a community, the live one or else the last; raises a sentence."""
    with scope.within(actor.communities):
        row = codes.find_redemption(code)
    if row.community_id != community or not policy.may_work_in_shop(actor, community):
        raise Missing(_("There is no order with this code here."))
    return row.pk


def seal_codes_of(*, actor: Actor, redemption: UUID) -> list[str]:
    """Give the codes of the seals that stand over an order's transaction, none yet when it is fresh; one query."""
    with scope.within(actor.communities):
        sealed = SealedTxn.objects.filter(
            txn__in=Redemption.objects.filter(pk=redemption, txn__isnull=False).values("txn")
        )
        return list(sealed.values_list("seal__code", flat=True))


def at_counter(*, actor: Actor, household: UUID, on: date) -> CounterView:
    """Give what the counter has to know of a household in scope; raises Missing, NotAllowed or NoPointsHere."""
    with scope.within(actor.communities):
        home = Household.objects.filter(pk=household).first()
        if home is None:
            raise Missing
        policy.require(policy.may_work_in_shop(actor, home.community_id))
        book = open_book(home.community_id)
        account = Account.objects.filter(book=book, kind=Account.Kind.HOUSEHOLD, owner=home.pk).first()
        people = Person.objects.filter(household=home, state=Person.State.LIVING).order_by("birth_on", "pk")
        waiting = _whole(Redemption.objects.filter(household=home, state=State.RESERVED).order_by("expires_at", "pk"))
        return CounterView(
            household=home.pk,
            number=home.number,
            community=home.community_id,
            is_open=home.state == Household.State.ACTIVE and (account is None or account.state == Account.State.OPEN),
            balance=account.balance if account else 0,
            free=account.balance - account.held if account else 0,
            people=[(person.pk, mask_name(person.name)) for person in people],
            waiting=[_order(row, with_codes=False) for row in waiting[:MOST_SHOWN]],
            terms=terms_of(book.pk, on),
        )


def count_waiting(*, actor: Actor, community: UUID) -> dict[UUID | None, int]:
    """Count the orders that wait at each venue of a community; one query."""
    policy.require(policy.may_work_in_shop(actor, community))
    found: dict[UUID | None, int] = {}
    with scope.within(actor.communities):
        rows = Redemption.objects.filter(community=community, state=State.RESERVED)
        for venue in rows.values_list("venue_id", flat=True):
            found[venue] = found.get(venue, 0) + 1
    return found


def _whole(rows: QuerySet[Redemption]) -> QuerySet[Redemption]:
    lines = RedemptionLine.objects.select_related("item").order_by("item__name", "pk")
    vouchers = Voucher.objects.select_related("merchant").order_by("pk")
    return rows.select_related("household", "venue", "person").prefetch_related(
        Prefetch("lines", lines), Prefetch("lines__vouchers", vouchers)
    )


def _page(rows: QuerySet[Redemption], *, after: str, limit: int, with_codes: bool) -> OrdersPage:
    size = min(max(limit, 1), MOST_SHOWN)
    if after:
        try:
            rows = rows.filter(pk__lt=UUID(after))
        except ValueError:
            raise Missing from None
    found = list(_whole(rows.order_by("-pk"))[: size + 1])
    shown = found[:size]
    return OrdersPage(
        rows=[_order(row, with_codes=with_codes) for row in shown],
        after=str(shown[-1].pk) if len(found) > size else "",
    )


def _order(row: Redemption, *, with_codes: bool) -> Order:
    return Order(
        id=row.pk,
        community=row.community_id,
        household=row.household_id,
        household_number=row.household.number,
        venue=row.venue_id,
        venue_name=row.venue.name if row.venue else "",
        masked_person=mask_name(row.person.name) if row.person else "",
        state=row.state,
        made_via=row.made_via,
        points=row.points,
        code=_open(row.code) if with_codes and row.state == State.RESERVED else "",
        made_at=row.made_at,
        expires_at=row.expires_at,
        ready_at=row.ready_at,
        collected_at=row.collected_at,
        ended_at=row.ended_at,
        reason=row.reason,
        identity_check=row.identity_check,
        lines=[
            OrderLine(
                item=line.item_id,
                name=line.item.name,
                kind=line.item.kind,
                quantity=line.quantity,
                quantity_returned=line.quantity_returned,
                unit_points=line.unit_points,
                vouchers=[
                    VoucherLine(
                        id=voucher.pk,
                        code=_open(voucher.code) if with_codes and voucher.state == Voucher.State.ISSUED else "",
                        state=voucher.state,
                        expires_on=voucher.expires_on,
                        taken_at=voucher.taken_at,
                        merchant_name=voucher.merchant.name if voucher.merchant else "",
                    )
                    for voucher in line.vouchers.all()
                ],
            )
            for line in row.lines.all()
        ],
    )


def _open(code: Sealed | None) -> str:
    """Open a code for its owner; one whose key is lost must not take the whole list with it."""
    try:
        return "" if code is None else code.reveal()
    except Unreadable:
        return ""
