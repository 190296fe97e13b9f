"""The pilot communities of the sample district: who works there, who lives there, and since when points count."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from uuid import UUID

from lianxin.domain.people.models import Account, Household, Person, RoleGrant
from lianxin.domain.people.queries.accounts import actor_for
from lianxin.domain.people.rules.persons import age_on
from lianxin.domain.places.commands.programmes import add_batch, add_batch_members
from lianxin.domain.places.models import BatchMember, Division, Level, Programme, ProgrammeBatch
from lianxin.domain.points.models import Book
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_moment
from lianxin.platform.sample import Plan

PILOTS = 20
CUIYING = "440507004020"
NEWCOMER_DAYS = 60
FIRST, SECOND = 1, 2


@dataclass(frozen=True, slots=True)
class Home:
    """A household that may earn points: its head and its grown-up members, the head first."""

    household: UUID
    head: UUID
    adults: tuple[UUID, ...]


@dataclass(slots=True)
class Pilot:
    """A community that keeps passbooks, with the two of its staff who enter things and someone from the district."""

    plan: Plan
    place: int
    community: Division
    batch: int
    staff: Actor
    colleague: Actor
    office: Actor
    homes: list[Home] = field(repr=False)

    @property
    def first_year(self) -> int:
        """Give the year with which the points of the pilots begin: 2024, or the year before an earlier sample day."""
        return _begins(self.plan, FIRST).year

    @property
    def switched_on(self) -> date:
        """Give the day from which points count here."""
        return _begins(self.plan, self.batch)

    def book(self) -> Book:
        """Read the community's book."""
        with scope.everything():
            return Book.objects.get(community=self.community)


def _begins(plan: Plan, batch: int) -> date:
    return date(plan.told_year, 1 if batch == FIRST else 7, 1)


def find_pilots(plan: Plan) -> list[Pilot]:
    """Give the pilots with their batches; a district of few communities keeps exactly one without passbooks."""
    with scope.everything():
        communities = list(Division.objects.filter(level=Level.COMMUNITY, ended_on=None).order_by("code"))
        batches = _members(plan, communities)
        office = _office(plan)
        pilots: list[Pilot] = []
        members = [one for one in communities if one.pk in batches]
        for community in sorted(members, key=lambda one: (one.code != CUIYING, one.code)):
            staff, homes = _staff(plan, community), _homes(plan, community)
            if len(staff) < 2 or not homes:
                continue
            pilots.append(
                Pilot(
                    plan=plan,
                    place=len(pilots),
                    community=community,
                    batch=batches[community.pk],
                    staff=staff[0],
                    colleague=staff[1],
                    office=office,
                    homes=homes,
                )
            )
    return pilots


def _members(plan: Plan, communities: list[Division]) -> dict[UUID, int]:
    """Give the batch of each pilot of the programme; where it has too few, more join."""
    found = _read_members()
    wanted = min(PILOTS, len(communities) - 1)
    others = [one for one in communities if one.pk not in found]
    # The smallest codes stay out of a small district's pilots last, so that 翠英 is always one.
    others.sort(key=lambda one: (one.code != CUIYING, one.code))
    short = others[: max(0, wanted - len(found))]
    half = (wanted + 1) // 2
    for number in (FIRST, SECOND):
        room = half - sum(batch == FIRST for batch in found.values()) if number == FIRST else len(short)
        _join(plan, number, short[: max(0, room)])
        short = short[max(0, room) :]
    return _read_members()


def _read_members() -> dict[UUID, int]:
    rows = BatchMember.objects.filter(left_on=None, community__ended_on=None).order_by("-batch__number")
    return dict(rows.values_list("community_id", "batch__number"))


def _join(plan: Plan, number: int, communities: list[Division]) -> None:
    """Let communities into a batch of the sample's programme, which places began."""
    programme = Programme.objects.order_by("pk").first()
    if programme is None or not communities:
        return
    batches = ProgrammeBatch.objects.filter(programme=programme)
    batch = batches.filter(number=number).first()
    on = _begins(plan, number)
    on = max([on, *batches.filter(number__lte=number).values_list("starts_on", flat=True)])
    wanted = [one.pk for one in communities if one.created_on <= on]
    at = local_moment(on, time(10))
    if batch is not None and wanted:
        add_batch_members(actor=_office(plan), at=at, batch=batch.pk, communities=wanted, on=on)
    elif wanted:
        add_batch(actor=_office(plan), at=at, programme=programme.pk, starts_on=on, communities=wanted)


def _office(plan: Plan) -> Actor:
    """Give somebody of the district's office."""
    grant = RoleGrant.objects.filter(role="district_staff", until_on=None).order_by("granted_at", "pk").first()
    if grant is None:
        return Actor.system(via="cli")
    return actor_for(account=Account.objects.get(pk=grant.account_id), at=plan.at, via="cli")


def _staff(plan: Plan, community: Division) -> list[Actor]:
    """Give those who work in a community, in the order in which they came."""
    grants = RoleGrant.objects.filter(role="community_staff", division=community.pk, until_on=None)
    accounts = [grant.account_id for grant in grants.order_by("granted_at", "pk")]
    known = Account.objects.in_bulk(accounts)
    return [actor_for(account=known[pk], at=plan.at, via="cli") for pk in accounts]


def _homes(plan: Plan, community: Division) -> list[Home]:
    """Give the households that have lived here for a while and have a head of age."""
    there = Household.objects.filter(community=community, state=Household.State.ACTIVE)
    settled = there.filter(created_on__lte=plan.day(NEWCOMER_DAYS)).order_by("number")
    people: dict[UUID, list[Person]] = {}
    living = Person.objects.filter(household__in=settled, state=Person.State.LIVING)
    for person in living.only("household_id", "relation", "birth_on").order_by("pk"):
        if (age_on(person.birth_on, plan.today) or 0) >= 18:
            people.setdefault(person.household_id, []).append(person)
    homes = []
    for household in settled.values_list("pk", flat=True):
        adults = sorted(people.get(household, []), key=lambda one: one.relation != Person.Relation.HEAD)
        if adults and adults[0].relation == Person.Relation.HEAD:
            homes.append(Home(household, adults[0].pk, tuple(one.pk for one in adults)))
    return homes
