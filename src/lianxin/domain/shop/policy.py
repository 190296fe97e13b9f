"""Who may see and do what in the shop."""

from uuid import UUID

from lianxin.domain.people.policy import is_administrator
from lianxin.platform.actors import SYSTEM, Actor
from lianxin.platform.errors import NotAllowed

KEEPERS = frozenset({"community_staff", "subdistrict_staff", SYSTEM})
READERS = KEEPERS | {"district_staff"}


def require(allowed: bool) -> None:
    """Raise NotAllowed unless allowed."""
    if not allowed:
        raise NotAllowed


def may_keep_shop(actor: Actor, community: UUID) -> bool:
    """Tell whether the actor looks after a community's catalogue, stock, supplies and settlements."""
    return actor.holds(*KEEPERS) and actor.covers(community) and not is_administrator(actor)


def may_take_in_stock(actor: Actor) -> bool:
    """Tell whether the actor may read opening stock from a workbook, each row within scope."""
    return actor.holds(*KEEPERS) and not is_administrator(actor)


def may_serve(actor: Actor, community: UUID, venue: UUID | None) -> bool:
    """Tell whether the actor gives out goods at a venue: the community's staff, and the host of exactly this venue."""
    if may_keep_shop(actor, community):
        return True
    return venue is not None and actor.holds("host") and venue in actor.venues and not is_administrator(actor)


def may_read_shops(actor: Actor) -> bool:
    """Tell whether the actor may read the shops of the communities in scope side by side."""
    return actor.holds(*READERS) and not is_administrator(actor)


def may_read_shop(actor: Actor, community: UUID) -> bool:
    """Tell whether the actor may read stock, redemptions and liability of a community."""
    if is_administrator(actor):
        return False
    return actor.covers(community) and actor.holds(*READERS)


def may_work_in_shop(actor: Actor, community: UUID) -> bool:
    """Tell whether the actor sees the back of a community's shop: who reads it, and hosts there."""
    return may_read_shop(actor, community) or (
        actor.holds("host") and actor.covers(community) and not is_administrator(actor)
    )


def is_merchant(actor: Actor, organisation: UUID | None) -> bool:
    """Tell whether the actor works for this merchant."""
    return organisation is not None and actor.holds("merchant") and organisation in actor.organisations
