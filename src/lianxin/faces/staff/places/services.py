"""Standing services of a venue: the list, one service, and whether it is given."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.places import policy
from lianxin.domain.places.commands import services as commands
from lianxin.domain.places.models import ServiceState, StandingService
from lianxin.domain.places.queries import services as queries
from lianxin.domain.places.queries import venues
from lianxin.faces.kit.acting import actor_of, key_of, press
from lianxin.platform import clock
from lianxin.platform.errors import Missing

from ..access import form_page, pressing, reading
from ..acting import answer_form
from ..choices import kind_name
from .service_forms import WEEKS, ServiceForm, service_values, time_lines
from .venue_access import venue_for, venue_to_edit
from .words import SERVICE_TONES, days_words, timeline, venue_crumbs, venue_tabs

STATE_BUTTONS = {
    ServiceState.OFFERED: (
        (ServiceState.PAUSED, gettext_lazy("Pause"), "quiet"),
        (ServiceState.ENDED, gettext_lazy("End from today"), "danger"),
    ),
    ServiceState.PAUSED: (
        (ServiceState.OFFERED, gettext_lazy("Offer again"), "quiet"),
        (ServiceState.ENDED, gettext_lazy("End from today"), "danger"),
    ),
    ServiceState.ENDED: (),
}


def services_url(venue: UUID) -> str:
    """Give the page of a venue's services."""
    return reverse("staff:venue_services", kwargs={"venue": venue})


def times_words(service: StandingService) -> list[str]:
    """Say when a service is given, days in a row with the same hours in one line."""
    weeks = dict(WEEKS)
    runs: list[list[Any]] = []
    for week, day, text in time_lines(service):
        last = runs[-1] if runs else None
        if last and (last[0], last[3]) == (week, text) and int(day) == last[2] + 1:
            last[2] = int(day)
        else:
            runs.append([week, int(day), int(day), text])
    return [
        " ".join(filter(None, (str(weeks[week]) if week else "", days_words(first, last), text)))
        for week, first, last, text in runs
    ]


def _service_of(request: HttpRequest, service: UUID) -> StandingService:
    """Give a service of a venue that the actor may edit; raises Missing or NotAllowed."""
    found = queries.find_service(service)
    venue_to_edit(request, found.venue_id)
    return found


@reading
def show_list(request: HttpRequest, venue: UUID) -> HttpResponse:
    """Show the services of a venue."""
    found = venue_for(request, venue)
    may_edit = policy.may_edit_venue(actor_of(request), found)
    rows = list(queries.list_services(venue=venue))
    if not may_edit:
        rows = [row for row in rows if row.state != ServiceState.ENDED]
    return render(
        request,
        "staff/places/services.html",
        {
            "venue": found,
            "crumbs": venue_crumbs(found, (_("Services"), "")),
            "tabs": venue_tabs("venue_services", found, may_edit=may_edit),
            "may_edit": may_edit,
            "services": [(row, kind_name(row.category), times_words(row), SERVICE_TONES[row.state]) for row in rows],
        },
    )


@form_page
def add(request: HttpRequest, venue: UUID) -> HttpResponse:
    """Add a standing service."""
    found = venue_to_edit(request, venue)
    page = venues.venue_page(venue=venue, actor=actor_of(request), at=clock.now())
    form = ServiceForm(request.POST or None, actor=actor_of(request), rooms=page.rooms)

    def do(entered: dict[str, Any]) -> Any:
        return commands.add_service(
            actor=actor_of(request),
            venue=venue,
            at=clock.now(),
            key=entered["key"],
            times=form.times(),
            **form.service_entries(),
        )

    return answer_form(
        request,
        form,
        do=do,
        then=lambda _service: services_url(venue),
        said=_("Added. Residents find it now."),
        template="staff/places/service.html",
        title=_("Add a standing service"),
        lead=found.name,
        button=_("Add"),
        cancel_url=services_url(venue),
        crumbs=venue_crumbs(found, (_("Services"), services_url(venue)), (_("Add a standing service"), "")),
    )


@form_page
def edit(request: HttpRequest, service: UUID) -> HttpResponse:
    """Show one service with what happened to it, and change it."""
    row = _service_of(request, service)
    page = venues.venue_page(venue=row.venue_id, actor=actor_of(request), at=clock.now())
    form = ServiceForm(request.POST or None, actor=actor_of(request), rooms=page.rooms, service=row)

    def do(entered: dict[str, Any]) -> Any:
        return commands.edit_service(
            actor=actor_of(request),
            service=service,
            values=form.service_entries(),
            times=form.times(),
            version=entered["version"],
            at=clock.now(),
            key=entered["key"],
        )

    return answer_form(
        request,
        form,
        do=do,
        then=lambda _service: services_url(row.venue_id),
        said=_("Saved. Residents see it now."),
        fresh=lambda: service_values(queries.find_service(service)),
        template="staff/places/service.html",
        service=row,
        state_tone=SERVICE_TONES[row.state],
        state_buttons=STATE_BUTTONS[ServiceState(row.state)],
        entries=timeline("places.standingservice", service),
        title=row.name,
        lead=f"{row.venue.name} · {kind_name(row.category)}",
        button=_("Save"),
        cancel_url=services_url(row.venue_id),
        crumbs=venue_crumbs(row.venue, (_("Services"), services_url(row.venue_id)), (row.name, "")),
    )


@pressing
def change_state(request: HttpRequest, service: UUID) -> HttpResponse:
    """Pause a service, offer it again, or end it."""
    row = _service_of(request, service)
    state = request.POST.get("state", "")
    if state not in ServiceState.values:
        raise Missing
    return press(
        request,
        do=lambda: commands.change_service_state(
            actor=actor_of(request), service=service, state=state, at=clock.now(), key=key_of(request)
        ),
        back=services_url(row.venue_id),
        said=_("Saved. Residents see it now."),
    )
