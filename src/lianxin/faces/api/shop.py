"""The points shop: what a community offers, a resident's orders and codes, a merchant's taking of vouchers."""

from datetime import date, datetime
from uuid import UUID

from ninja import Field, Query, Router, Schema

from lianxin.domain.points.queries.passbook_balances import purse_of
from lianxin.domain.shop.commands import reservations, vouchers
from lianxin.domain.shop.models import Redemption
from lianxin.domain.shop.queries.catalogue import list_offers
from lianxin.domain.shop.queries.orders import Order, find_order, my_orders
from lianxin.faces.api.answers import answers
from lianxin.faces.api.security import logged_in
from lianxin.faces.api.standing import Caller, caller
from lianxin.platform import clock
from lianxin.platform.errors import Missing

router = Router()
PERSON = "The person for whom you act; yourself unless given."
KEY = "Makes the operation safe to repeat: the same key gives the same answer and nothing happens twice."
MOST_PIECES = 1_000


class OffersFilter(Schema):
    """Whose offers."""

    community: UUID
    kind: str = Field("", description="goods, service or honour")


class OfferOut(Schema):
    """One thing on offer; `available` is null for what needs no stock."""

    item: UUID
    kind: str
    name: str
    description: str
    category: str
    merchant_name: str
    points: int
    available: int | None
    available_at: dict[str, int]
    limit_quantity: int | None
    limit_every: str


class VoucherOut(Schema):
    """A voucher; the code is there while it can be used."""

    id: UUID
    code: str
    state: str
    expires_on: date
    merchant_name: str


class OrderLineOut(Schema):
    """Pieces of one thing."""

    item: UUID
    name: str
    kind: str
    quantity: int
    quantity_returned: int
    unit_points: int
    vouchers: list[VoucherOut]


class OrderOut(Schema):
    """An order of one's household; `code` is there while it waits."""

    id: UUID
    community: UUID
    venue: UUID | None
    venue_name: str
    state: str
    points: int
    code: str
    made_at: datetime
    expires_at: datetime | None
    ready_at: datetime | None
    collected_at: datetime | None
    lines: list[OrderLineOut]


class OrdersPage(Schema):
    """Orders, the newest first; `after` asks for the next ones."""

    items: list[OrderOut]
    after: str


class OrdersFilter(Schema):
    """Which orders."""

    person: UUID | None = Field(None, description=PERSON)
    live_only: bool = False
    after: str = Field("", max_length=40)
    limit: int = Field(20, ge=1, le=100)


class PurseOut(Schema):
    """What can be spent now."""

    balance: int
    held: int
    free: int
    is_open: bool


class WantedOut(Schema):
    """Pieces of one thing to be reserved."""

    item: UUID
    quantity: int = Field(1, ge=1, le=MOST_PIECES)


class ReserveIn(Schema):
    """What is reserved, and where it will be collected."""

    key: UUID | None = Field(None, description=KEY)
    person: UUID | None = Field(None, description=PERSON)
    venue: UUID
    items: list[WantedOut] = Field(min_length=1, max_length=50)


class RedeemIn(Schema):
    """Which service, and how many vouchers of it."""

    key: UUID | None = Field(None, description=KEY)
    person: UUID | None = Field(None, description=PERSON)
    item: UUID
    quantity: int = Field(1, ge=1, le=MOST_PIECES)


class CancelIn(Schema):
    """Why an order is given up, if somebody wants to say."""

    key: UUID | None = Field(None, description=KEY)
    person: UUID | None = Field(None, description=PERSON)
    reason: str = Field("", max_length=200)


class TakeIn(Schema):
    """The code that a resident shows."""

    key: UUID | None = Field(None, description=KEY)
    code: str = Field(min_length=1, max_length=40)


class TakenOut(Schema):
    """A voucher that was taken just now; it names nobody."""

    id: UUID
    item_name: str
    taken_at: datetime


@router.get("/offers", response=answers(list[OfferOut]), summary="What a community gives for points")
def offers(request, asked: Query[OffersFilter]):  # type: ignore[no-untyped-def]
    """Give the offers of today; open to everybody."""
    today = clock.local_day(clock.now())
    rows = list_offers(actor=request.actor, community=asked.community, on=today, kind=asked.kind)
    return [
        OfferOut(
            item=row.item,
            kind=row.kind,
            name=row.name,
            description=row.description,
            category=row.category,
            merchant_name=row.merchant_name,
            points=row.points,
            available=row.available,
            available_at={str(venue): pieces for venue, pieces in row.available_at.items()},
            limit_quantity=row.limit_quantity,
            limit_every=row.limit_every,
        )
        for row in rows
    ]


@router.get("/purse", response=answers(PurseOut), auth=logged_in, summary="What I can spend")
def purse(request, person: UUID | None = None):  # type: ignore[no-untyped-def]
    """Give the points that one's household can spend now."""
    who = _caller(request, person)
    found = purse_of(actor=who.actor, home=who.home)
    return PurseOut(balance=found.balance, held=found.held, free=found.free, is_open=found.is_open)


@router.get("/orders", response=answers(OrdersPage), auth=logged_in, summary="My orders and codes")
def list_orders(request, asked: Query[OrdersFilter]):  # type: ignore[no-untyped-def]
    """Give the orders of one's household, with codes while they can be used."""
    who = _caller(request, asked.person)
    page = my_orders(
        actor=who.actor,
        household=who.home.household,
        on=clock.local_day(clock.now()),
        live_only=asked.live_only,
        after=asked.after,
        limit=asked.limit,
    )
    return OrdersPage(items=[OrderOut.from_orm(row) for row in page.rows], after=page.after)


@router.get("/orders/{uuid:order}", response=answers(OrderOut), auth=logged_in, summary="One order")
def show_order(request, order: UUID, person: UUID | None = None):  # type: ignore[no-untyped-def]
    """Give one order of one's household; another's does not exist."""
    return OrderOut.from_orm(_own(_caller(request, person), order))


@router.post("/orders", response=answers(OrderOut), auth=logged_in, summary="Reserve goods or honours")
def reserve(request, body: ReserveIn):  # type: ignore[no-untyped-def]
    """Keep points aside and promise pieces at a place; nothing changes when it is refused."""
    who = _caller(request, body.person)
    wanted: dict[UUID, int] = {}
    for line in body.items:
        wanted[line.item] = wanted.get(line.item, 0) + line.quantity
    made = reservations.reserve(
        actor=who.actor,
        household=who.home.household,
        venue=body.venue,
        items=wanted,
        at=clock.now(),
        key=body.key,
    )
    return _answer(who, made)


@router.post("/vouchers", response=answers(OrderOut), auth=logged_in, summary="Redeem a service")
def redeem(request, body: RedeemIn):  # type: ignore[no-untyped-def]
    """Pay for a service with points; its vouchers come with the answer."""
    who = _caller(request, body.person)
    made = vouchers.redeem_vouchers(
        actor=who.actor,
        household=who.home.household,
        item=body.item,
        quantity=body.quantity,
        at=clock.now(),
        key=body.key,
    )
    return _answer(who, made)


@router.post("/orders/{uuid:order}/cancel", response=answers(OrderOut), auth=logged_in, summary="Give an order up")
def cancel(request, order: UUID, body: CancelIn):  # type: ignore[no-untyped-def]
    """Let points and pieces of a waiting order be free again."""
    who = _caller(request, body.person)
    _own(who, order)
    made = reservations.cancel(actor=who.actor, redemption=order, reason=body.reason, at=clock.now(), key=body.key)
    return _answer(who, made)


@router.post("/vouchers/take", response=answers(TakenOut), auth=logged_in, summary="Take a voucher")
def take_voucher(request, body: TakeIn):  # type: ignore[no-untyped-def]
    """Take a voucher once, for the merchant it is for."""
    taken = vouchers.take_voucher(actor=request.actor, code=body.code, at=clock.now(), key=body.key)
    return TakenOut(id=taken.pk, item_name=taken.line.item.name, taken_at=taken.taken_at or clock.now())


def _caller(request, person: UUID | None) -> Caller:  # type: ignore[no-untyped-def]
    return caller(request.actor, person=person, on=clock.local_day(clock.now()))


def _own(who: Caller, order: UUID) -> Order:
    found = find_order(actor=who.actor, redemption=order, on=clock.local_day(clock.now()))
    if found.household != who.home.household:
        raise Missing
    return found


def _answer(who: Caller, made: Redemption) -> OrderOut:
    return OrderOut.from_orm(_own(who, made.pk))
