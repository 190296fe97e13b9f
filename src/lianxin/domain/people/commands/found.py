"""Finding and locking the rows that a command acts on; what is outside the scope is missing."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from lianxin.domain.people.models import Household, Organisation, Person
from lianxin.platform import locks
from lianxin.platform.errors import Missing, Refused


class NotLivingHere(Refused):
    """The person died, moved out or was erased."""

    title = _("This person no longer lives here, so nothing new is recorded.")


class HouseholdEnded(Refused):
    """The household was merged, split, moved or closed."""

    title = _("This household has ended. Open the one that followed it.")


class OrganisationEnded(Refused):
    """The organisation was merged or closed."""

    title = _("This organisation was closed or merged. Open the one that followed it.")


def person(person_id: UUID) -> Person:
    """Lock a person in scope, in any state but erased; raises Missing."""
    row = locks.lock_one(Person.objects.filter(pk=person_id), rank=locks.RECORD)
    if row is None or row.state == Person.State.ERASED:
        raise Missing
    return row


def living_person(person_id: UUID) -> Person:
    """Lock a person in scope who lives here; raises Missing or NotLivingHere."""
    row = person(person_id)
    if row.state != Person.State.LIVING:
        raise NotLivingHere
    return row


def household(household_id: UUID) -> Household:
    """Lock a household in scope; raises Missing."""
    row = locks.lock_one(Household.objects.filter(pk=household_id), rank=locks.HOUSEHOLD)
    if row is None:
        raise Missing
    return row


def active_household(household_id: UUID) -> Household:
    """Lock a household in scope that has not ended; raises Missing or HouseholdEnded."""
    row = household(household_id)
    if row.state != Household.State.ACTIVE:
        raise HouseholdEnded
    return row


def organisation(organisation_id: UUID) -> Organisation:
    """Lock an organisation; raises Missing."""
    row = locks.lock_one(Organisation.objects.filter(pk=organisation_id), rank=locks.RECORD)
    if row is None:
        raise Missing
    return row


def open_organisation(organisation_id: UUID) -> Organisation:
    """Lock an organisation that was neither closed nor merged; raises Missing or OrganisationEnded."""
    row = organisation(organisation_id)
    if row.state in (Organisation.State.MERGED, Organisation.State.CLOSED):
        raise OrganisationEnded
    return row
