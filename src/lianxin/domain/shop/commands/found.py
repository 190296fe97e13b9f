"""Finding the rows that a command acts on; what is outside the scope is missing."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.models import Household, Organisation, Person, ProxyLink
from lianxin.domain.people.rules.proxies import covers
from lianxin.domain.places.models import Venue, VenueState
from lianxin.domain.shop import policy
from lianxin.domain.shop.models import Item, Redemption
from lianxin.domain.shop.queries.standing import acts_for
from lianxin.platform import locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import EditedMeanwhile, Invalid, Missing, Refused


class HouseholdNotHere(Refused):
    """The household ended, so its points went on to another or ended."""

    title = gettext_lazy("This household has ended. Open the one that followed it.")


class VenueNotOpen(Refused):
    """The place is closed for good or not open yet."""

    title = gettext_lazy("This place does not give out anything now. Choose another one.")


def household(pk: UUID) -> Household:
    """Give an active household in scope; raises Missing or HouseholdNotHere.

    It is not locked: whoever ends a household locks its account first, and so does everything that spends points.
    """
    row = Household.objects.filter(pk=pk).first()
    if row is None:
        raise Missing
    if row.state != Household.State.ACTIVE:
        raise HouseholdNotHere
    return row


def venue(pk: UUID, community: UUID) -> Venue:
    """Give a venue of a community that is at work; raises Missing or VenueNotOpen."""
    row = Venue.objects.filter(pk=pk, community=community).first()
    if row is None:
        raise Missing
    if row.state not in (VenueState.OPEN, VenueState.PAUSED):
        raise VenueNotOpen
    return row


def item(pk: UUID) -> Item:
    """Lock an item in scope; raises Missing."""
    row: Item | None = locks.lock_one(Item.objects.filter(pk=pk))
    if row is None:
        raise Missing
    return row


def redemption(pk: UUID) -> Redemption:
    """Give a redemption in scope, also one of a household that has moved to another community; raises Missing."""
    with scope.everything():
        row = Redemption.objects.filter(pk=pk).select_related("household", "venue").first()
    if row is None or not scope.covers(row.community_id):
        raise Missing
    return row


def redemption_for(actor: Actor, pk: UUID, on: date) -> Redemption:
    """Give a redemption that the actor serves, or one of the own household wherever it lived then; raises Missing."""
    with scope.everything():
        row = Redemption.objects.filter(pk=pk).select_related("household", "venue").first()
    if row is None:
        raise Missing
    if acts_for(actor, row.household_id, on):
        return row
    if not scope.covers(row.community_id):
        raise Missing
    policy.require(policy.may_serve(actor, row.community_id, row.venue_id))
    return row


def organisation(pk: UUID, field: str) -> Organisation:
    """Give an organisation that works with us; raises Invalid."""
    row = Organisation.objects.filter(pk=pk).exclude(state__in=["merged", "closed"]).first()
    if row is None:
        raise Invalid(fields={field: [_("This organisation is not on record, or has ended.")]})
    return row


def require_version(row: Item, version: int | None) -> None:
    """Refuse when somebody else saved since the form was opened; None asks for no comparison."""
    if version is not None and row.version != version:
        raise EditedMeanwhile(current_version=row.version)


def require_acts_for(actor: Actor, row: Household, on: date) -> None:
    """Raise NotAllowed unless the actor serves the shop or may spend this household's points."""
    policy.require(policy.may_keep_shop(actor, row.community_id) or acts_for(actor, row.pk, on))


def collector(person: UUID | None, household: UUID, on: date) -> UUID | None:
    """Check that a named person may collect for a household: a member, or an agent in points; raises Invalid."""
    if person is None:
        return None
    # The household may have moved to another community since it ordered.
    with scope.everything():
        if Person.objects.filter(pk=person, household=household, state=Person.State.LIVING).exists():
            return person
        links = ProxyLink.objects.filter(
            agent_person=person, principal__household=household, revoked_at__isnull=True, from_on__lte=on
        ).exclude(until_on__lt=on)
        if any(covers(list(link.acts), "points") for link in links):
            return person
    raise Invalid(
        fields={"person": [_("This person is no member of the household and may not spend its points for it.")]}
    )
