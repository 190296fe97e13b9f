"""What the tests of the shop's pages share: 翠英 with passbooks, a shop with goods, a household at the counter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.test import Client
from django.urls import reverse

from lianxin.domain.people.models import Household, Organisation, OrganisationCommunity, OrganisationRole, Person
from lianxin.domain.places.models import Division, Venue
from lianxin.domain.points.models import Account, Book
from lianxin.domain.points.tests import factories as points
from lianxin.domain.shop.commands import catalogue, stock
from lianxin.domain.shop.models import Item
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now


@dataclass(frozen=True)
class OpenShop:
    """A shop of a community with one clerk, one venue, one home with 100 points, and washing powder for 10 points."""

    keeper: Actor
    community: Division
    venue: Venue
    home: Household
    person: Person
    goods: Item

    def url(self, name: str, **more: Any) -> str:
        """Give the address of one of the community's pages."""
        return reverse(f"staff:{name}", kwargs={"community": self.community.pk, **more})

    def account(self) -> Account:
        """The home's account as it is now."""
        with scope.everything():
            return Account.objects.get(owner=self.home.pk, kind="household", book__state="open")


def open_shop(
    district: Any, *, community: Division | None = None, pieces: int = 20, clerk: str = "cuiying1"
) -> OpenShop:
    """Open a shop in a community of the small district, with commands."""
    keeper = district.actor(clerk)
    place = district.cuiying
    today = local_day(now())
    with scope.everything(), transaction.atomic():
        Book.objects.filter(community=place).update(state="closed")
        head = Person.objects.filter(community=place, relation="head", state="living", household__state="active")
        person = head.select_related("household").order_by("pk")[0]
        book = points.make_book(community=place.pk, owners=[person.household_id], year=today.year)
        points.award(book, book.households[0], 100, until=today + timedelta(days=365))
        venue = Venue.objects.filter(community=place, state="open").order_by("kind", "pk")[0]
    with scope.within([place.pk]):
        goods = new_item(keeper, place.pk, name="洗衣粉", points=10)
        if pieces:
            stock.receive_purchase(actor=keeper, item=goods.pk, venue=venue.pk, quantity=pieces, at=now())
    return OpenShop(keeper, place, venue, person.household, person, goods)


def new_item(keeper: Actor, community: UUID, **values: Any) -> Item:
    """Something on offer."""
    entries = {"kind": "goods", "cost_fen": 1200} | values
    row = catalogue.create_item(actor=keeper, community=community, at=now(), **entries)
    return catalogue.put_on_sale(actor=keeper, item=row.pk, at=now())


def new_merchant(community: Division, name: str = "明亮洗车行") -> Organisation:
    """A merchant that works with the community."""
    with scope.everything():
        row = Organisation.objects.create(name=name, registered_on=date(2024, 1, 1))
        OrganisationRole.objects.create(organisation=row, kind="merchant", since_on=date(2024, 1, 1))
        OrganisationCommunity.objects.create(organisation=row, community=community, since_on=date(2024, 1, 1))
    return row


def find_at_counter(client: Client, shop: OpenShop, shown: str = "") -> Any:
    """Type what was shown, and give the page that follows."""
    return client.post(shop.url("shop_counter"), {"shown": shown or shop.home.number}, follow=True)
