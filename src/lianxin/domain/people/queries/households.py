"""Households on lists, and the page of one household (一户一档)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q

from lianxin.domain.people import policy
from lianxin.domain.people.models import Household, HouseholdMembership, Person
from lianxin.domain.people.queries.people import MOST_SHOWN, PAGE, PersonRow, by_community, row_of
from lianxin.domain.people.rules.households import address_line
from lianxin.engines.masking import mask_address, mask_name
from lianxin.platform import audit, scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """One line of a list of households."""

    id: UUID
    community: UUID
    number: str
    masked_address: str
    members: int
    state: str


@dataclass(frozen=True, slots=True)
class HouseholdsPage:
    """A page of households by number; `after` fetches the next one."""

    rows: list[HouseholdRow]
    after: str
    total: int


@dataclass(frozen=True, slots=True)
class FormerMember:
    """Somebody who was in the household for a time."""

    person: UUID
    masked_name: str
    from_on: date
    until_on: date


@dataclass(frozen=True, slots=True)
class HouseholdBundle:
    """Everything that a household's page shows."""

    id: UUID
    community: UUID
    number: str
    address: str
    masked_address: str
    state: str
    created_on: date
    ended_on: date | None
    successor: UUID | None
    version: int
    members: list[PersonRow]
    former_members: list[FormerMember]
    timeline: list[audit.TimelineEntry]


def list_households(
    *, actor: Actor, community: UUID | None = None, number: str = "", after: str = "", limit: int = PAGE
) -> HouseholdsPage:
    """List active households in scope in the order of their printed numbers, three queries at any size."""
    size = min(max(limit, 1), MOST_SHOWN)
    with scope.within(actor.communities):
        rows = policy.visible_households(actor, Household.objects.filter(state=Household.State.ACTIVE))
        if community is not None:
            rows = rows.filter(community=community)
        if number.strip():
            rows = rows.filter(number__startswith=number.strip())
        total = rows.order_by().count()
        if after:
            place, _sep, pk = after.partition("~")
            try:
                last = UUID(pk)
            except ValueError:
                raise Missing from None
            rows = rows.filter(Q(number__gt=place) | Q(number=place, pk__gt=last))
        homes = list(by_community(rows).order_by("number", "pk")[: size + 1])
        living = Person.objects.filter(household__in=[h.pk for h in homes], state=Person.State.LIVING)
        counts = dict(living.order_by().values_list("household").annotate(members=Count("pk")))
    last_row = homes[size - 1] if len(homes) > size else None
    return HouseholdsPage(
        rows=[
            HouseholdRow(
                id=home.pk,
                community=home.community_id,
                number=home.number,
                masked_address=mask_address(_address(home)),
                members=counts.get(home.pk, 0),
                state=home.state,
            )
            for home in homes[:size]
        ],
        after="" if last_row is None else f"{last_row.number}~{last_row.pk}",
        total=total,
    )


def find_household(*, actor: Actor, household: UUID, on: date) -> HouseholdBundle:
    """Give what a household's page shows; the whole address only to its members. Raises Missing."""
    with scope.within(actor.communities):
        home = policy.visible_households(actor, Household.objects.filter(pk=household)).first()
        if home is None:
            raise Missing
        people = Person.objects.filter(household=home, state=Person.State.LIVING).order_by("birth_on", "pk")
        members = [row_of(person, on) for person in people.select_related("household")]
        is_own = actor.person is not None and any(member.id == actor.person for member in members)
        former: list[FormerMember] = []
        timeline: list[audit.TimelineEntry] = []
        if policy.may_see_people(actor):
            past = HouseholdMembership.objects.filter(household=home, until_on__isnull=False).select_related("person")
            former = [
                FormerMember(row.person_id, mask_name(row.person.name), row.from_on, row.until_on or on)
                for row in past.order_by("-until_on", "pk")[:MOST_SHOWN]
            ]
            timeline = audit.entries_for("people.household", home.pk, limit=30)
    address = _address(home)
    return HouseholdBundle(
        id=home.pk,
        community=home.community_id,
        number=home.number,
        address=address if is_own else "",
        masked_address=mask_address(address),
        state=home.state,
        created_on=home.created_on,
        ended_on=home.ended_on,
        successor=home.successor_id,
        version=home.version,
        members=sorted(members, key=lambda member: member.relation != "head"),
        former_members=former,
        timeline=timeline,
    )


def find_household_for_editing(*, actor: Actor, household: UUID) -> Household:
    """Give a household's row for a form of somebody who may change it; raises Missing."""
    with scope.within(actor.communities):
        row = Household.objects.filter(pk=household).first()
    if row is None:
        raise Missing
    policy.require(policy.may_write_people(actor))
    return row


def find_household_by_number(*, actor: Actor, community: UUID, number: str) -> Household | None:
    """Give the active household of a community with this printed number, or None; leading zeros may be left out."""
    typed = number.strip()
    with scope.within(actor.communities):
        rows = policy.visible_households(actor, Household.objects.filter(state=Household.State.ACTIVE))
        numbers = {typed, typed.zfill(6)} if typed else set()
        return rows.filter(community=community, number__in=numbers).order_by("number").first()


def name_households(*, actor: Actor, households: Iterable[UUID]) -> dict[UUID, str]:
    """Give the printed numbers of households in scope, for the words of a timeline."""
    with scope.within(actor.communities):
        rows = policy.visible_households(actor, Household.objects.filter(pk__in=set(households)))
        return dict(rows.values_list("pk", "number"))


def _address(home: Household) -> str:
    return address_line(address=home.address, building=home.building, unit=home.unit, room=home.room)
