"""Who may see and do what with rooms and their times."""

from uuid import UUID

from lianxin.domain.bookings.models import RoomTerms
from lianxin.domain.people.policy import is_administrator
from lianxin.platform.actors import SYSTEM, Actor
from lianxin.platform.errors import NotAllowed

OFFICES = frozenset({"community_staff", "subdistrict_staff", SYSTEM})
READERS = OFFICES | {"district_staff"}
GUESTS = frozenset({"host", "partner", "merchant"})
OpenTo = RoomTerms.OpenTo


def require(allowed: bool) -> None:
    """Raise NotAllowed unless allowed."""
    if not allowed:
        raise NotAllowed


def may_keep_rooms(actor: Actor, community: UUID) -> bool:
    """Tell whether the actor looks after all rooms of a community: terms, approvals, closings."""
    return actor.holds(*OFFICES) and actor.covers(community) and not is_administrator(actor)


def may_keep_room(actor: Actor, community: UUID, venue: UUID) -> bool:
    """Tell whether the actor looks after the rooms of one venue: its offices, and the host of exactly this venue."""
    if may_keep_rooms(actor, community):
        return True
    return actor.holds("host") and venue in actor.venues and not is_administrator(actor)


def may_book_at_once(actor: Actor, community: UUID, venue: UUID) -> bool:
    """Tell whether what the actor books needs nobody's approval: who keeps the room, and the district's staff."""
    if may_keep_room(actor, community, venue):
        return True
    return actor.holds("district_staff") and actor.covers(community) and not is_administrator(actor)


def may_ask_for_room(actor: Actor, open_to: str) -> bool:
    """Tell whether a room's terms let this actor book it for themselves."""
    if is_administrator(actor) or actor.is_anonymous:
        return False
    if open_to == OpenTo.RESIDENTS:
        return actor.person is not None or actor.holds(*GUESTS)
    return open_to == OpenTo.PARTNERS and actor.holds(*GUESTS)


def may_see_names(actor: Actor, community: UUID, venue: UUID, *, confidential: bool) -> bool:
    """Tell whether the actor may open who booked: offices in scope; of a confidential room only who works with it."""
    if not confidential:
        return may_keep_room(actor, community, venue) or may_read_rooms(actor, community)
    if is_administrator(actor):
        return False
    here = actor.holds("community_staff", SYSTEM) and actor.covers(community)
    return here or (actor.holds("host") and venue in actor.venues)


def may_read_rooms(actor: Actor, community: UUID) -> bool:
    """Tell whether the actor may read the board and the use of a community's rooms."""
    return actor.holds(*READERS) and actor.covers(community) and not is_administrator(actor)


def may_work_with_rooms(actor: Actor) -> bool:
    """Tell whether the actor has rooms to look at at all: offices, the district, hosts of a venue."""
    return not is_administrator(actor) and (actor.holds(*READERS) or (actor.holds("host") and bool(actor.venues)))
