"""Who may hear, work on, read and supervise what residents bring forward; a mediator alone opens what is sealed."""

from uuid import UUID

from lianxin.domain.people.policy import is_administrator
from lianxin.platform.actors import SYSTEM, Actor
from lianxin.platform.errors import NotAllowed

KEEPERS = frozenset({"community_staff", "subdistrict_staff", SYSTEM})
SUPERVISORS = frozenset({"subdistrict_staff", "district_staff", SYSTEM})
READERS = KEEPERS | {"district_staff"}
# Another program that brings cases by Open311 (commands/programs.py).
PROGRAM = "voice_program"
TAKERS = KEEPERS | {"host", "volunteer", PROGRAM}


def require(allowed: bool) -> None:
    """Raise NotAllowed unless allowed."""
    if not allowed:
        raise NotAllowed


def may_keep(actor: Actor, community: UUID) -> bool:
    """Tell whether the actor works on a community's cases, calls its meetings, keeps its calendar."""
    return actor.holds(*KEEPERS) and actor.covers(community) and not is_administrator(actor)


def may_keep_any(actor: Actor) -> bool:
    """Tell whether the actor works on cases of the communities in scope at all."""
    return actor.holds(*KEEPERS) and not is_administrator(actor)


def may_read(actor: Actor, community: UUID) -> bool:
    """Tell whether the actor reads a community's cases and matters; what is sealed stays sealed."""
    return actor.holds(*READERS) and actor.covers(community) and not is_administrator(actor)


def may_read_any(actor: Actor) -> bool:
    """Tell whether the actor opens the office's pages of cases at all."""
    return actor.holds(*READERS) and not is_administrator(actor)


def may_supervise(actor: Actor, community: UUID) -> bool:
    """Tell whether the actor is of an office above: lifts, assigns, answers appeals, opens again."""
    return actor.holds(*SUPERVISORS) and actor.covers(community) and not is_administrator(actor)


def may_supervise_any(actor: Actor) -> bool:
    """Tell whether the actor is of an office above some communities."""
    return actor.holds(*SUPERVISORS) and not is_administrator(actor)


def may_write_rules(actor: Actor, level: str, communities: frozenset[UUID]) -> bool:
    """Tell whether the actor writes a division's rules of tiers: an office of that level, or of one above it."""
    offices = {
        "community": KEEPERS | SUPERVISORS,
        "subdistrict": SUPERVISORS,
        "district": frozenset({"district_staff", SYSTEM}),
    }
    holds = actor.holds(*offices.get(level, frozenset())) and not is_administrator(actor)
    return holds and bool(communities) and all(actor.covers(one) for one in communities)


def may_write_rules_any(actor: Actor) -> bool:
    """Tell whether the actor writes rules of tiers somewhere."""
    return actor.holds(*(KEEPERS | SUPERVISORS)) and not is_administrator(actor)


def may_take_down(actor: Actor, community: UUID) -> bool:
    """Tell whether the actor writes down what others say there: offices, hosts and volunteers within their scope."""
    return actor.holds(*TAKERS) and actor.covers(community) and not is_administrator(actor)


def may_see_reporters(actor: Actor, community: UUID, *, is_open: bool, responsible: frozenset[UUID]) -> bool:
    """Tell whether the actor sees who brought a case: who keeps it, and of a confidential one only who works on it."""
    if not may_keep(actor, community):
        return False
    return is_open or (actor.account is not None and actor.account in responsible)


def may_unseal(actor: Actor, community: UUID, mediator: UUID | None) -> bool:
    """Tell whether the actor opens a mediation: its mediator, nobody else."""
    return may_keep(actor, community) and actor.account is not None and actor.account == mediator


def may_let_programs_in(actor: Actor) -> bool:
    """Tell whether the actor lets other programs bring cases: the department, for the whole district."""
    return actor.holds("district_staff", SYSTEM) and not is_administrator(actor)


def is_self(actor: Actor, person: UUID | None) -> bool:
    """Tell whether the actor is this person, or acts for them by a link that was checked."""
    return person is not None and person in (actor.person, actor.on_behalf_of)
