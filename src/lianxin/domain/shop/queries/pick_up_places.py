"""Where a community's shop gives things out, for everybody to read."""

from dataclasses import dataclass
from uuid import UUID

from lianxin.domain.places.models import Venue, VenueState
from lianxin.platform import scope


@dataclass(frozen=True, slots=True)
class PickUpPlace:
    """A place of the community that is at work now."""

    venue: UUID
    name: str
    address: str


def list_pick_up_places(*, community: UUID) -> list[PickUpPlace]:
    """List the places of a community at which something can be collected, the centre first; one query."""
    with scope.within([community]):
        rows = Venue.objects.filter(community=community, state=VenueState.OPEN).order_by("kind", "name", "pk")
        return [PickUpPlace(*row) for row in rows.values_list("pk", "name", "address")]
