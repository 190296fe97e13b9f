"""Register, edit, open, pause, close and reopen venues; name their hosts and what they offer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from lianxin.platform import contributions, search
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command, inner_key
from lianxin.platform.errors import Invalid, Missing, Refused

from .. import policy
from ..events import VenueClosed, VenueOpened, VenuePaused, VenueReopened
from ..models import Division, Level, OpeningLog, Venue, VenuePeriod, VenueState
from ..queries.search_entries import service_entries, venue_entries
from ..rules import venues as rules
from .editing import apply_changes, locked, require_edit_of, require_version, save_changes
from .venue_moves import restart_period

EDITABLE = frozenset(
    {
        "name",
        "station_type",
        "address",
        "lng",
        "lat",
        "position_is_approximate",
        "area_m2",
        "resident_area_m2",
        "phone",
        "description",
        "closed_on_holidays",
    }
)
REGISTERED = EDITABLE | {"kind", "host_organisation_id", "host_name", "is_sample"}
EVENTS = {"open": VenueOpened, "pause": VenuePaused, "close": VenueClosed, "reopen": VenueReopened}


class StepNotPossible(Refused):
    """The venue is not in a state from which this can be done."""

    title = _("The venue's state does not allow this.")


@command("places.register_venues")
def register_venues(
    *, actor: Actor, venues: Sequence[Mapping[str, Any]], at: datetime, key: UUID | None = None
) -> list[Venue]:
    """Register centres and stations; each needs `community`, `kind` and `name`, and works from `opened_on` if given."""
    wanted = {entry["community"] for entry in venues}
    communities = Division.objects.filter(pk__in=wanted, level=Level.COMMUNITY, ended_on__isnull=True)
    known = {division.pk: division for division in communities}
    if wanted - known.keys() or not all(actor.covers(community) for community in wanted):
        raise Missing(_("Choose a community that exists today."))
    for community in wanted:
        policy.require(policy.may_manage_venue(actor, community))
    created = [_new_venue(entry, at=at) for entry in venues]
    Venue.objects.bulk_create(created)
    VenuePeriod.objects.bulk_create(
        VenuePeriod(
            community_id=venue.community_id,
            venue=venue,
            state=venue.state,
            valid_from=venue.opened_on or local_day(at),
        )
        for venue in created
    )
    for venue in created:
        act().target(venue, "registered", {"name": [None, venue.name], "kind": [None, venue.kind]})
    search.put(list(venue_entries([venue.pk for venue in created])))
    return created


def _new_venue(entry: Mapping[str, Any], *, at: datetime) -> Venue:
    """Make a venue of a form's entries, or raise Invalid with what is wrong in each field."""
    values = {name: value for name, value in entry.items() if name not in ("community", "opened_on", "id")}
    unknown = set(values) - REGISTERED
    if unknown:
        raise Invalid(fields={name: [_("This cannot be entered here.")] for name in sorted(unknown)})
    opened_on = entry.get("opened_on")
    problems = rules.venue_problems(values)
    if opened_on is not None and opened_on > local_day(at):
        problems.setdefault("opened_on", []).append(_("This day lies in the future: register the venue as planned."))
    if problems:
        raise Invalid(fields=problems)
    values = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    made = Venue(
        community_id=entry["community"],
        state=VenueState.OPEN if opened_on else VenueState.PLANNED,
        opened_on=opened_on,
        **values,
    )
    if entry.get("id"):
        made.pk = entry["id"]
    return made


@command("places.register_venue")
def register_venue(*, actor: Actor, community: UUID, at: datetime, key: UUID | None = None, **values: Any) -> Venue:
    """Register one centre or station; see `register_venues` for the entries."""
    return register_venues(
        actor=actor, venues=[{"community": community, **values}], at=at, key=inner_key(key, "register")
    )[0]


@command("places.edit_venue")
def edit_venue(
    *,
    actor: Actor,
    venue: UUID,
    values: Mapping[str, Any],
    at: datetime,
    version: int | None = None,
    key: UUID | None = None,
) -> Venue:
    """Change what a venue says of itself; `version` is the one that the form was opened with."""
    found = require_edit_of(actor, venue)
    require_version(found, version)
    change = apply_changes(found, values, allowed=EDITABLE)
    problems = rules.venue_problems(
        {name: getattr(found, name) for name in ("kind", *EDITABLE - {"closed_on_holidays", "description"})}
    )
    if problems:
        raise Invalid(fields=problems)
    save_changes(found, change)
    if change:
        _refresh(found)
    return found


@command("places.set_venue_host")
def set_venue_host(
    *,
    actor: Actor,
    venue: UUID,
    host_name: str,
    at: datetime,
    host_organisation_id: UUID | None = None,
    version: int | None = None,
    key: UUID | None = None,
) -> Venue:
    """Name the organisation that looks after a venue, or take it away with an empty name."""
    found = locked(Venue, venue)
    policy.require(policy.may_manage_venue(actor, found.community_id))
    require_version(found, version)
    if len(host_name.strip()) > 100:
        raise Invalid(fields={"host_name": [_("Use at most %(count)d characters.") % {"count": 100}]})
    values = {"host_name": host_name, "host_organisation_id": host_organisation_id if host_name.strip() else None}
    change = apply_changes(found, values, allowed=frozenset(values))
    save_changes(found, change, verb="host changed")
    if change:
        _refresh(found)
    return found


@command("places.open_planned_venue")
def open_planned_venue(*, actor: Actor, venue: UUID, on: date, at: datetime, key: UUID | None = None) -> Venue:
    """Let a planned venue take up its work on a day."""
    return _step(actor, venue, "open", on=on, at=at)


@command("places.pause_venue")
def pause_venue(
    *, actor: Actor, venue: UUID, on: date, at: datetime, reason: str = "", key: UUID | None = None
) -> Venue:
    """Pause a venue from a day, with the reason and what to do meanwhile for those who come."""
    return _step(actor, venue, "pause", on=on, at=at, reason=reason)


@command("places.close_venue")
def close_venue(
    *, actor: Actor, venue: UUID, on: date, at: datetime, reason: str = "", key: UUID | None = None
) -> Venue:
    """Close a venue for good from a day; its records stay."""
    return _step(actor, venue, "close", on=on, at=at, reason=reason)


@command("places.reopen_venue")
def reopen_venue(*, actor: Actor, venue: UUID, on: date, at: datetime, key: UUID | None = None) -> Venue:
    """Let a paused or closed venue work again from a day."""
    return _step(actor, venue, "reopen", on=on, at=at)


def _step(actor: Actor, venue: UUID, step: str, *, on: date, at: datetime, reason: str = "") -> Venue:
    """Take one step of a venue's life on a day that is not in the future and not before the last step."""
    found = locked(Venue, venue)
    policy.require(policy.may_manage_venue(actor, found.community_id))
    old = found.state
    state = rules.next_state(old, step)
    if state is None:
        raise StepNotPossible(
            _("“%(name)s” is %(state)s; this step is not possible.")
            % {"name": found.name, "state": found.get_state_display()}
        )
    if on > local_day(at):
        raise Invalid(fields={"on": [_("This day lies in the future.")]})
    restart_period(found, on=on, state=state)
    found.state = state
    found.state_note = reason.strip()[:300] if step in ("pause", "close") else ""
    if step == "open" or (step == "reopen" and found.opened_on is None):
        found.opened_on = on
    found.closed_on = on if step == "close" else None
    found.version += 1
    found.save(update_fields=["state", "state_note", "opened_on", "closed_on", "version"])
    if step in ("pause", "close"):
        for log in OpeningLog.objects.filter(venue=found, closed_at__isnull=True, undone_at__isnull=True):
            log.closed_at = max(at, log.opened_at)
            log.closed_by = actor.account
            log.save(update_fields=["closed_at", "closed_by"])
    act().note(reason=reason)
    act().target(found, step, {"state": [old, state], "on": [None, on]})
    contributions.follow(EVENTS[step](found.pk, on), actor=actor, at=at)
    _refresh(found)
    return found


def _refresh(venue: Venue) -> None:
    """Put a venue and its services into search again."""
    services = list(venue.services.values_list("pk", flat=True))
    search.put([*venue_entries([venue.pk]), *service_entries(services)])
