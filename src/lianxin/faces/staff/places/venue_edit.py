"""Register a venue, change what it says of itself, name its host."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.domain.places.commands import venues as commands
from lianxin.faces.kit.acting import actor_of
from lianxin.platform import clock

from ..access import form_page, office_form
from ..acting import answer_form
from .venue_access import venue_for, venue_to_edit, venue_to_manage
from .venue_forms import DETAILS, HostForm, NewVenueForm, VenueForm, details_of
from .words import venue_crumbs


def venue_url(venue: UUID) -> str:
    """Give the page of a venue."""
    return reverse("staff:venue", kwargs={"venue": venue})


@office_form
def register(request: HttpRequest) -> HttpResponse:
    """Register a centre or a station."""
    actor = actor_of(request)
    form = NewVenueForm(request.POST or None, actor=actor)

    def do(entered: dict[str, Any]) -> Any:
        values = {name: entered[name] for name in (*DETAILS, "kind", "opened_on")}
        return commands.register_venue(
            actor=actor, community=UUID(entered["community"]), at=clock.now(), key=entered["key"], **values
        )

    return answer_form(
        request,
        form,
        do=do,
        then=lambda venue: venue_url(venue.pk),
        said=_("Registered."),
        title=_("Register a venue"),
        button=_("Register"),
        cancel_url=reverse("staff:places"),
        crumbs=[(_("Places"), reverse("staff:places")), (_("Register a venue"), "")],
    )


@form_page
def edit(request: HttpRequest, venue: UUID) -> HttpResponse:
    """Change what a venue says of itself."""
    found = venue_to_edit(request, venue)
    form = VenueForm(request.POST or None, initial=details_of(found))
    if found.kind == "centre":
        del form.fields["station_type"]

    def do(entered: dict[str, Any]) -> Any:
        return commands.edit_venue(
            actor=actor_of(request),
            venue=venue,
            values=form.values(*DETAILS),
            version=entered["version"],
            at=clock.now(),
            key=entered["key"],
        )

    return answer_form(
        request,
        form,
        do=do,
        then=lambda _venue: venue_url(venue),
        said=_("Saved."),
        fresh=lambda: details_of(venue_for(request, venue)),
        title=_("Edit %(name)s") % {"name": found.name},
        button=_("Save"),
        cancel_url=venue_url(venue),
        crumbs=venue_crumbs(found, (_("Edit"), "")),
    )


@form_page
def name_host(request: HttpRequest, venue: UUID) -> HttpResponse:
    """Name the organisation that looks after a venue."""
    found = venue_to_manage(request, venue)

    def host_of() -> dict[str, Any]:
        now = venue_for(request, venue)
        return {
            "organisation": str(now.host_organisation_id or ""),
            "host_name": now.host_name,
            "version": now.version,
        }

    form = HostForm(request.POST or None, actor=actor_of(request), initial=host_of())

    def do(entered: dict[str, Any]) -> Any:
        organisation = entered["organisation"]
        field: Any = form.fields["organisation"]
        chosen = {str(value): label for value, label in field.choices if value}
        return commands.set_venue_host(
            actor=actor_of(request),
            venue=venue,
            host_name=entered["host_name"] or str(chosen.get(organisation, "")),
            host_organisation_id=UUID(organisation) if organisation else None,
            version=entered["version"],
            at=clock.now(),
            key=entered["key"],
        )

    return answer_form(
        request,
        form,
        do=do,
        then=lambda _venue: venue_url(venue),
        said=_("Saved."),
        fresh=host_of,
        title=_("Host of %(name)s") % {"name": found.name},
        lead=_("Whoever holds the door as a person gets the role “station host” from the settings page."),
        button=_("Save"),
        cancel_url=venue_url(venue),
        crumbs=venue_crumbs(found, (_("Host"), "")),
    )
