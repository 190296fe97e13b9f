"""Who may hear, read and answer needs; anybody may say one for themselves, which needs no role."""

from collections.abc import Iterable
from uuid import UUID

from lianxin.domain.people.policy import is_administrator
from lianxin.platform.actors import SYSTEM, Actor
from lianxin.platform.errors import NotAllowed

KEEPERS = frozenset({"community_staff", "subdistrict_staff", SYSTEM})
READERS = KEEPERS | {"district_staff"}
SURVEYORS = KEEPERS | {"district_staff"}
# A phone on which another program fills our forms (commands/survey_devices.py).
DEVICE = "survey_device"
TAKERS = KEEPERS | {"host", "volunteer"}


def require(allowed: bool) -> None:
    """Raise NotAllowed unless allowed."""
    if not allowed:
        raise NotAllowed


def may_keep(actor: Actor, community: UUID) -> bool:
    """Tell whether the actor keeps a community's needs list: joins, decides, answers."""
    return actor.holds(*KEEPERS) and actor.covers(community) and not is_administrator(actor)


def may_keep_any(actor: Actor) -> bool:
    """Tell whether the actor keeps needs lists of the communities in scope."""
    return actor.holds(*KEEPERS) and not is_administrator(actor)


def may_read(actor: Actor, community: UUID) -> bool:
    """Tell whether the actor reads a community's voices and needs list."""
    return actor.holds(*READERS) and actor.covers(community) and not is_administrator(actor)


def may_read_any(actor: Actor) -> bool:
    """Tell whether the actor may open the office's pages of needs at all."""
    return actor.holds(*READERS) and not is_administrator(actor)


def may_take_down(actor: Actor, community: UUID) -> bool:
    """Tell whether the actor writes down what others say there: offices, hosts and volunteers within their scope."""
    return actor.holds(*TAKERS) and actor.covers(community) and not is_administrator(actor)


def may_visit(actor: Actor, community: UUID) -> bool:
    """Tell whether the actor plans visits to a community's households and writes down what they came to."""
    return may_keep(actor, community)


def may_see_askers(actor: Actor, community: UUID) -> bool:
    """Tell whether the actor sees who asked: only those who answer them."""
    return may_keep(actor, community)


def is_self(actor: Actor, person: UUID | None) -> bool:
    """Tell whether the actor is this person, or acts for them by a link that was checked."""
    return person is not None and person in (actor.person, actor.on_behalf_of)


def may_survey(actor: Actor, communities: Iterable[UUID]) -> bool:
    """Tell whether the actor keeps a survey asked in these communities: an office whose scope holds them all."""
    holds = actor.holds(*SURVEYORS) and not is_administrator(actor)
    return holds and all(actor.covers(one) for one in communities)


def may_survey_any(actor: Actor) -> bool:
    """Tell whether the actor keeps surveys of the communities in scope."""
    return may_survey(actor, ())


def may_read_surveys(actor: Actor) -> bool:
    """Tell whether the actor may open the office's pages of surveys."""
    return may_read_any(actor)
