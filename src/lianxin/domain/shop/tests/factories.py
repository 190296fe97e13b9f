"""A community with passbooks and a shop, for the tests of this module."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from lianxin.domain.people.models import Household, Organisation, OrganisationRole, Person
from lianxin.domain.people.tests.factories import make_household, members_of, new_person, resident, staff
from lianxin.domain.places.models import Division, Venue
from lianxin.domain.points.models import Account, Lot
from lianxin.domain.points.tests import factories as points
from lianxin.domain.shop.commands import catalogue, stock
from lianxin.domain.shop.models import Item, LimitCounter, Redemption, Stock
from lianxin.platform import scope
from lianxin.platform.actors import Actor

AT = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
CARD = ("card_only",)


@dataclass(frozen=True)
class Shop:
    """Everything that a test of the shop wants to name."""

    community: Division
    venue: Venue
    other_venue: Venue
    book: points.LedgerBook
    homes: tuple[Household, ...]
    keeper: Actor

    def account(self, number: int = 0) -> Account:
        """The passbook's account of one home as it is now."""
        with scope.everything():
            return Account.objects.get(book=self.book.id, kind="household", owner=self.homes[number].pk)

    def member(self, number: int = 0) -> Person:
        """The head of one home."""
        return members_of(self.homes[number])[0]

    def resident(self, number: int = 0) -> Actor:
        """Who logs in from one home."""
        return resident(self.member(number))


def make_shop(*, homes: int = 2, balance: int = 100, until: Sequence[tuple[date, int]] = ()) -> Shop:
    """A community with one book, two venues and some homes that have points."""
    with scope.everything(), transaction.atomic():
        community = Division.objects.create(
            level="community",
            official_name="翠英社区居委会",
            short_name="翠英社区",
            code="440507004020",
            created_on=date(2019, 1, 1),
        )
        venues = [
            Venue.objects.create(
                community=community, kind="centre", name=name, state="open", opened_on=date(2024, 3, 1)
            )
            for name in ("翠英党群服务中心", "翠英集市站")
        ]
        made = tuple(
            make_household(community, new_person("陈小明"), new_person("林阿婆", "parent"), on=date(2024, 1, 1))
            for _ in range(homes)
        )
        book = points.make_book(community=community.pk, owners=[home.pk for home in made], budget=1_000_000)
        for account in book.households:
            for lot, amount in until or ((points.YEAR_END, balance),):
                if amount:
                    points.award(book, account, amount, until=lot)
    return Shop(community, venues[0], venues[1], book, made, staff("community_staff", community))


def make_item(shop: Shop, *, points: int = 10, pieces: int = 10, on_sale: bool = True, **values: Any) -> Item:
    """Goods on offer with pieces at the first venue."""
    entries = {"kind": "goods", "name": "洗衣液", "cost_fen": 1500} | values
    item = catalogue.create_item(actor=shop.keeper, community=shop.community.pk, points=points, at=AT, **entries)
    if on_sale:
        item = catalogue.put_on_sale(actor=shop.keeper, item=item.pk, at=AT)
    if pieces and item.needs_stock:
        stock.receive_purchase(actor=shop.keeper, item=item.pk, venue=shop.venue.pk, quantity=pieces, at=AT)
    return item


def make_merchant(name: str = "明亮洗车行") -> Organisation:
    """A merchant on the register."""
    row = Organisation.objects.create(name=name, registered_on=date(2024, 1, 1))
    OrganisationRole.objects.create(organisation=row, kind="merchant", since_on=date(2024, 1, 1))
    return row


def merchant_actor(organisation: Organisation) -> Actor:
    """Somebody who works for a merchant, in no community's scope."""
    actor = staff("merchant")
    return Actor(
        account=actor.account,
        role="merchant",
        communities=frozenset(),
        via="web",
        roles=frozenset({"merchant"}),
        organisations=frozenset({organisation.pk}),
    )


def counters(item: Item, venue: Venue) -> tuple[int, int]:
    """(on hand, reserved) of an item at a venue."""
    with scope.everything():
        row = Stock.objects.get(item=item, venue=venue)
    return row.on_hand, row.reserved


def fresh(redemption: Redemption) -> Redemption:
    """The row as it is now."""
    with scope.everything():
        return Redemption.objects.get(pk=redemption.pk)


def lots(account: Account) -> dict[date, int]:
    """What lies in each lot of an account."""
    with scope.everything():
        return dict(Lot.objects.filter(account=account).values_list("expires_on", "remaining"))


def used(item: Item, household: UUID) -> int:
    """What counts towards a limit in all windows."""
    with scope.everything():
        return sum(LimitCounter.objects.filter(item=item, household=household).values_list("used", flat=True))
