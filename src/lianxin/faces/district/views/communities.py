"""The communities with who lives and what stands there: the records behind the first figures."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from lianxin.domain.people.queries.counts import count_people_by_community
from lianxin.domain.places.models import Committee, Division, VenueKind
from lianxin.domain.places.queries.venues import WORKING, list_venues
from lianxin.faces.district.forms.filters import SubdistrictFilter
from lianxin.faces.district.gate import shown_to_offices
from lianxin.faces.district.listing import PAGE, Listing, answer
from lianxin.faces.district.places_in_scope import area_name, asked_subdistrict, communities_of, subdistricts_of
from lianxin.faces.kit.tables import Column
from lianxin.platform.clock import local_day, now


@dataclass(frozen=True)
class Row:
    """One community with its counts."""

    pk: UUID
    name: str
    code: str
    subdistrict: str
    committee: Any
    households: int
    residents: int
    centres: int
    stations: int


@shown_to_offices
def show(request: HttpRequest, shown: str = PAGE) -> HttpResponse:
    """List the communities with households, residents, centres and stations."""
    at = now()
    actor = request.actor  # type: ignore[attr-defined]
    communities = communities_of(actor)
    choices = subdistricts_of(communities)
    subdistrict = asked_subdistrict(request, choices)
    rows = _rows([one for one in communities if subdistrict in (None, one.parent_id)], local_day(at))
    listing = Listing(
        name="communities",
        title=_("Communities"),
        place=area_name(actor, communities),
        rows=rows,
        default_sort="code",
        row_template="district/row_community.html",
        cells=lambda row: astuple(row)[1:],
        columns=(
            Column(_("Community"), sort="name"),
            Column(_("Code"), sort="code"),
            Column(_("Subdistrict"), sort="subdistrict"),
            Column(_("Committee"), sort="committee"),
            Column(_("Households"), sort="households", numeric=True),
            Column(_("Residents"), sort="residents", numeric=True),
            Column(_("Centres"), sort="centres", numeric=True),
            Column(_("Stations"), sort="stations", numeric=True),
        ),
    )
    context = {
        "form": SubdistrictFilter(request, choices),
        "lead": _("%(households)s households and %(residents)s residents are on record.")
        % {
            "households": f"{sum(row.households for row in rows):,}",
            "residents": f"{sum(row.residents for row in rows):,}",
        },
    }
    return answer(request, listing, shown=shown, template="district/list.html", context=context, at=at)


def _rows(communities: list[Division], on: date) -> list[Row]:
    people = count_people_by_community(on=on)
    places: dict[tuple[UUID, str], int] = {}
    for venue in list_venues():
        if venue.state in WORKING:
            places[venue.community_id, venue.kind] = places.get((venue.community_id, venue.kind), 0) + 1
    return [
        Row(
            pk=one.pk,
            name=one.official_name,
            code=one.code,
            subdistrict=one.parent.short_name if one.parent else "",
            committee=Committee(one.committee).label,
            households=people.get(one.pk, (0, 0))[0],
            residents=people.get(one.pk, (0, 0))[1],
            centres=places.get((one.pk, VenueKind.CENTRE), 0),
            stations=places.get((one.pk, VenueKind.STATION), 0),
        )
        for one in communities
    ]
