"""A community with passbooks and a shop beside the small district's, dated from the day of the run as views are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.test import Client

from lianxin.domain.people.models import Household, Organisation, OrganisationRole, Person
from lianxin.domain.people.tests.account_factories import make_account
from lianxin.domain.people.tests.factories import make_household, members_of, new_person
from lianxin.domain.places.models import Division, Venue
from lianxin.domain.points.commands import awards, books, budgets, notices, rules_versions
from lianxin.domain.points.ledger import sealing
from lianxin.domain.points.models import Account, Book, Claim, Notice
from lianxin.domain.points.rules.starter import starter_draft
from lianxin.domain.shop.commands import catalogue, stock
from lianxin.domain.shop.models import Item
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import now
from tests.support.district import SmallDistrict

SYSTEM = Actor.system()
ITEM = "help-neighbour"
PER_ACT = 5


@dataclass
class Pilot:
    """A community that began with points three weeks ago: two homes, a centre, staff, a book with rules in force."""

    district: SmallDistrict
    community: Division
    centre: Venue
    book: Book
    homes: list[Household]
    staff: Actor
    today: date

    def member(self, number: int = 0) -> Person:
        """The head of one home."""
        return members_of(self.homes[number])[0]

    def log_in(self, client: Client, number: int = 0) -> Person:
        """Let a client go on as the head of one home, in English so that tests read the msgids."""
        person: Person = self.district.log_in_resident(client, self.member(number))
        client.cookies["lianxin-language"] = "en"
        return person

    def award(self, number: int = 0, *, times: int = 1, days_ago: int = 3) -> Claim:
        """Give a home points for helping a neighbour: five each time."""
        return awards.award(
            actor=self.staff,
            household=self.homes[number].pk,
            person=self.member(number).pk,
            item=ITEM,
            quantity=times,
            done_on=self.today - timedelta(days=days_ago),
            evidence="由邻居确认",
            at=now(),
        )

    def seal(self) -> None:
        """Seal what was posted."""
        sealing.seal_all(holder="tests", at=now())

    def notice(self) -> Notice:
        """Show the awards so far."""
        shown = notices.publish_awards(actor=SYSTEM, book=self.book.pk, at=now())
        assert shown is not None
        return shown

    def balance(self, number: int = 0) -> tuple[int, int]:
        """What a home has, and what of it is kept aside."""
        with scope.everything():
            row = Account.objects.get(owner=self.homes[number].pk, kind=Account.Kind.HOUSEHOLD)
        return row.balance, row.held

    def item(self, *, points: int = 10, pieces: int = 5, **values: Any) -> Item:
        """Put something on offer, goods at the centre unless said otherwise."""
        entries = {"kind": "goods", "name": "洗衣液", "cost_fen": 1500} | values
        row = catalogue.create_item(
            actor=self.staff, community=self.community.pk, points=points, at=now(), from_on=self.today, **entries
        )
        row = catalogue.put_on_sale(actor=self.staff, item=row.pk, at=now())
        if pieces and row.needs_stock:
            stock.receive_purchase(actor=self.staff, item=row.pk, venue=self.centre.pk, quantity=pieces, at=now())
        return row


def make_merchant(name: str = "明亮洗车行") -> Organisation:
    """A merchant on the register."""
    row = Organisation.objects.create(name=name, registered_on=date(2024, 1, 1))
    OrganisationRole.objects.create(organisation=row, kind="merchant", since_on=date(2024, 1, 1))
    return row


def make_pilot(district: SmallDistrict, *, with_book: bool = True) -> Pilot:
    """Make the community; without a book it is like most: points have not begun there."""
    at = now()
    today, began = district.today, at - timedelta(days=30)
    with scope.everything():
        community = Division.objects.create(
            level="community",
            parent=district.cuiying.parent,
            official_name="新溪社区居民委员会",
            short_name="新溪社区",
            code="440507099099",
            created_on=date(2019, 1, 1),
        )
        centre = Venue.objects.create(
            community=community, kind="centre", name="新溪社区党群服务中心", state="open", opened_on=date(2024, 3, 1)
        )
        homes = [
            make_household(
                community, new_person(name, phone=phone), new_person("林阿婆", "parent"), on=date(2024, 1, 1)
            )
            for name, phone in (("陈小明", "13912340001"), ("张大文", "13912340002"))
        ]
    account = make_account()
    staff = Actor(
        account=account.pk,
        role="community_staff",
        communities=frozenset({community.pk}),
        via="web",
        roles=frozenset({"community_staff"}),
    )
    book = _make_book(community, began, today) if with_book else Book(community=community)
    return Pilot(district, community, centre, book, homes, staff, today)


def _make_book(community: Division, began: datetime, today: date) -> Book:
    first = today - timedelta(days=30)
    book = books.prepare_book(actor=SYSTEM, community=community.pk, at=began)
    content = starter_draft() | {
        "title": "新溪社区积分规则",
        "minutes_on": (first - timedelta(days=1)).isoformat(),
        "minutes_title": "居民会议纪要",
        "minutes_text": "会议通过了积分规则。",
        "attended": 60,
        "in_favour": 48,
        "notice_from": first.isoformat(),
        "notice_until": (first + timedelta(days=7)).isoformat(),
        "effective_from": (first + timedelta(days=8)).isoformat(),
        "expiry": "rolling",
        "expiry_months": 12,
    }
    draft = rules_versions.save_draft(actor=SYSTEM, book=book.pk, content=content, at=began)
    rules_versions.publish_rules(actor=SYSTEM, draft=draft.pk, at=began)
    book = books.switch_on(actor=SYSTEM, book=book.pk, on=first, at=began)
    books.open_period(actor=SYSTEM, book=book.pk, year=today.year, at=now())
    budgets.set_budget(
        actor=SYSTEM,
        book=book.pk,
        name="积分预算",
        valid_from=first,
        valid_until=first + timedelta(days=365),
        points=10_000,
        is_general=True,
        at=began,
    )
    return book
