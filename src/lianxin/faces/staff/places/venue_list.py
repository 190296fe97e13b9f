"""The list of an office's venues: filtered, exported, printed, on a map."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.places import policy
from lianxin.domain.places.models import StationType, Venue, VenueKind, VenueState
from lianxin.domain.places.queries import office, opening, services, venues
from lianxin.faces.kit import tables
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.outline import outline_for
from lianxin.platform.actors import Actor

from .. import sheets
from ..access import reading
from ..choices import ANY, community_choices, community_ids, kinds_in_words
from .words import VENUE_TONES, places_tabs

COLUMNS = (
    tables.Column(pgettext_lazy("places", "Name"), "name"),
    tables.Column(gettext_lazy("Community"), "community__code"),
    tables.Column(gettext_lazy("Kind"), "kind"),
    tables.Column(gettext_lazy("State"), "state"),
    tables.Column(gettext_lazy("Door")),
    tables.Column(gettext_lazy("Area, m²"), "area_m2", numeric=True),
    tables.Column(pgettext_lazy("places", "Phone")),
)


class VenueFilter(forms.Form):
    """Which venues of the list are wanted."""

    text = forms.CharField(label=gettext_lazy("Name, address or host"), required=False, max_length=100)
    community = forms.ChoiceField(label=gettext_lazy("Community"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    station_type = forms.ChoiceField(label=gettext_lazy("Type of station"), required=False)
    amenity = forms.ChoiceField(label=gettext_lazy("With"), required=False)
    category = forms.ChoiceField(label=gettext_lazy("Service"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        communities = community_choices(actor)
        if communities:
            fields["community"].choices = [("", ANY), *communities]
        else:
            del fields["community"]
        fields["kind"].choices = [("", ANY), *VenueKind.choices]
        fields["state"].choices = [("", ANY), *VenueState.choices]
        fields["station_type"].choices = [("", ANY), *StationType.choices]
        fields["amenity"].choices = [("", ANY), *kinds_in_words(venues.list_amenity_kinds())]
        fields["category"].choices = [("", ANY), *kinds_in_words(services.list_categories())]

    def wanted(self) -> dict[str, Any]:
        """Give the filters that are set; one that makes no sense is left out."""
        self.is_valid()
        found = {name: value for name, value in self.cleaned_data.items() if value and name != "community"}
        place = self.cleaned_data.get("community")
        if place:
            found["communities"] = community_ids(UUID(place))
        return found


def _filtered(request: HttpRequest) -> tuple[VenueFilter, QuerySet[Venue]]:
    actor = actor_of(request)
    form = VenueFilter(request.GET, actor=actor)
    rows = office.list_office_venues(actor=actor, **form.wanted())
    asked = request.GET.get("sort", "")
    if asked.removeprefix("-") in {column.sort for column in COLUMNS if column.sort}:
        rows = rows.order_by(asked, "pk")
    return form, rows


def _only_venue(actor: Actor) -> UUID | None:
    """Give the one venue of somebody who is the host of one and nothing else here."""
    if actor.holds("host") and not actor.holds(*policy.STAFF) and len(actor.venues) == 1:
        return next(iter(actor.venues))
    return None


@reading
def show_list(request: HttpRequest) -> HttpResponse:
    """Show the venues; a host of one station is led to its door."""
    actor = actor_of(request)
    own = _only_venue(actor)
    if own is not None and not request.GET:
        return redirect("staff:door", venue=own)
    form, rows = _filtered(request)
    table = tables.table(request, rows=rows, columns=COLUMNS)
    rows_shown = table.rows
    doors = opening.open_doors(venue.pk for venue in rows_shown)
    for venue in rows_shown:
        venue.door = doors.get(venue.pk)
        venue.tone = VENUE_TONES[venue.state]
    return render(
        request,
        "staff/places/venues.html",
        {
            "form": form,
            "table": table,
            "tabs": places_tabs("venues", actor),
            "export_url": reverse("staff:places_export"),
            "print_url": reverse("staff:places_print"),
            "map_url": reverse("staff:places_map"),
            "new_url": reverse("staff:venue_new") if actor.holds(*policy.STAFF) else "",
        },
    )


HEADINGS = (
    pgettext_lazy("places", "Name"),
    gettext_lazy("Community"),
    gettext_lazy("Kind"),
    gettext_lazy("Type of station"),
    gettext_lazy("State"),
    pgettext_lazy("places", "Address"),
    pgettext_lazy("places", "Phone"),
    gettext_lazy("Area, m²"),
    gettext_lazy("For residents, m²"),
    gettext_lazy("Host"),
    gettext_lazy("At work since"),
)


def _line(venue: Venue) -> list[Any]:
    return [
        venue.name,
        venue.community.short_name,
        venue.get_kind_display(),
        venue.get_station_type_display(),
        venue.get_state_display(),
        venue.address,
        venue.phone,
        None if venue.area_m2 is None else float(venue.area_m2),
        None if venue.resident_area_m2 is None else float(venue.resident_area_m2),
        venue.host_name,
        venue.opened_on,
    ]


@reading
def export(request: HttpRequest) -> HttpResponse:
    """Give the filtered list as XLSX."""
    _form, rows = _filtered(request)
    lines = [_line(venue) for venue in rows[: sheets.MOST_ROWS]]
    return sheets.workbook(title=_("Places"), headings=HEADINGS, rows=lines)


@reading
def print_list(request: HttpRequest) -> HttpResponse:
    """Give the filtered list as a sheet of paper."""
    _form, rows = _filtered(request)
    lines = [[*_line(venue)[:7], venue.area_m2] for venue in rows[: sheets.MOST_ROWS]]
    back = reverse("staff:places") + (f"?{request.GET.urlencode()}" if request.GET else "")
    return sheets.paper(request, title=_("Places"), headings=HEADINGS[:8], rows=lines, back_url=back)


@reading
def show_map(request: HttpRequest) -> HttpResponse:
    """Show the filtered venues on a map, and name those whose position nobody entered."""
    form, rows = _filtered(request)
    placed: list[Any] = []
    unplaced: list[Any] = []
    for venue in rows[: sheets.MOST_ROWS]:
        (unplaced if venue.lng is None else placed).append(venue)
    markers = [marker(venue) for venue in placed]
    middle = [116.72, 23.37]
    if placed:
        middle = [sum(v.lng for v in placed) / len(placed), sum(v.lat for v in placed) / len(placed)]
    return render(
        request,
        "staff/places/map.html",
        {
            "form": form,
            "unplaced": unplaced,
            "map_data": {
                "outline": outline_for([venue.community.code for venue in placed[:1]]),
                "markers": markers,
                "centre": [middle[1], middle[0]],
                "zoom": 13,
            },
            "crumbs": [(_("Places"), reverse("staff:places")), (_("Map"), "")],
        },
    )


def marker(venue: Venue) -> dict[str, Any]:
    """Give a venue as a point of the map."""
    return {
        "title": venue.name,
        "lat": venue.lat,
        "lng": venue.lng,
        "kind": venue.kind,
        "text": f"{venue.community.short_name} · {venue.get_state_display()}",
        "url": reverse("staff:venue", kwargs={"venue": venue.pk}),
        "here": False,
    }
