"""Death, moving out of the district, and coming back."""

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people import events, policy
from lianxin.domain.people.commands import found
from lianxin.domain.people.commands.accounts import close_row
from lianxin.domain.people.commands.searching import index_people
from lianxin.domain.people.models import (
    Account,
    Card,
    Household,
    HouseholdMembership,
    Person,
    ProxyLink,
    VulnerabilityFact,
)
from lianxin.domain.people.rules import persons as rules
from lianxin.domain.people.rules.households import successor_as_head
from lianxin.engines.masking import mask_name
from lianxin.platform import contributions, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused


class CannotBecome(Refused):
    """A person in this state cannot go to the wanted one."""

    title = gettext_lazy("The record is not in a state in which this can be entered.")


@command("people.record_death")
def record_death(*, actor: Actor, person: UUID, on: date, at: datetime, key: UUID | None = None) -> Person:
    """Enter that a person died on a day; everything that ends with it ends in the same act."""
    row = _leaving(actor, person, Person.State.DIED, on, at)
    was_living = row.state == Person.State.LIVING
    row.state, row.died_on = Person.State.DIED, on
    _left(row, on, at, actor, ["state", "died_on"], was_living=was_living)
    contributions.follow(events.PersonDied(row.pk, row.household_id, row.community_id, on), actor=actor, at=at)
    _close_if_empty(row, on, actor, at)
    return row


@command("people.record_move_out")
def record_move_out(*, actor: Actor, person: UUID, on: date, at: datetime, key: UUID | None = None) -> Person:
    """Enter that a person moved out of the district."""
    row = _leaving(actor, person, Person.State.MOVED_OUT, on, at)
    row.state, row.moved_on = Person.State.MOVED_OUT, on
    _left(row, on, at, actor, ["state", "moved_on"], was_living=True)
    contributions.follow(events.PersonMovedOut(row.pk, row.household_id, row.community_id, on), actor=actor, at=at)
    _close_if_empty(row, on, actor, at)
    return row


@command("people.return_person")
def return_person(
    *,
    actor: Actor,
    person: UUID,
    household: UUID,
    relation: str,
    on: date,
    reason: str = "",
    at: datetime,
    key: UUID | None = None,
) -> Person:
    """Enter that a person who had moved out lives here again, or that a death was entered by mistake."""
    policy.require(policy.may_write_people(actor))
    row = found.person(person)
    home = found.active_household(household)
    if not rules.may_become(row.state, Person.State.LIVING):
        raise CannotBecome
    if home.community_id != row.community_id:
        raise Invalid(_("Bring the person back to a household of the same community, then move them."))
    if row.state == Person.State.DIED and not reason.strip():
        raise Invalid(fields={"reason": [_("Say why the entry of the death was wrong.")]})
    last = HouseholdMembership.objects.filter(person=row).order_by("-from_on", "-pk").first()
    if last is not None and last.until_on is not None and on < last.until_on:
        raise Invalid(fields={"on": [_("The day lies before the day on which the person left.")]})
    if relation not in Person.Relation.values:
        raise Invalid(fields={"relation": [_("Choose the relation to the head of the household.")]})
    old = row.state
    row.state, row.died_on, row.moved_on = Person.State.LIVING, None, None
    row.household, row.relation = home, relation
    row.version += 1
    row.save(update_fields=["state", "died_on", "moved_on", "household", "relation", "version"])
    HouseholdMembership.objects.create(community_id=home.community_id, person=row, household=home, from_on=on)
    act().target(row, "returned", {"state": [old, row.state]})
    act().note(reason=reason)
    index_people([row.pk])
    contributions.follow(events.PersonReturned(row.pk, home.pk, home.community_id, on), actor=actor, at=at)
    return row


def preview_death(*, actor: Actor, person: UUID, on: date) -> list[str]:
    """Tell what would follow from entering a death."""
    with scope.within(actor.communities):
        row = _seen(actor, person)
        event = events.PersonDied(row.pk, row.household_id, row.community_id, on)
        return [*_own_consequences(row), *contributions.preview(event)]


def preview_move_out(*, actor: Actor, person: UUID, on: date) -> list[str]:
    """Tell what would follow from entering that a person moved out of the district."""
    with scope.within(actor.communities):
        row = _seen(actor, person)
        event = events.PersonMovedOut(row.pk, row.household_id, row.community_id, on)
        return [*_own_consequences(row), *contributions.preview(event)]


def end_what_belongs_to(person: Person, *, actor: Actor, at: datetime, reason: str) -> None:
    """Revoke the person's card, close the resident account, end every link of acting for them or by them."""
    for account in Account.objects.filter(person=person, kind=Account.Kind.RESIDENT).exclude(
        state=Account.State.DISABLED
    ):
        close_row(row=account, actor=actor, at=at)
    Card.objects.filter(person=person, revoked_at__isnull=True).update(revoked_at=at, revoked_reason=reason)
    for links in (ProxyLink.objects.filter(principal=person), ProxyLink.objects.filter(agent_person=person)):
        links.filter(revoked_at__isnull=True).update(revoked_at=at, revoked_reason=reason)


def _seen(actor: Actor, person: UUID) -> Person:
    policy.require(policy.may_write_people(actor))
    row = Person.objects.filter(pk=person).exclude(state=Person.State.ERASED).first()
    if row is None:
        raise Missing
    return row


def _leaving(actor: Actor, person: UUID, wanted: str, on: date, at: datetime) -> Person:
    policy.require(policy.may_write_people(actor))
    row = found.person(person)
    if not rules.may_become(row.state, wanted):
        raise CannotBecome
    if on > local_day(at):
        raise Invalid(fields={"on": [_("The day lies in the future.")]})
    if row.birth_on is not None and on < row.birth_on:
        raise Invalid(fields={"on": [_("The day lies before the person was born.")]})
    since = HouseholdMembership.objects.filter(person=row, until_on__isnull=True).values_list("from_on", flat=True)
    if since and on < since[0] and row.registered_on < since[0]:
        raise Invalid(fields={"on": [_("The day lies before the person came to this household.")]})
    return row


def _left(row: Person, on: date, at: datetime, actor: Actor, fields: list[str], *, was_living: bool) -> None:
    row.version += 1
    row.save(update_fields=[*fields, "version"])
    open_rows = HouseholdMembership.objects.filter(person=row, until_on__isnull=True)
    # Somebody entered after the day they left is counted on no day at all.
    open_rows.filter(from_on__gt=on).update(from_on=on, until_on=on)
    HouseholdMembership.objects.filter(person=row, until_on__isnull=True).update(until_on=on)
    VulnerabilityFact.objects.filter(person=row, until_on__isnull=True, since_on__lte=on).update(until_on=on)
    end_what_belongs_to(row, actor=actor, at=at, reason=Card.Reason.LEFT)
    act().target(row, "left", {"state": [Person.State.LIVING if was_living else "", row.state]})
    index_people([row.pk])


def _close_if_empty(row: Person, on: date, actor: Actor, at: datetime) -> None:
    """Close the household nobody lives in any more; else see that somebody is its head."""
    home = found.household(row.household_id)
    if home.state != Household.State.ACTIVE:
        return
    members = list(Person.objects.filter(household=home, state=Person.State.LIVING).order_by("birth_on", "pk"))
    if not members:
        home.state, home.ended_on = Household.State.CLOSED, max(on, home.created_on)
        home.version += 1
        home.save(update_fields=["state", "ended_on", "version"])
        act().target(home, "closed", {"state": ["active", "closed"]})
        contributions.follow(events.HouseholdClosed(home.pk, home.community_id, on), actor=actor, at=at)
    elif row.relation == Person.Relation.HEAD and all(member.relation != "head" for member in members):
        chosen = successor_as_head((member.relation, member) for member in members)
        assert isinstance(chosen, Person)
        act().target(chosen, "became head", {"relation": [chosen.relation, "head"]})
        chosen.relation = Person.Relation.HEAD
        chosen.version += 1
        chosen.save(update_fields=["relation", "version"])


def _own_consequences(row: Person) -> list[str]:
    told = []
    for card in Card.objects.filter(person=row, revoked_at__isnull=True):
        told.append(_("Card %(number)s stops working.") % {"number": card.number})
    links = ProxyLink.objects.filter(revoked_at__isnull=True)
    count = links.filter(principal=row).count() + links.filter(agent_person=row).count()
    if count:
        told.append(_("%(count)d links for acting on behalf end.") % {"count": count})
    others = list(
        Person.objects.filter(household=row.household_id, state=Person.State.LIVING)
        .exclude(pk=row.pk)
        .order_by("birth_on", "pk")
    )
    if not others:
        told.append(_("Nobody is left in the household, so it is closed."))
    elif row.relation == Person.Relation.HEAD:
        chosen = successor_as_head((member.relation, member) for member in others)
        assert isinstance(chosen, Person)
        told.append(
            _("%(name)s becomes head of the household. Please check the other relations.")
            % {"name": mask_name(chosen.name)}
        )
    return told
