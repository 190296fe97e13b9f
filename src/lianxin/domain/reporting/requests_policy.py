"""Who may ask, who may answer and who may look at what offices above ask of the communities."""

from collections.abc import Iterable
from uuid import UUID

from lianxin.domain.people.policy import is_administrator
from lianxin.platform.actors import SYSTEM, Actor
from lianxin.platform.errors import NotAllowed

ASKERS = frozenset({"subdistrict_staff", "district_staff", SYSTEM})
ANSWERERS = frozenset({"community_staff", "subdistrict_staff", SYSTEM})
READERS = ASKERS | ANSWERERS


def require(allowed: bool) -> None:
    """Raise NotAllowed unless allowed."""
    if not allowed:
        raise NotAllowed


def may_ask(actor: Actor) -> bool:
    """Tell whether the actor brings requests of offices to the gate at all."""
    return actor.holds(*ASKERS) and not is_administrator(actor)


def may_manage(actor: Actor, communities: Iterable[UUID]) -> bool:
    """Tell whether the actor changes, sends and ends a request: its office answers for all whom it is meant for."""
    return may_ask(actor) and all(actor.covers(one) for one in communities)


def may_read_any(actor: Actor) -> bool:
    """Tell whether the actor sees what is asked of communities at all."""
    return actor.holds(*READERS) and not is_administrator(actor)


def may_answer_any(actor: Actor) -> bool:
    """Tell whether the actor answers for some community."""
    return actor.holds(*ANSWERERS) and not is_administrator(actor)


def may_answer(actor: Actor, community: UUID) -> bool:
    """Tell whether the actor answers for this community, and notes what it was asked another way."""
    return may_answer_any(actor) and actor.covers(community)
