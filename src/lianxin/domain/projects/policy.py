"""Who may see and do what with matching, projects and editions."""

from collections.abc import Collection
from uuid import UUID

from lianxin.domain.people.policy import is_administrator
from lianxin.platform.actors import SYSTEM, Actor
from lianxin.platform.errors import NotAllowed

PLANNERS = frozenset({"community_staff", "subdistrict_staff", SYSTEM})
READERS = PLANNERS | {"district_staff"}
MATCHERS = READERS


def require(allowed: bool) -> None:
    """Raise NotAllowed unless allowed."""
    if not allowed:
        raise NotAllowed


def may_plan(actor: Actor, community: UUID) -> bool:
    """Tell whether the actor enters and changes projects, proposals and drafts of editions of a community."""
    return actor.holds(*PLANNERS) and actor.covers(community) and not is_administrator(actor)


def may_approve(actor: Actor, community: UUID) -> bool:
    """Tell whether the actor approves what is published: a person who plans here, never the program."""
    return may_plan(actor, community) and actor.account is not None


def may_read(actor: Actor, community: UUID) -> bool:
    """Tell whether the actor reads drafts and figures of a community's projects."""
    return actor.holds(*READERS) and actor.covers(community) and not is_administrator(actor)


def may_read_any(actor: Actor) -> bool:
    """Tell whether the actor opens the office's pages of projects at all."""
    return actor.holds(*READERS) and not is_administrator(actor)


def may_match(actor: Actor, communities: Collection[UUID]) -> bool:
    """Tell whether the actor has offers matched to needs for communities: for all of a division's, or for none."""
    all_in_scope = bool(communities) and all(actor.covers(one) for one in communities)
    return actor.holds(*MATCHERS) and all_in_scope and not is_administrator(actor)
