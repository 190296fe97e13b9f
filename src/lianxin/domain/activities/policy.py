"""Who may see and do what with activities; others sign up themselves, which needs no role."""

from uuid import UUID

from django.db.models import Q

from lianxin.domain.activities.models import Occurrence
from lianxin.domain.people.policy import is_administrator
from lianxin.platform.actors import SYSTEM, Actor
from lianxin.platform.errors import NotAllowed

PLANNERS = frozenset({"community_staff", "subdistrict_staff", SYSTEM})
READERS = PLANNERS | {"district_staff"}


def require(allowed: bool) -> None:
    """Raise NotAllowed unless allowed."""
    if not allowed:
        raise NotAllowed


def is_host_of(actor: Actor, venue: UUID | None) -> bool:
    """Tell whether the actor is the host of exactly this venue."""
    return venue is not None and actor.holds("host") and venue in actor.venues and not is_administrator(actor)


def may_plan(actor: Actor, community: UUID) -> bool:
    """Tell whether the actor plans, publishes and cancels activities of a community."""
    return actor.holds(*PLANNERS) and actor.covers(community) and not is_administrator(actor)


def may_propose(actor: Actor, community: UUID, venue: UUID | None) -> bool:
    """Tell whether the actor may draft an activity: who plans, and the host for exactly their venue."""
    return may_plan(actor, community) or is_host_of(actor, venue)


def may_run(actor: Actor, community: UUID, venue: UUID | None) -> bool:
    """Tell whether the actor runs an occurrence at the door: the community's staff, and the host of its venue."""
    return may_plan(actor, community) or is_host_of(actor, venue)


def may_read(actor: Actor, community: UUID) -> bool:
    """Tell whether the actor reads drafts, lists and figures of a community's activities."""
    return actor.holds(*READERS) and actor.covers(community) and not is_administrator(actor)


def may_read_any(actor: Actor) -> bool:
    """Tell whether the actor may open the office's pages of activities at all: staff, and hosts for their venues."""
    return (actor.holds(*READERS) or (actor.holds("host") and bool(actor.venues))) and not is_administrator(actor)


def may_plan_any(actor: Actor) -> bool:
    """Tell whether the actor plans activities of the communities in scope."""
    return actor.holds(*PLANNERS) and not is_administrator(actor)


def visible_occurrences(actor: Actor) -> Q:
    """Give the filter for occurrences on office pages, within the scope: staff all, a host those at their venues."""
    if is_administrator(actor):
        return Q(pk__in=[])
    if actor.holds(*READERS):
        return Q()
    return Q(venue__in=actor.venues) if actor.holds("host") else Q(pk__in=[])


def visible_activities(actor: Actor) -> Q:
    """Give the filter for activities on office pages, within the scope: staff all, a host those at their venues."""
    if is_administrator(actor):
        return Q(pk__in=[])
    if actor.holds(*READERS):
        return Q()
    if not actor.holds("host"):
        return Q(pk__in=[])
    # A draft may have no dates yet: what it plans for is in its plan.
    held_there = Occurrence.objects.filter(venue__in=actor.venues).values("activity")
    return Q(pk__in=held_there) | Q(plan__venue__in=sorted(map(str, actor.venues)))


def may_keep_volunteers(actor: Actor, community: UUID) -> bool:
    """Tell whether the actor looks after a community's teams, volunteers, shifts and hours."""
    return may_plan(actor, community)


def may_read_volunteers(actor: Actor, community: UUID) -> bool:
    """Tell whether the actor looks at a community's teams, volunteers, shifts and hours."""
    return may_read(actor, community)


def may_open_shift(actor: Actor, community: UUID, venue: UUID | None) -> bool:
    """Tell whether the actor asks for volunteers: who plans, and the host for exactly their venue."""
    return may_propose(actor, community, venue)


def is_firm(actor: Actor, organisation: UUID | None) -> bool:
    """Tell whether the actor works for this partner, host or merchant."""
    return (
        organisation is not None
        and organisation in actor.organisations
        and actor.holds("partner", "host", "merchant")
        and not is_administrator(actor)
    )


def is_self(actor: Actor, person: UUID | None) -> bool:
    """Tell whether the actor is this person, or acts for them by a link that was checked."""
    return person is not None and person in (actor.person, actor.on_behalf_of)
