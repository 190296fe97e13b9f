"""Who may do what with divisions and venues, and which venues an actor sees."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from lianxin.platform.actors import Actor
from lianxin.platform.errors import NotAllowed

from .models import Venue, VenueState

STAFF = ("community_staff", "subdistrict_staff", "district_staff")
SHOWN_STATES = (VenueState.OPEN, VenueState.PAUSED)


def is_staff_of(actor: Actor, community_id: UUID) -> bool:
    """Tell whether the actor works for an office that answers for a community."""
    return actor.is_system or (actor.holds(*STAFF) and actor.covers(community_id))


def may_change_divisions(actor: Actor) -> bool:
    """Divisions change by decree of the district or above: district staff and the program itself enter it."""
    return actor.is_system or actor.holds("district_staff")


def may_change_reference_data(actor: Actor) -> bool:
    """Kinds of rooms and amenities and the service categories are the district's."""
    return actor.is_system or actor.holds("district_staff", "system_admin")


def may_manage_venue(actor: Actor, community_id: UUID) -> bool:
    """Register, pause, close, move a venue or name its host: the offices that answer for its community."""
    return is_staff_of(actor, community_id)


def may_edit_venue(actor: Actor, venue: Venue) -> bool:
    """Edit what a venue says of itself: its offices, and the host of exactly this venue."""
    return is_staff_of(actor, venue.community_id) or (actor.holds("host") and venue.pk in actor.venues)


def may_log_at_venue(actor: Actor, venue: Venue) -> bool:
    """Open or lock the door and count visitors: whoever may edit the venue."""
    return may_edit_venue(actor, venue)


def visible_to(actor: Actor) -> Q:
    """Give the filter for the venues an actor sees: staff those of their communities, everybody the working ones."""
    shown = Q(state__in=SHOWN_STATES)
    if actor.is_system:
        return Q()
    if actor.holds("host"):
        shown |= Q(pk__in=actor.venues)
    if actor.holds(*STAFF):
        return Q() if actor.communities is None else shown | Q(community__in=actor.communities)
    return shown


def require(allowed: bool) -> None:
    """Raise NotAllowed when a predicate said no."""
    if not allowed:
        raise NotAllowed


def may_edit_standards(actor: Actor) -> bool:
    """The standard, its versions and the programmes are the district's."""
    return actor.is_system or actor.holds("district_staff")


def may_record_profile(actor: Actor, community_id: UUID) -> bool:
    """Say how many households a community has: the offices that answer for it."""
    return is_staff_of(actor, community_id)


def may_run_upgrade(actor: Actor, community_id: UUID) -> bool:
    """Plan an upgrade, keep its milestones, money and pictures, open it: the offices that answer for its community."""
    return is_staff_of(actor, community_id)


def may_decide_upgrade(actor: Actor, community_id: UUID) -> bool:
    """Approve, send back or cancel: the level above the community, so that nobody approves their own plan."""
    return actor.is_system or (actor.holds("subdistrict_staff", "district_staff") and actor.covers(community_id))


def may_edit_programmes(actor: Actor) -> bool:
    """Start programmes and choose the communities of each batch: the district."""
    return actor.is_system or actor.holds("district_staff")


def may_edit_produce(actor: Actor, community_id: UUID) -> bool:
    """Show or hide a village's produce: the offices that answer for it."""
    return is_staff_of(actor, community_id)


def works_with(actor: Actor) -> Q:
    """Give the filter for the venues on an actor's office pages, within the scope.

    Offices have all, volunteers those that work, a host only their own; firms and administrators have none.
    """
    if actor.is_system or actor.holds(*STAFF):
        return Q()
    if actor.holds("volunteer"):
        return Q(state__in=SHOWN_STATES) | Q(pk__in=actor.venues)
    return Q(pk__in=actor.venues)
