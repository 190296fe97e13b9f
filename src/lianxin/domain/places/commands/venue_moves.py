"""Give venues to another community: what stands in them goes along, what happened in them stays where it happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from uuid import UUID

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _

from lianxin.platform import contributions, locks, scope, search
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing

from .. import policy
from ..events import VenueMoved
from ..models import Division, Level, OpeningLog, UpgradeStage, Venue, VenuePeriod, VisitCount
from ..queries.search_entries import venue_entries
from ..rules.tenants import has_community, is_history, owner_field
from .dated_rows import DivisionEnded, LaterChangeKnown

# These rows say where something happened; they keep the community of that day.
HISTORY = (OpeningLog, UpgradeStage, VenuePeriod, VisitCount)


@command("places.move_venues")
def move_venues(
    *, actor: Actor, venues: Iterable[UUID], community: UUID, on: date, at: datetime, key: UUID | None = None
) -> list[Venue]:
    """Give venues to another community from a day."""
    return give_venues(actor=actor, to=dict.fromkeys(venues, community), on=on, at=at)


def give_venues(
    *, actor: Actor, to: Mapping[UUID, UUID], on: date, at: datetime, with_community: bool = False
) -> list[Venue]:
    """Give each of some venues to its new community inside a running command; all are reported when all have moved."""
    policy.require(policy.may_change_divisions(actor))
    for community in set(to.values()):
        _require_target(community, on=on, at=at)
    found = locks.lock(Venue.objects.filter(pk__in=list(to)))
    if len(found) != len(to):
        raise Missing
    moved = [venue for venue in found if venue.community_id != to[venue.pk]]
    _refuse_used_that_day(moved, on=on)
    together = tuple(venue.pk for venue in moved)
    events = []
    for venue in moved:
        old, new = venue.community_id, to[venue.pk]
        restart_period(venue, on=on, community=new)
        venue.community_id = new
        venue.version += 1
        venue.save(update_fields=["community", "version"])
        act().target(venue, "moved", {"community": [old, new], "on": [None, on]})
        events.append(VenueMoved(venue.pk, old, new, on, together, with_community))
    for community in sorted(set(to.values())):
        _carry_along(Venue, [venue.pk for venue in moved if to[venue.pk] == community], community)
    for event in events:
        contributions.follow(event, actor=actor, at=at)
    with scope.everything():
        search.put(list(venue_entries([venue.pk for venue in moved])))
    return found


def _require_target(community: UUID, *, on: date, at: datetime) -> None:
    target = Division.objects.filter(pk=community, level=Level.COMMUNITY).first()
    if target is None:
        raise Missing
    if target.ended_on is not None or on < target.created_on:
        raise DivisionEnded
    if on > local_day(at):
        raise Invalid(fields={"on": [_("This day lies in the future.")]})


def _refuse_used_that_day(venues: list[Venue], *, on: date) -> None:
    """Refuse a day on which a venue was already in use in its present community since that very day."""
    fresh = set(VenuePeriod.objects.filter(venue__in=venues, valid_from=on).values_list("venue", flat=True))
    used = set(OpeningLog.objects.filter(venue__in=fresh).values_list("venue", flat=True))
    used |= set(VisitCount.objects.filter(venue__in=fresh).values_list("venue", flat=True))
    for venue in venues:
        if venue.pk in used:
            raise LaterChangeKnown(
                _("“%(name)s” was already in use in its community on that day. Choose a later day.")
                % {"name": venue.name}
            )


def restart_period(venue: Venue, *, on: date, state: str | None = None, community: UUID | None = None) -> None:
    """End the venue's open period on a day and begin the next; one that began that very day is changed in place."""
    current = VenuePeriod.objects.filter(venue=venue, valid_until__isnull=True).first()
    new_state = state or venue.state
    new_community = community or venue.community_id
    if current is not None and current.valid_from > on:
        raise LaterChangeKnown(
            _("A change on %(day)s is already recorded for this venue. Enter a day after it.")
            % {"day": current.valid_from}
        )
    if current is not None and current.valid_from == on:
        current.state, current.community_id = new_state, new_community
        current.save(update_fields=["state", "community"])
        return
    if current is not None:
        current.valid_until = on
        current.save(update_fields=["valid_until"])
    VenuePeriod.objects.create(venue=venue, community_id=new_community, state=new_state, valid_from=on)


def _carry_along(parent: type[models.Model], ids: list[UUID], community: UUID) -> None:
    """Give all rows of this module that belong to these records the same community, and theirs in turn."""
    if not ids:
        return
    for model, field in _children_of(parent):
        with scope.everything():
            below = list(model._default_manager.filter(**{f"{field}__in": ids}).values_list("pk", flat=True))
            model._default_manager.filter(pk__in=below).update(community=community)
        _carry_along(model, below, community)


def _children_of(parent: type[models.Model]) -> list[tuple[type[models.Model], str]]:
    """Give the tables of this module whose rows are part of a parent's, with the field that says so."""
    found: list[tuple[type[models.Model], str]] = []
    for model in apps.get_app_config("places").get_models():
        if is_history(model) or model is parent or not has_community(model):
            continue
        owner = owner_field(model)
        if owner is not None and owner.related_model is parent:
            found.append((model, owner.name))
    return found
