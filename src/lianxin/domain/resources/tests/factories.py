"""Two communities with their centres, a partner of the first, and residents: for the tests of resources."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from lianxin.domain.people.models import Organisation, OrganisationCommunity, OrganisationRole, Person
from lianxin.domain.people.tests.factories import make_household, members_of, new_person, staff
from lianxin.domain.places.models import Division, DivisionCode, ServiceCategory, Venue
from lianxin.domain.resources.commands import offers
from lianxin.domain.resources.models import Offer, Promise
from lianxin.domain.resources.rules.contents import OfferContent
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.ids import new_id

AT = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # a Monday, noon in Shanghai
TODAY = date(2026, 3, 2)
SYSTEM = Actor.system(via="cli")
CATEGORIES = {"A04": "义诊", "C04": "法律咨询", "C05": "矛盾调解", "D01": "义剪"}


@dataclass(frozen=True)
class Ground:
    """Everything that a test of resources wants to name."""

    subdistrict: Division
    community: Division
    other: Division
    venue: Venue
    far: Venue
    firm: Organisation
    person: Person
    keeper: Actor
    neighbour: Actor

    def partner(self) -> Actor:
        """Who works for the firm."""
        return Actor(
            account=new_id(),
            role="partner",
            communities=frozenset({self.community.pk}),
            via="web",
            roles=frozenset({"partner"}),
            organisations=frozenset({self.firm.pk}),
        )

    def content(self, **values: Any) -> OfferContent:
        """A lawyer's evening twice a month, unless said otherwise."""
        entries: dict[str, Any] = {
            "organisation": self.firm.pk,
            "kind": "skill",
            "title": "律师咨询",
            "categories": [("C04", 3), ("C05", 1)],
            "from_on": TODAY,
            "times": 2,
        }
        return OfferContent(**entries | values)

    def offer(self, *, is_assured: bool = True, **values: Any) -> Offer:
        """An offer of the firm that somebody has asked about."""
        return offers.offer(
            actor=self.keeper,
            community=self.community.pk,
            content=self.content(**values),
            is_assured=is_assured,
            at=AT,
        )


def make_ground() -> Ground:
    """Two communities of one subdistrict some kilometres apart; the firm works with the first."""
    with scope.everything(), transaction.atomic():
        for position, (code, name) in enumerate(CATEGORIES.items()):
            ServiceCategory.objects.get_or_create(code=code, defaults={"name": name, "position": position})
        above = _division("subdistrict", "金霞街道", "440507004000", None)
        community = _division("community", "翠英社区", "440507004020", above)
        other = _division("community", "金洲社区", "440507004207", above)
        venue = _venue(community, "翠英党群服务中心", 116.70, 23.37)
        far = _venue(other, "金洲党群服务中心", 116.73, 23.37)
        firm = Organisation.objects.create(name="明亮律师事务所", registered_on=date(2024, 1, 1))
        OrganisationRole.objects.create(organisation=firm, kind="partner", since_on=date(2024, 1, 1))
        OrganisationCommunity.objects.create(organisation=firm, community=community, since_on=date(2024, 1, 1))
        home = make_household(community, new_person("陈帮帮", birth_on=date(1980, 1, 1)), on=date(2024, 1, 1))
    person = members_of(home)[0]
    keeper, neighbour = staff("community_staff", community), staff("community_staff", other)
    return Ground(above, community, other, venue, far, firm, person, keeper, neighbour)


def _division(level: str, name: str, code: str, parent: Division | None) -> Division:
    row = Division.objects.create(
        level=level,
        official_name=name.replace("社区", "社区居委会"),
        short_name=name,
        code=code,
        parent=parent,
        created_on=date(2019, 1, 1),
    )
    DivisionCode.objects.create(division=row, code=code, valid_from=date(2019, 1, 1))
    return row


def _venue(community: Division, name: str, lng: float, lat: float) -> Venue:
    return Venue.objects.create(
        community=community, kind="centre", name=name, state="open", opened_on=date(2024, 3, 1), lng=lng, lat=lat
    )


def fresh_offer(row: Offer | UUID) -> Offer:
    """The offer as it is now."""
    with scope.everything():
        return Offer.objects.get(pk=getattr(row, "pk", row))


def fresh_promise(row: Promise) -> Promise:
    """The promise as it is now."""
    with scope.everything():
        return Promise.objects.get(pk=row.pk)
