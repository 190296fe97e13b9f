"""People and households that go elsewhere in the district, families that part, and families that become one."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.people import events, policy
from lianxin.domain.people.commands import bulk, found
from lianxin.domain.people.commands.households import NumberTaken, has_head
from lianxin.domain.people.commands.searching import index_people
from lianxin.domain.people.models import (
    Card,
    ConsentReceipt,
    ConsentWithdrawal,
    Household,
    HouseholdMembership,
    Person,
    ProxyLink,
    VulnerabilityFact,
)
from lianxin.domain.people.rules.new_people import NewHousehold
from lianxin.platform import contributions, locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing


@command("people.move_person")
def move_person(
    *, actor: Actor, person: UUID, household: UUID, relation: str, on: date, at: datetime, key: UUID | None = None
) -> Person:
    """Move a person to another household, in the same or another community in the actor's scope."""
    policy.require(policy.may_move_people(actor))
    row = found.living_person(person)
    target = found.active_household(household)
    if target.pk == row.household_id:
        raise Invalid(_("The person lives in this household already."))
    if relation not in Person.Relation.values:
        raise Invalid(fields={"relation": [_("Choose the relation to the head of the household.")]})
    if relation == Person.Relation.HEAD and has_head(target.pk):
        raise Invalid(fields={"relation": [_("This household has a head already.")]})
    _check_day([row], on, at)
    old_home, old_community = row.household_id, row.community_id
    _put_into([row], target, on, {row.pk: relation})
    event = events.PersonMovedHousehold(row.pk, old_home, target.pk, old_community, target.community_id, on)
    contributions.follow(event, actor=actor, at=at)
    _end_if_empty(old_home, Household.State.MOVED, target, on, actor, at)
    return row


@command("people.split_household")
def split_household(
    *,
    actor: Actor,
    household: UUID,
    people: Sequence[UUID],
    head: UUID,
    address: str = "",
    building: str = "",
    unit: str = "",
    room: str = "",
    on: date,
    at: datetime,
    key: UUID | None = None,
) -> Household:
    """Let some members form a household of their own in the same community; gives the new one."""
    policy.require(policy.may_write_people(actor))
    members = locks.lock(Person.objects.filter(household=household, state=Person.State.LIVING), rank=locks.RECORD)
    home = found.active_household(household)
    going = [member for member in members if member.pk in set(people)]
    if len(going) != len(set(people)) or head not in set(people):
        raise Invalid(_("Choose members of this household, and one of them as head."))
    staying = [member for member in members if member not in going]
    if not staying:
        raise Invalid(_("Somebody has to stay. To move everybody, move the household."))
    if all(member.relation != Person.Relation.HEAD for member in staying):
        raise Invalid(_("The head goes with the new household. Choose another head for those who stay first."))
    _check_day(going, on, at)
    new = NewHousehold(home.community_id, [], "", address.strip() or home.address, building, unit, room)
    bulk.number_households([new])
    bulk.insert_households([new], on=on)
    made = Household.objects.get(pk=new.id)
    relations = {member.pk: "head" if member.pk == head else _seen_by_new_head(member) for member in going}
    _put_into(going, made, on, relations)
    act().target(home, "split", {"into": [None, str(made.pk)]})
    act().target(made, "made by a split", {"number": [None, made.number]})
    event = events.HouseholdSplit(home.pk, made.pk, home.community_id, tuple(sorted(m.pk for m in going)), on)
    contributions.follow(event, actor=actor, at=at)
    return made


@command("people.merge_households")
def merge_households(
    *, actor: Actor, households: Sequence[UUID], into: UUID, on: date, at: datetime, key: UUID | None = None
) -> Household:
    """Make households of one community part of another one; heads of the merged ones become relatives."""
    policy.require(policy.may_write_people(actor))
    ids = set(households) - {into}
    if not ids:
        raise Invalid(_("Choose at least two households."))
    moving = locks.lock(Person.objects.filter(household__in=ids, state=Person.State.LIVING), rank=locks.RECORD)
    homes = {
        home.pk: home
        for home in locks.lock(Household.objects.filter(pk__in=[*ids, into]), rank=locks.HOUSEHOLD)
        if home.state == Household.State.ACTIVE
    }
    if len(homes) != len(ids) + 1:
        raise Missing
    target = homes[into]
    if any(home.community_id != target.community_id for home in homes.values()):
        raise Invalid(_("The households lie in different communities. Move one of them first."))
    _check_day(moving, on, at)
    relations = {m.pk: "other_kin" if m.relation == "head" and has_head(into) else m.relation for m in moving}
    _put_into(moving, target, on, relations)
    for home in homes.values():
        if home.pk != into:
            _end(home, Household.State.MERGED, target, on)
    act().target(target, "merged with", {"households": [1, len(ids) + 1]})
    event = events.HouseholdsMerged(tuple(sorted(ids)), target.pk, target.community_id, on)
    contributions.follow(event, actor=actor, at=at)
    return target


@command("people.move_household")
def move_household(
    *,
    actor: Actor,
    household: UUID,
    community: UUID,
    address: str,
    building: str = "",
    unit: str = "",
    room: str = "",
    on: date,
    at: datetime,
    key: UUID | None = None,
) -> Household:
    """Move a whole household to another community in the actor's scope; it gets that community's next number."""
    policy.require(policy.may_move_people(actor))
    members = locks.lock(Person.objects.filter(household=household), rank=locks.RECORD)
    home = found.active_household(household)
    if not scope.covers(community):
        raise Missing
    if community == home.community_id:
        raise Invalid(_("The household lives in this community already. Change its address instead."))
    living = [member for member in members if member.state == Person.State.LIVING]
    _check_day(living, on, at)
    old = home.community_id
    new = NewHousehold(community, [])
    bulk.number_households([new])
    if Household.objects.filter(community=community, number=new.number).exists():
        raise NumberTaken
    home.community_id, home.number = community, new.number
    home.address, home.building, home.unit, home.room = address.strip(), building, unit, room
    home.version += 1
    home.save(update_fields=["community", "number", "address", "building", "unit", "room", "version"])
    _put_into(living, home, on, {member.pk: member.relation for member in living})
    left = [member.pk for member in members if member.state != Person.State.LIVING]
    Person.objects.filter(pk__in=left).update(community=community)
    recommunity(left, community)
    index_people(left)
    act().target(home, "moved", {"community": [str(old), str(community)]})
    event = events.HouseholdMoved(home.pk, old, community, tuple(sorted(m.pk for m in living)), on)
    contributions.follow(event, actor=actor, at=at)
    return home


def preview_move_household(*, actor: Actor, household: UUID, community: UUID, on: date) -> list[str]:
    """Tell what would follow from moving a household to another community."""
    with scope.within(actor.communities):
        home, people = _home(actor, household)
        return contributions.preview(events.HouseholdMoved(home.pk, home.community_id, community, people, on))


def preview_split(*, actor: Actor, household: UUID, people: Sequence[UUID], on: date) -> list[str]:
    """Tell what would follow from letting some members form a household of their own."""
    with scope.within(actor.communities):
        home, _people = _home(actor, household)
        event = events.HouseholdSplit(home.pk, home.pk, home.community_id, tuple(sorted(people)), on)
        return contributions.preview(event)


def preview_merge(*, actor: Actor, households: Sequence[UUID], into: UUID, on: date) -> list[str]:
    """Tell what would follow from making households part of another one."""
    with scope.within(actor.communities):
        home, _people = _home(actor, into)
        merged = tuple(sorted(set(households) - {into}))
        return contributions.preview(events.HouseholdsMerged(merged, home.pk, home.community_id, on))


def preview_move_person(*, actor: Actor, person: UUID, household: UUID, on: date) -> list[str]:
    """Tell what would follow from moving a person to another household."""
    with scope.within(actor.communities):
        home, _people = _home(actor, household)
        row = Person.objects.filter(pk=person).first()
        if row is None:
            raise Missing
        event = events.PersonMovedHousehold(row.pk, row.household_id, home.pk, row.community_id, home.community_id, on)
        return contributions.preview(event)


def recommunity(people: Sequence[UUID], community: UUID) -> None:
    """Let everything that hangs on these people follow them to their community."""
    VulnerabilityFact.objects.filter(person__in=people).update(community=community)
    ConsentWithdrawal.objects.filter(receipt__person__in=people).update(community=community)
    ConsentReceipt.objects.filter(person__in=people).update(community=community)
    ProxyLink.objects.filter(principal__in=people).update(community=community)
    Card.objects.filter(person__in=people).update(community=community)


def _home(actor: Actor, household: UUID) -> tuple[Household, tuple[UUID, ...]]:
    policy.require(policy.may_move_people(actor))
    home = Household.objects.filter(pk=household).first()
    if home is None:
        raise Missing
    people = Person.objects.filter(household=home, state=Person.State.LIVING).order_by("pk")
    return home, tuple(people.values_list("pk", flat=True))


def _check_day(people: Sequence[Person], on: date, at: datetime) -> None:
    if on > local_day(at):
        raise Invalid(fields={"on": [_("The day lies in the future.")]})
    open_rows = HouseholdMembership.objects.filter(person__in=[p.pk for p in people], until_on__isnull=True)
    if open_rows.filter(from_on__gt=on).exists():
        raise Invalid(
            fields={"on": [_("The day lies before the day on which somebody came to the present household.")]}
        )


def _put_into(people: Sequence[Person], home: Household, on: date, relations: dict[UUID, str]) -> None:
    ids = [person.pk for person in people]
    HouseholdMembership.objects.filter(person__in=ids, until_on__isnull=True).update(until_on=on)
    HouseholdMembership.objects.bulk_create(
        HouseholdMembership(community_id=home.community_id, person=person, household=home, from_on=on)
        for person in people
    )
    changed = [person.pk for person in people if person.community_id != home.community_id]
    for person in people:
        change = {"household": [str(person.household_id), str(home.pk)]}
        if person.relation != relations[person.pk]:
            change["relation"] = [person.relation, relations[person.pk]]
        person.household, person.community_id, person.relation = home, home.community_id, relations[person.pk]
        person.version += 1
        person.save(update_fields=["household", "community", "relation", "version"])
        act().target(person, "moved", change)
    recommunity(changed, home.community_id)
    index_people(ids)


def _end(home: Household, state: str, successor: Household | None, on: date) -> None:
    home.state, home.ended_on, home.successor = state, max(on, home.created_on), successor
    home.version += 1
    home.save(update_fields=["state", "ended_on", "successor", "version"])
    act().target(home, state, {"state": ["active", state]})


def _end_if_empty(household: UUID, state: str, successor: Household, on: date, actor: Actor, at: datetime) -> None:
    home = found.household(household)
    if (
        home.state == Household.State.ACTIVE
        and not Person.objects.filter(household=home, state=Person.State.LIVING).exists()
    ):
        _end(home, state, successor, on)
        contributions.follow(events.HouseholdClosed(home.pk, home.community_id, on), actor=actor, at=at)


def _seen_by_new_head(member: Person) -> str:
    """Keep what still can be true under another head; the rest is left for staff to choose."""
    return member.relation if member.relation == Person.Relation.NOT_KIN else Person.Relation.OTHER_KIN
