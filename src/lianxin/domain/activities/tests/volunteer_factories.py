"""A community with residents who help, for the tests of shifts, hours and certificates."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import transaction

from lianxin.domain.activities.commands import shifts, volunteers
from lianxin.domain.activities.models import Activity, Occurrence, Shift, ShiftPlace, Skill
from lianxin.domain.people.models import Organisation, OrganisationRole, Person
from lianxin.domain.people.tests.factories import make_household, members_of, new_person, resident, staff
from lianxin.domain.places.models import Division, ServiceCategory, Venue
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.ids import new_id

AT = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # a Monday, noon in Shanghai
START = datetime(2026, 3, 7, 1, 0, tzinfo=UTC)  # the Saturday after it, 9:00 in Shanghai
DAY = date(2026, 3, 7)
HOUR = timedelta(hours=1)
SYSTEM = Actor.system(via="cli")


@dataclass(frozen=True)
class Helping:
    """Everything that a test of volunteering wants to name."""

    community: Division
    other: Division
    venue: Venue
    far: Venue
    people: tuple[Person, ...]
    neighbour: Person
    keeper: Actor

    def helper(self, number: int = 0) -> Actor:
        """Who logs in as one of the residents."""
        return resident(self.people[number])


def _community(name: str, code: str) -> Division:
    return Division.objects.create(
        level="community", official_name=f"{name}居委会", short_name=name, code=code, created_on=date(2019, 1, 1)
    )


def _venue(community: Division, name: str, lng: float, lat: float) -> Venue:
    return Venue.objects.create(
        community=community,
        kind="centre",
        name=name,
        state="open",
        opened_on=date(2024, 3, 1),
        lng=lng,
        lat=lat,
    )


def make_helping(*, people: int = 3) -> Helping:
    """Two communities, a venue in each some kilometres apart, and residents who could help."""
    with scope.everything(), transaction.atomic():
        community, other = _community("翠英社区", "440507004020"), _community("金洲社区", "440507009207")
        venue = _venue(community, "翠英党群服务中心", 116.70, 23.37)
        far = _venue(other, "金洲党群服务中心", 116.78, 23.45)
        homes = [
            make_household(
                community,
                new_person("陈帮" + "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳"[number % 16], birth_on=date(1980, 1, 1)),
                on=date(2024, 1, 1),
            )
            for number in range(people)
        ]
        away = make_household(other, new_person("林邻居"), on=date(2024, 1, 1))
    return Helping(
        community,
        other,
        venue,
        far,
        tuple(members_of(home)[0] for home in homes),
        members_of(away)[0],
        staff("community_staff", community),
    )


def make_shift(helping: Helping, **values: Any) -> Shift:
    """An open shift of two hours at the first venue for one to two people."""
    entries: dict[str, Any] = {
        "community": helping.community.pk,
        "role": "引导",
        "starts_at": START,
        "ends_at": START + 2 * HOUR,
        "least": 1,
        "most": 2,
        "venue": helping.venue.pk,
        "at": AT,
    }
    return shifts.open_shift(actor=SYSTEM, **entries | values)


def make_occurrence(helping: Helping, **values: Any) -> Occurrence:
    """A published date of an activity."""
    with scope.everything():
        category, _made = ServiceCategory.objects.get_or_create(code="A04", defaults={"name": "义诊"})
        activity = Activity.objects.create(
            community=helping.community,
            category=category,
            title="义诊",
            state="published",
            made_at=AT,
            published_at=AT,
        )
        entries: dict[str, Any] = {
            "starts_at": START,
            "ends_at": START + 2 * HOUR,
            "state": "published",
            "venue": helping.venue,
            "published_at": AT,
            "changed_at": AT,
        }
        return Occurrence.objects.create(community=helping.community, activity=activity, **entries | values)


def make_skill(name: str = "理发", code: str = "haircut") -> Skill:
    """A skill on the list."""
    volunteers.load_skills(actor=SYSTEM, skills=[{"code": code, "name_zh": name}], at=AT)
    return Skill.objects.get(code=code)


def make_partner(name: str = "明亮公司") -> Organisation:
    """A partner on the register."""
    row = Organisation.objects.create(name=name, registered_on=date(2024, 1, 1))
    OrganisationRole.objects.create(organisation=row, kind="partner", since_on=date(2024, 1, 1))
    return row


def partner_actor(organisation: Organisation, community: Division) -> Actor:
    """Somebody who works for a partner that is linked to a community."""
    return Actor(
        account=new_id(),
        role="partner",
        communities=frozenset({community.pk}),
        via="web",
        roles=frozenset({"partner"}),
        organisations=frozenset({organisation.pk}),
    )


def fresh_shift(row: Shift) -> Shift:
    """The shift as it is now."""
    with scope.everything():
        return Shift.objects.get(pk=row.pk)


def fresh_place(row: ShiftPlace) -> ShiftPlace:
    """The place as it is now."""
    with scope.everything():
        return ShiftPlace.objects.get(pk=row.pk)
