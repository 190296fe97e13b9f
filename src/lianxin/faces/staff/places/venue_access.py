"""Which venue a page leads to: another office's do not exist here."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest

from lianxin.domain.places import policy
from lianxin.domain.places.models import Venue
from lianxin.domain.places.queries import office
from lianxin.faces.kit.acting import actor_of


def venue_for(request: HttpRequest, venue: UUID) -> Venue:
    """Give a venue that the actor works with; raises Missing."""
    return office.find_office_venue(actor=actor_of(request), venue=venue)


def venue_to_edit(request: HttpRequest, venue: UUID) -> Venue:
    """Give a venue that the actor may edit; raises Missing or NotAllowed."""
    found = venue_for(request, venue)
    policy.require(policy.may_edit_venue(actor_of(request), found))
    return found


def venue_to_manage(request: HttpRequest, venue: UUID) -> Venue:
    """Give a venue whose life the actor decides about; raises Missing or NotAllowed."""
    found = venue_for(request, venue)
    policy.require(policy.may_manage_venue(actor_of(request), found.community_id))
    return found
