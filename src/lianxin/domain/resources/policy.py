"""Who may see and do what with partners, offers, agreements and promises."""

from uuid import UUID

from django.db.models import Q

from lianxin.domain.people.policy import is_administrator
from lianxin.platform.actors import SYSTEM, Actor
from lianxin.platform.errors import NotAllowed

KEEPERS = frozenset({"community_staff", "subdistrict_staff", SYSTEM})
READERS = KEEPERS | {"district_staff"}
FIRMS = ("partner", "host", "merchant")


def require(allowed: bool) -> None:
    """Raise NotAllowed unless allowed."""
    if not allowed:
        raise NotAllowed


def may_keep(actor: Actor, community: UUID) -> bool:
    """Tell whether the actor keeps a community's resources list, its partnerships and agreements."""
    return may_keep_any(actor) and actor.covers(community)


def may_keep_any(actor: Actor) -> bool:
    """Tell whether the actor keeps the resources lists of the communities in scope."""
    return actor.holds(*KEEPERS) and not is_administrator(actor)


def may_read(actor: Actor, community: UUID) -> bool:
    """Tell whether the actor reads a community's resources list with its contacts."""
    return may_read_any(actor) and actor.covers(community)


def may_read_any(actor: Actor) -> bool:
    """Tell whether the actor reads the resources lists of the communities in scope."""
    return actor.holds(*READERS) and not is_administrator(actor)


def is_giver(actor: Actor, organisation: UUID | None, person: UUID | None) -> bool:
    """Tell whether the actor is who gives an offer: works for the organisation, or is the person."""
    if is_administrator(actor):
        return False
    if organisation is not None:
        return organisation in actor.organisations and actor.holds(*FIRMS)
    return person is not None and person in (actor.person, actor.on_behalf_of)


def gives_any(actor: Actor) -> bool:
    """Tell whether the actor works for a partner and so has a page of own offers."""
    return bool(actor.organisations) and actor.holds(*FIRMS) and not is_administrator(actor)


def visible_offers(actor: Actor) -> Q:
    """Give the filter for offers within the scope: offices all, partners and persons their own."""
    if is_administrator(actor):
        return Q(pk__in=[])
    if actor.holds(*READERS):
        return Q()
    own = Q(pk__in=[])
    if gives_any(actor):
        own |= Q(organisation__in=actor.organisations)
    if actor.person is not None:
        own |= Q(person=actor.person)
    return own
