"""What venues are used for: openings and visitors of this month and the last, and the services that are offered."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lianxin.domain.places.models import VenueKind
from lianxin.domain.places.queries.services import count_by_category, list_categories
from lianxin.domain.places.queries.venues import list_venues
from lianxin.faces.district.forms.filters import SubdistrictFilter
from lianxin.faces.district.gate import shown_to_offices
from lianxin.faces.district.listing import PAGE, Listing, answer
from lianxin.faces.district.months import months_beside
from lianxin.faces.district.places_in_scope import area_name, asked_subdistrict, communities_of, subdistricts_of
from lianxin.faces.kit.tables import Column
from lianxin.platform import facts
from lianxin.platform.clock import local_day, now


@dataclass(frozen=True)
class UseRow:
    """One venue with what was logged there."""

    pk: UUID
    name: str
    kind: Any
    community: str
    subdistrict: str
    openings: int
    openings_before: int
    visits: int
    visits_before: int


@dataclass(frozen=True)
class CategoryRow:
    """One service category with the services offered in it."""

    code: str
    name: str
    services: int
    url: str


@shown_to_offices
def show(request: HttpRequest, shown: str = PAGE) -> HttpResponse:
    """List openings and visitors by venue, this month so far beside the same days of the last month."""
    at = now()
    actor = request.actor  # type: ignore[attr-defined]
    communities = communities_of(actor)
    choices = subdistricts_of(communities)
    subdistrict = asked_subdistrict(request, choices)
    months = months_beside(local_day(at))
    measures = ("openings", "visits")
    this, last = (
        facts.figures_by("venue", measures, from_on=from_on, until_on=until_on) for from_on, until_on in months
    )
    rows = [
        UseRow(
            pk=venue.pk,
            name=venue.name,
            kind=VenueKind(venue.kind).label,
            community=venue.community.short_name,
            subdistrict=venue.community.parent.short_name if venue.community.parent else "",
            openings=this["openings"].get(venue.pk, 0),
            openings_before=last["openings"].get(venue.pk, 0),
            visits=this["visits"].get(venue.pk, 0),
            visits_before=last["visits"].get(venue.pk, 0),
        )
        for venue in list_venues()
        if subdistrict in (None, venue.community.parent_id)
    ]
    listing = Listing(
        name="use",
        title=_("Openings and visits"),
        place=area_name(actor, communities),
        rows=rows,
        default_sort="-visits",
        row_template="district/row_use.html",
        cells=lambda row: astuple(row)[1:],
        columns=(
            Column(_("Venue"), sort="name"),
            Column(_("Kind"), sort="kind"),
            Column(_("Community"), sort="community"),
            Column(_("Subdistrict"), sort="subdistrict"),
            Column(_("Openings this month"), sort="openings", numeric=True),
            Column(_("Last month"), sort="openings_before", numeric=True),
            Column(_("Visits this month"), sort="visits", numeric=True),
            Column(_("Last month"), sort="visits_before", numeric=True),
        ),
    )
    context = {
        "form": SubdistrictFilter(request, choices),
        "lead": _("This month so far beside the same days of the last month. Visitors are counted without names."),
    }
    return answer(request, listing, shown=shown, template="district/list.html", context=context, at=at)


@shown_to_offices
def services(request: HttpRequest, shown: str = PAGE) -> HttpResponse:
    """List the service categories with how many services of each are offered today."""
    at = now()
    counts = count_by_category(on=local_day(at))
    english = (get_language() or "").startswith("en")
    rows = [
        CategoryRow(
            code=category.code,
            name=(english and category.name_en) or category.name,
            services=counts.get(category.code, 0),
            url=f"{reverse('district:map')}?category={category.code}",
        )
        for category in list_categories()
    ]
    listing = Listing(
        name="services",
        title=_("Services by category"),
        rows=rows,
        default_sort="code",
        row_template="district/row_category.html",
        cells=lambda row: (row.code, row.name, row.services),
        columns=(
            Column(_("Code"), sort="code"),
            Column(_("Category"), sort="name"),
            Column(_("Services offered"), sort="services", numeric=True),
        ),
    )
    used = sum(1 for row in rows if row.services)
    context = {
        "lead": _("%(used)d of %(all)d categories are in use today. Open one to see where.")
        % {"used": used, "all": len(rows)}
    }
    return answer(request, listing, shown=shown, template="district/list.html", context=context, at=at)
