"""The sample district as activities see it: who lives and works where, which venues and rooms there are, who helps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from lianxin.domain.people.models import (
    Account,
    Organisation,
    OrganisationCommunity,
    OrganisationRole,
    Person,
    RoleGrant,
)
from lianxin.domain.people.queries.accounts import actor_for
from lianxin.domain.people.rules.persons import age_on
from lianxin.domain.places.models import (
    Committee,
    Division,
    Level,
    Room,
    RoomState,
    ServiceCategory,
    Venue,
    VenuePeriod,
    VenueState,
)
from lianxin.domain.points.sample.pilots import Pilot, find_pilots
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.sample import Plan

from .crowd import AUDIENCES, Pool, Somebody
from .planning import Neighbourhood, Site

HELPERS_SHARE, FEWEST_HELPERS, MOST_HELPERS = 0.16, 10, 34
NOT_FOR_ACTIVITIES = ("office", "counselling")
NEIGHBOURS = 3


@dataclass(slots=True)
class District:
    """What the stories of activities need to know, read once."""

    plan: Plan
    divisions: dict[UUID, Division]
    places: list[Neighbourhood]
    pools: dict[UUID, Pool]
    near: dict[UUID, list[UUID]]
    pilots: dict[UUID, Pilot]
    categories: dict[str, UUID]
    venues: dict[UUID, Venue]
    hosts: dict[str, list[UUID]]
    near_hosts: dict[UUID, dict[str, list[UUID]]]
    _actors: dict[UUID, Actor]

    def actor(self, community: UUID) -> Actor:
        """Give who works in a community, or the program where nobody does."""
        return self._actors.get(community) or Actor.system(via="cli")

    def organisers(self, community: UUID, kind: str) -> Sequence[UUID]:
        """Give the organisations of a kind that work with a community, or else those of the district."""
        return self.near_hosts.get(community, {}).get(kind) or self.hosts.get(kind, [])


def read_district(plan: Plan, on: date) -> District:
    """Read the district; ages are those of a day."""
    pilots = {pilot.community.pk: pilot for pilot in find_pilots(plan)}
    with scope.everything():
        divisions = list(
            Division.objects.filter(level=Level.COMMUNITY, ended_on=None).order_by("code").select_related("parent")
        )
        pools = _pools(plan, divisions, on)
        venues = {
            venue.pk: venue
            for venue in Venue.objects.filter(state__in=[VenueState.OPEN, VenueState.PAUSED]).order_by("kind", "pk")
        }
        sites = _sites(venues)
        hosts, near_hosts = _organisations()
        actors = _actors(plan)
        categories = dict(ServiceCategory.objects.values_list("code", "pk"))
    places = [
        Neighbourhood(
            community=one.pk,
            code=one.code,
            people=len(pools[one.pk].people),
            audiences={name: pools[one.pk].count(name) for name in AUDIENCES},
            is_village=one.committee == Committee.VILLAGERS,
            is_pilot=one.pk in pilots,
            sites=tuple(sites.get(one.pk, ())),
            pilot_since=pilots[one.pk].switched_on if one.pk in pilots else date.min,
        )
        for one in divisions
    ]
    return District(
        plan=plan,
        divisions={one.pk: one for one in divisions},
        places=places,
        pools=pools,
        near=_neighbours(divisions),
        pilots=pilots,
        categories=categories,
        venues=venues,
        hosts=hosts,
        near_hosts=near_hosts,
        _actors=actors,
    )


def _pools(plan: Plan, divisions: Sequence[Division], on: date) -> dict[UUID, Pool]:
    living = Person.objects.filter(state=Person.State.LIVING).order_by("pk")
    by_community: dict[UUID, list[Somebody]] = {one.pk: [] for one in divisions}
    dice = plan.random("habits")
    names = ("pk", "household", "community", "birth_on", "sex", "phone_digest")
    for pk, household, community, birth_on, sex, phone in living.values_list(*names):
        habit = dice.gammavariate(1.5, 1.0) + 0.05
        age = age_on(birth_on, on)
        if age is not None and age >= 0 and community in by_community:
            by_community[community].append(Somebody(pk, household, community, age, sex, bool(phone), habit))
    return {pk: Pool(people, helpers=_helpers(plan, pk, people)) for pk, people in by_community.items()}


def _helpers(plan: Plan, community: UUID, people: Sequence[Somebody]) -> list[Somebody]:
    """Choose those who like to help; the first of them are Party members of a work unit."""
    grown_up = [one for one in people if 18 <= one.age <= 72]
    wanted = min(MOST_HELPERS, max(FEWEST_HELPERS, round(len(people) * HELPERS_SHARE)), len(grown_up))
    return plan.random("helpers", community).sample(grown_up, wanted)


def _sites(venues: dict[UUID, Venue]) -> dict[UUID, list[Site]]:
    rooms: dict[UUID, list[tuple[str, UUID]]] = {}
    in_use = Room.objects.filter(state=RoomState.IN_USE, confidential=False).exclude(kind__code__in=NOT_FOR_ACTIVITIES)
    for place, code, pk in in_use.order_by("pk").values_list("venue", "kind__code", "pk"):
        rooms.setdefault(place, []).append((code, pk))
    shut: dict[UUID, list[tuple[date, date | None]]] = {}
    paused = VenuePeriod.objects.filter(state=VenueState.PAUSED).order_by("valid_from")
    for place, first, end in paused.values_list("venue", "valid_from", "valid_until"):
        shut.setdefault(place, []).append((first, end))
    found: dict[UUID, list[Site]] = {}
    for venue in venues.values():
        if venue.opened_on is not None:
            here, closed = tuple(rooms.get(venue.pk, ())), tuple(shut.get(venue.pk, ()))
            site = Site(venue.pk, venue.kind, venue.opened_on, here, closed)
            found.setdefault(venue.community_id, []).append(site)
    return found


def _organisations() -> tuple[dict[str, list[UUID]], dict[UUID, dict[str, list[UUID]]]]:
    kinds: dict[UUID, list[str]] = {}
    for pk, kind in OrganisationRole.objects.order_by("organisation", "kind").values_list("organisation", "kind"):
        kinds.setdefault(pk, []).append(kind)
    living = set(Organisation.objects.exclude(state__in=["merged", "closed"]).values_list("pk", flat=True))
    everywhere: dict[str, list[UUID]] = {}
    for pk in sorted(living):
        for kind in kinds.get(pk, ()):
            everywhere.setdefault(kind, []).append(pk)
    near: dict[UUID, dict[str, list[UUID]]] = {}
    links = OrganisationCommunity.objects.order_by("organisation", "community").values_list("organisation", "community")
    for pk, community in links:
        for kind in kinds.get(pk, ()) if pk in living else ():
            near.setdefault(community, {}).setdefault(kind, []).append(pk)
    return everywhere, near


def _actors(plan: Plan) -> dict[UUID, Actor]:
    """Give for each community who came first of those who work there."""
    grants = RoleGrant.objects.filter(role="community_staff", until_on=None).order_by("granted_at", "pk")
    first: dict[UUID, UUID] = {}
    for account, division in grants.values_list("account", "division"):
        first.setdefault(division, account)
    known = Account.objects.in_bulk(list(first.values()))
    return {division: actor_for(account=known[pk], at=plan.at, via="cli") for division, pk in first.items()}


def _neighbours(divisions: Sequence[Division]) -> dict[UUID, list[UUID]]:
    """Give for each community those beside it in its subdistrict's list."""
    found: dict[UUID, list[UUID]] = {}
    by_parent: dict[UUID | None, list[UUID]] = {}
    for one in divisions:
        by_parent.setdefault(one.parent_id, []).append(one.pk)
    for one in divisions:
        beside = by_parent[one.parent_id]
        place = beside.index(one.pk)
        near = [pk for pk in beside[max(0, place - 1) : place + NEIGHBOURS] if pk != one.pk]
        found[one.pk] = near or [other.pk for other in divisions if other.pk != one.pk][:NEIGHBOURS]
    return found
