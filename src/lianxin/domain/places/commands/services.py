"""Standing services of venues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from lianxin.platform import search
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused

from ..models import Room, ServiceCategory, ServiceHours, ServiceState, StandingService, Venue
from ..queries.search_entries import service_entries
from .editing import apply_changes, locked, require_edit_of, require_version, save_changes

FIELDS = frozenset(
    {
        "name",
        "category",
        "room",
        "description",
        "provider_name",
        "provider_organisation_id",
        "how_to_get",
        "documents_needed",
        "cost",
        "times_note",
    }
)
LONGEST = {
    "name": 100,
    "description": 5000,
    "provider_name": 100,
    "how_to_get": 300,
    "documents_needed": 300,
    "cost": 100,
    "times_note": 200,
}
STEPS = {
    ServiceState.OFFERED: {ServiceState.PAUSED, ServiceState.ENDED},
    ServiceState.PAUSED: {ServiceState.OFFERED, ServiceState.ENDED},
    ServiceState.ENDED: set(),
}

# weekday (0 = Monday), starts, ends, week of the month (None: every week, 5: the last)
Time = tuple[int, time, time, int | None]


class ServiceStepNotPossible(Refused):
    """The service is not in a state from which this can be done."""

    title = _("An ended service does not start again. Add it as a new one.")


@command("places.add_services")
def add_services(
    *, actor: Actor, venue: UUID, services: Sequence[Mapping[str, Any]], at: datetime, key: UUID | None = None
) -> list[StandingService]:
    """Add standing services; each needs `name` and `category` (code), and may have `times`, `from_on` and more."""
    found = require_edit_of(actor, venue)
    created, hours = [], []
    for entry in services:
        values = {name: value for name, value in entry.items() if name not in ("times", "from_on")}
        service = StandingService(
            community_id=found.community_id, venue=found, valid_from=entry.get("from_on") or local_day(at)
        )
        _check(values, required=True)
        apply_changes(service, _resolved(values, found), allowed=FIELDS)
        created.append(service)
        hours += _hours(service, entry.get("times") or ())
    StandingService.objects.bulk_create(created)
    ServiceHours.objects.bulk_create(hours)
    for service in created:
        act().target(service, "added", {"name": [None, service.name], "category": [None, service.category.code]})
    search.put(list(service_entries([service.pk for service in created])))
    return created


@command("places.add_service")
def add_service(*, actor: Actor, venue: UUID, at: datetime, key: UUID | None = None, **values: Any) -> StandingService:
    """Add one standing service; see `add_services`."""
    return add_services(actor=actor, venue=venue, services=[values], at=at)[0]


@command("places.edit_service")
def edit_service(
    *,
    actor: Actor,
    service: UUID,
    values: Mapping[str, Any],
    at: datetime,
    times: Sequence[Time] | None = None,
    version: int | None = None,
    key: UUID | None = None,
) -> StandingService:
    """Change what a standing service says of itself, and its weekly times when they are given."""
    found = locked(StandingService, service)
    venue = require_edit_of(actor, found.venue_id)
    require_version(found, version)
    _check(values, required=False)
    change = apply_changes(found, _resolved(values, venue), allowed=FIELDS)
    save_changes(found, change)
    if times is not None:
        rows = _hours(found, times)
        ServiceHours.objects.filter(service=found).delete()
        ServiceHours.objects.bulk_create(rows)
        act().target(found, "times changed", {"times": [None, len(rows)]})
    search.put(list(service_entries([found.pk])))
    return found


@command("places.change_service_state")
def change_service_state(
    *, actor: Actor, service: UUID, state: str, at: datetime, on: date | None = None, key: UUID | None = None
) -> StandingService:
    """Pause, offer again or end a standing service; ending takes the day from which it is no longer given."""
    found = locked(StandingService, service)
    require_edit_of(actor, found.venue_id)
    if state == found.state:
        return found
    if state not in STEPS[ServiceState(found.state)]:
        raise ServiceStepNotPossible
    values: dict[str, Any] = {"state": state}
    if state == ServiceState.ENDED:
        last = on or local_day(at)
        if last <= found.valid_from:
            raise Invalid(fields={"on": [_("The service began on that day or later.")]})
        values["valid_until"] = last
    save_changes(found, apply_changes(found, values, allowed=frozenset(values)), verb=state)
    if state == ServiceState.OFFERED:
        search.put(list(service_entries([found.pk])))
    else:
        search.drop("service", [found.pk])
    return found


def _check(values: Mapping[str, Any], *, required: bool) -> None:
    """Refuse entries that are missing or too long."""
    problems: dict[str, list] = {}
    if (required or "name" in values) and not str(values.get("name") or "").strip():
        problems["name"] = [_("Give the service a name.")]
    if required and not values.get("category"):
        problems["category"] = [_("Choose one of the service categories.")]
    for name, longest in LONGEST.items():
        if len(str(values.get(name) or "")) > longest:
            problems[name] = [_("Use at most %(count)d characters.") % {"count": longest}]
    if problems:
        raise Invalid(fields=problems)


def _resolved(values: Mapping[str, Any], venue: Venue) -> dict[str, Any]:
    """Put the category and the room themselves in the place of code and id."""
    wanted = dict(values)
    if "category" in wanted:
        wanted["category"] = ServiceCategory.objects.filter(code=wanted["category"]).first()
        if wanted["category"] is None:
            raise Invalid(fields={"category": [_("Choose one of the service categories.")]})
    if wanted.get("room") is not None:
        wanted["room"] = Room.objects.filter(pk=wanted["room"], venue=venue).first()
        if wanted["room"] is None:
            raise Missing(_("This room does not belong to the venue."))
    return wanted


def _hours(service: StandingService, times: Sequence[Time]) -> list[ServiceHours]:
    """Make the weekly times of a service, or raise Invalid."""
    for weekday, starts, ends, week in times:
        if not 0 <= weekday <= 6 or (week is not None and not 1 <= week <= 5):
            raise Invalid(fields={"times": [_("A weekday is from 0 to 6, a week of the month from 1 to 5.")]})
        if ends <= starts:
            raise Invalid(fields={"times": [_("A service ends after it starts, on the same day.")]})
    return [
        ServiceHours(
            community_id=service.community_id,
            service=service,
            weekday=weekday,
            starts=starts,
            ends=ends,
            week_of_month=week,
        )
        for weekday, starts, ends, week in times
    ]
