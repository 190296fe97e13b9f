"""Activities of the communities in figures: what was held and who came, by community and by category."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.domain.activities.models import Occurrence
from lianxin.domain.activities.queries.occurrences import count_by_community
from lianxin.domain.places.queries.services import list_categories
from lianxin.faces.district.forms.activities import ActivitiesFilter
from lianxin.faces.district.gate import shown_to_offices
from lianxin.faces.district.listing import PAGE, Listing, answer
from lianxin.faces.district.places_in_scope import area_name, asked_subdistrict, communities_of, subdistricts_of
from lianxin.faces.kit.tables import Column
from lianxin.platform import facts, scope
from lianxin.platform.clock import local_day, now

FLOWS = ("occurrences_held", "person_times", "volunteer_occurrences", "volunteer_person_times")
Figures = Mapping[str, Mapping[Any, int]]


@dataclass(frozen=True)
class Row:
    """One community, or one category, with what was held and who came."""

    name: str
    subdistrict: str
    held: int
    people: int
    service_held: int
    service_people: int
    ahead: int
    cancelled: int
    url: str

    @property
    def each(self) -> int | None:
        """Give how many came to one date on average."""
        return round(self.people / self.held) if self.held else None


def _row(name: str, key: UUID | str, figures: Figures, **more: Any) -> Row:
    held, people, service_held, service_people = (figures[flow].get(key, 0) for flow in FLOWS)
    values: dict[str, Any] = {"subdistrict": "", "ahead": 0, "cancelled": 0, "url": ""} | more
    return Row(name=name, held=held, people=people, service_held=service_held, service_people=service_people, **values)


def _figures(request: HttpRequest, dimension: str, days: tuple[date, date]) -> Figures:
    with scope.within(request.actor.communities):  # type: ignore[attr-defined]
        return facts.figures_by(dimension, FLOWS, from_on=days[0], until_on=days[1])


@shown_to_offices
def show(request: HttpRequest, shown: str = PAGE) -> HttpResponse:
    """List communities with what was held and who came in a stretch of time."""
    at = now()
    actor = request.actor  # type: ignore[attr-defined]
    communities = communities_of(actor)
    choices = subdistricts_of(communities)
    subdistrict = asked_subdistrict(request, choices)
    form = ActivitiesFilter(request, choices, today=local_day(at))
    days = form.days()
    figures = _figures(request, "community", days)
    states = count_by_community(actor=actor, from_on=days[0], until_on=days[1])
    dates = reverse("staff:activities")
    rows = [
        _row(
            one.short_name,
            one.pk,
            figures,
            subdistrict=one.parent.short_name if one.parent else "",
            ahead=states.get(one.pk, {}).get(Occurrence.State.PUBLISHED, 0),
            cancelled=states.get(one.pk, {}).get(Occurrence.State.CANCELLED, 0),
            url=f"{dates}?community={one.pk}",
        )
        for one in communities
        if subdistrict in (None, one.parent_id)
    ]
    listing = Listing(
        name="activities",
        title=_("Activities of the communities"),
        place=area_name(actor, communities),
        rows=rows,
        default_sort="-held",
        row_template="district/row_activities.html",
        cells=lambda row: (
            *(row.name, row.subdistrict, row.held, row.people, row.each, row.service_held, row.service_people),
            *(row.ahead, row.cancelled),
        ),
        columns=(
            Column(_("Community"), sort="name"),
            Column(_("Subdistrict"), sort="subdistrict"),
            *_columns(),
            Column(_("Public, not held yet"), sort="ahead", numeric=True),
            Column(_("Called off"), sort="cancelled", numeric=True),
        ),
    )
    context = {
        "form": form,
        "lead": _lead(rows, days),
        "empty_title": _("No community here."),
        "empty_text": _("Choose another subdistrict."),
    }
    return answer(request, listing, shown=shown, template="district/activities.html", context=context, at=at)


@shown_to_offices
def categories(request: HttpRequest, shown: str = PAGE) -> HttpResponse:
    """List the categories of service with what was held and who came in a stretch of time."""
    at = now()
    actor = request.actor  # type: ignore[attr-defined]
    communities = communities_of(actor)
    form = ActivitiesFilter(request, [("", _("All"))], today=local_day(at))
    del form.fields["subdistrict"]
    days = form.days()
    figures = _figures(request, "category", days)
    dates = reverse("staff:activities")
    rows = [
        _row(f"{one.code} {one.name}", one.code, figures, url=f"{dates}?category={one.code}&state=held")
        for one in list_categories()
    ]
    listing = Listing(
        name="activity_categories",
        title=_("Activities by category"),
        place=area_name(actor, communities),
        rows=rows,
        default_sort="name",
        row_template="district/row_activity_category.html",
        cells=lambda row: (row.name, row.held, row.people, row.each, row.service_held, row.service_people),
        columns=(Column(_("Category"), sort="name"), *_columns()),
    )
    context = {"form": form, "lead": _lead(rows, days), "empty_title": _("No category is entered.")}
    return answer(request, listing, shown=shown, template="district/activities.html", context=context, at=at)


def _columns() -> tuple[Column, ...]:
    return (
        Column(_("Held"), sort="held", numeric=True),
        Column(_("Person-times"), sort="people", numeric=True),
        Column(_("People a date"), numeric=True),
        Column(_("Voluntary service held"), sort="service_held", numeric=True),
        Column(_("Volunteers' person-times"), sort="service_people", numeric=True),
    )


def _lead(rows: list[Row], days: tuple[date, date]) -> str:
    return _("%(held)s dates were held and %(people)s person-times counted from %(first)s on.") % {
        "held": f"{sum(row.held for row in rows):,}",
        "people": f"{sum(row.people for row in rows):,}",
        "first": days[0],
    }
