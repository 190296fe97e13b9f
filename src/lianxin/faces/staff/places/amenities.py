"""What a venue offers to whoever comes in: a list to tick, with numbers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.places.commands import rooms as commands
from lianxin.domain.places.models import AmenityKind, VenueAmenity
from lianxin.domain.places.queries import venues
from lianxin.faces.kit.acting import actor_of
from lianxin.platform import clock
from lianxin.platform.errors import Invalid

from ..access import form_page
from ..acting import ActForm, answer_form
from ..choices import kind_name
from .venue_access import venue_to_edit
from .words import venue_crumbs, venue_tabs


class AmenitiesForm(ActForm):
    """One line per kind of amenity: there or not, how many, a note."""

    def __init__(self, *args: Any, kinds: list[AmenityKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = kinds
        for kind in kinds:
            name = kind_name(kind)
            self.fields[f"has_{kind.code}"] = forms.BooleanField(label=name, required=False)
            self.fields[f"count_{kind.code}"] = forms.IntegerField(
                label=_("%(name)s: how many") % {"name": name}, required=False
            )
            self.fields[f"note_{kind.code}"] = forms.CharField(
                label=_("%(name)s: note") % {"name": name}, required=False
            )

    def lines(self) -> list[tuple[Any, Any, Any]]:
        """Give the three fields of each kind for drawing."""
        return [(self[f"has_{k.code}"], self[f"count_{k.code}"], self[f"note_{k.code}"]) for k in self.kinds]

    def ticked(self) -> list[dict[str, Any]]:
        """Give the amenities that are ticked; an empty number means one."""
        entered = self.cleaned_data
        return [
            {
                "kind": kind.code,
                "count": 1 if entered[f"count_{kind.code}"] is None else entered[f"count_{kind.code}"],
                "note": entered[f"note_{kind.code}"],
            }
            for kind in self.kinds
            if entered[f"has_{kind.code}"]
        ]


def _initial(rows: list[VenueAmenity]) -> dict[str, Any]:
    start: dict[str, Any] = {}
    for row in rows:
        code = row.kind.code
        start |= {f"has_{code}": True, f"count_{code}": row.count, f"note_{code}": row.note}
    return start


def _at_their_line(problem: Invalid, ticked: list[dict[str, Any]]) -> Invalid:
    """Put what is wrong with a number or a note at its own line."""
    fields: dict[str, list[Any]] = {}
    sentences = problem.fields.get("amenities", [])
    for entry in ticked:
        if not 1 <= entry["count"] <= 10_000:
            fields[f"count_{entry['kind']}"] = sentences[:1]
        if len(entry["note"]) > 100:
            fields[f"note_{entry['kind']}"] = sentences[:1]
    return Invalid(problem.detail, fields=fields) if fields else problem


@form_page
def amenities(request: HttpRequest, venue: UUID) -> HttpResponse:
    """Say what a venue offers."""
    found = venue_to_edit(request, venue)
    page = venues.venue_page(venue=venue, actor=actor_of(request), at=clock.now())
    form = AmenitiesForm(
        request.POST or None, kinds=list(venues.list_amenity_kinds()), initial=_initial(page.amenities)
    )

    def do(entered: dict[str, Any]) -> Any:
        ticked = form.ticked()
        try:
            return commands.set_amenities(
                actor=actor_of(request), venue=venue, amenities=ticked, at=clock.now(), key=entered["key"]
            )
        except Invalid as problem:
            raise _at_their_line(problem, ticked) from None

    return answer_form(
        request,
        form,
        do=do,
        then=lambda _rows: reverse("staff:venue", kwargs={"venue": venue}),
        said=_("Saved. Residents see it now."),
        template="staff/places/amenities.html",
        venue=found,
        title=_("Amenities of %(name)s") % {"name": found.name},
        tabs=venue_tabs("venue_amenities", found, may_edit=True),
        crumbs=venue_crumbs(found, (gettext_lazy("Amenities"), "")),
    )
