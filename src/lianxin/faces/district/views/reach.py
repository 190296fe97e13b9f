"""Who is reached and who is heard: a map in five classes and the table beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.places.models import Division, Venue, VenueKind
from lianxin.domain.places.queries.venues import WORKING, list_venues
from lianxin.faces.district.forms.filters import ALL, SubdistrictFilter
from lianxin.faces.district.gate import shown_to_offices
from lianxin.faces.district.listing import PAGE, WORKBOOK, Listing, answer
from lianxin.faces.district.places_in_scope import (
    Choices,
    area_name,
    asked_subdistrict,
    communities_of,
    subdistricts_of,
)
from lianxin.faces.kit.outline import outline_for
from lianxin.faces.kit.tables import Column
from lianxin.insight import reach
from lianxin.platform.clock import local_day, now

USUAL_DAYS = 60
SHOWN_SILENT = 12
BY = {"households": gettext_lazy("Households reached"), "elders": gettext_lazy("60 and over reached")}


class ReachFilter(SubdistrictFilter):
    """By subdistrict, by what colours the map, and after how many days a community counts as silent."""

    by = forms.ChoiceField(label=gettext_lazy("Coloured by"), required=False, choices=list(BY.items()))
    days = forms.ChoiceField(label=gettext_lazy("Silent after"), required=False)
    silent = forms.ChoiceField(
        label=gettext_lazy("Only silent ones"),
        required=False,
        choices=[ALL, (reach.VOICE, gettext_lazy("No voice")), (reach.ACTIVITY, gettext_lazy("No activity"))],
    )

    def __init__(self, request: HttpRequest, subdistricts: Choices) -> None:
        super().__init__(request, subdistricts)
        self.fields["days"].choices = [  # type: ignore[attr-defined]
            ("" if days == USUAL_DAYS else str(days), _("%(n)d days") % {"n": days}) for days in reach.choices()
        ]

    @property
    def limit(self) -> int:
        """Give after how many days without anything a community is called silent."""
        return int(self.asked("days") or USUAL_DAYS)


@dataclass(frozen=True, slots=True)
class Row:
    """One community: who is reached, how far its homes are, and for how long nothing came."""

    pk: UUID
    name: str
    subdistrict: str
    reached: reach.Reached
    number: int | None
    way: reach.Way | None
    no_voice: int | None
    no_activity: int | None
    voice_is_silent: bool
    activity_is_silent: bool

    @property
    def share(self) -> float:
        """Give what to sort by: communities with too few households come last."""
        return -1.0 if self.reached.share is None else self.reached.share

    @property
    def elders_share(self) -> float:
        """Give what to sort by: communities with too few residents of 60 and more come last."""
        return -1.0 if self.reached.elders_share is None else self.reached.elders_share

    @property
    def beyond(self) -> float:
        """Give what to sort by: communities of which nobody knows come last."""
        found = self.way.beyond_share if self.way else None
        return -1.0 if found is None else found

    @property
    def metres(self) -> int:
        """Give what to sort by: the way of the farthest homes."""
        return (self.way.farthest_metres or -1) if self.way else -1

    @property
    def voice_days(self) -> int:
        """Give what to sort by: a community without a voice in a year is the most silent."""
        return 9999 if self.no_voice is None else self.no_voice

    @property
    def activity_days(self) -> int:
        """Give what to sort by: a community without an activity in a year is the most silent."""
        return 9999 if self.no_activity is None else self.no_activity


@shown_to_offices
def show(request: HttpRequest, shown: str = PAGE) -> HttpResponse:
    """Show who is reached: the map, the table, and the communities that have become silent."""
    at = now()
    on = local_day(at)
    actor = request.actor  # type: ignore[attr-defined]
    communities = communities_of(actor)
    choices = subdistricts_of(communities)
    subdistrict = asked_subdistrict(request, choices)
    form = ReachFilter(request, choices)
    wanted = [one for one in communities if subdistrict in (None, one.parent_id)]
    ids = [one.pk for one in communities]
    counted = reach.count_reached(on=on, communities=ids)
    shares = _shares(counted, wanted, form.asked("by") == "elders")
    classes, number_of = reach.classify(shares)
    last, ways = reach.find_last_acts(at=at, communities=ids), reach.find_ways(on=on)
    rows = [_row(one, counted, number_of, last, ways, on, form.limit) for one in wanted]
    silent = {
        reach.VOICE: [row for row in rows if row.voice_is_silent],
        reach.ACTIVITY: [row for row in rows if row.activity_is_silent],
    }
    listed = silent.get(form.asked("silent"), rows)
    listing = Listing(
        name="reach",
        title=_("Who is reached"),
        place=area_name(actor, communities),
        rows=sorted(listed, key=lambda row: (row.share < 0, row.share, row.name)),
        default_sort="",
        row_template="district/row_reach.html",
        cells=_cells,
        columns=_columns(shown),
    )
    centres = _centres() if shown == PAGE else {}
    context = {
        "form": form,
        "total": reach.together(row.reached for row in rows),
        "limit": form.limit,
        "silent": [
            (reach.VOICE, _("No voice for so long"), silent[reach.VOICE]),
            (reach.ACTIVITY, _("No activity for so long"), silent[reach.ACTIVITY]),
        ],
        "shown_silent": SHOWN_SILENT,
        "classes": classes,
        "coloured_by": BY["elders" if form.asked("by") == "elders" else "households"],
        "fewest": reach.FEWEST,
        "map_data": {
            "outline": outline_for(one.code for one in communities[:1]),
            "markers": [
                _marker(row, centres[row.pk], shares.get(row.pk)) for row in rows if centres.get(row.pk) is not None
            ],
        },
    }
    return answer(request, listing, shown=shown, template="district/reach.html", context=context, at=at)


def _shares(counted: Mapping[UUID, reach.Reached], wanted: list[Division], elders: bool) -> dict[UUID, float]:
    found = {}
    for one in wanted:
        row = counted.get(one.pk, reach.Reached())
        share = row.elders_share if elders else row.share
        if share is not None:
            found[one.pk] = share
    return found


def _row(
    one: Division,
    counted: Mapping[UUID, reach.Reached],
    number_of: Mapping[UUID, int],
    last: Mapping[str, Mapping[UUID, date]],
    ways: Mapping[UUID, reach.Way],
    on: date,
    limit: int,
) -> Row:
    no_voice = reach.silent_since(last[reach.VOICE].get(one.pk), on=on)
    no_activity = reach.silent_since(last[reach.ACTIVITY].get(one.pk), on=on)
    return Row(
        pk=one.pk,
        name=one.short_name,
        subdistrict=one.parent.short_name if one.parent else "",
        reached=counted.get(one.pk, reach.Reached()),
        number=number_of.get(one.pk),
        way=ways.get(one.pk),
        no_voice=no_voice,
        no_activity=no_activity,
        voice_is_silent=reach.is_silent(no_voice, limit),
        activity_is_silent=reach.is_silent(no_activity, limit),
    )


def _centres() -> dict[UUID, Venue]:
    return {
        venue.community_id: venue
        for venue in list_venues(kind=VenueKind.CENTRE)
        if venue.state in WORKING and venue.lat is not None
    }


def _marker(row: Row, centre: Venue, share: float | None) -> dict[str, Any]:
    words = _("too few to say") if share is None else f"{100 * share:.0f}%"
    return {
        "title": f"{row.subdistrict} {row.name}",
        "lat": centre.lat,
        "lng": centre.lng,
        "kind": f"class-{row.number or 0}",
        "mark": str(row.number or "–"),
        "text": words,
        "url": reverse("district:division", args=[row.pk]),
    }


def _cells(row: Row) -> tuple[Any, ...]:
    reached, way = row.reached, row.way
    return (
        row.name,
        row.subdistrict,
        row.number,
        *(reached.households, reached.households_reached, _percent(reached.share)),
        *(reached.elders, reached.elders_reached, _percent(reached.elders_share)),
        _percent(way.beyond_share) if way else None,
        way.farthest_metres if way else None,
        row.no_voice,
        row.no_activity,
    )


def _percent(share: float | None) -> int | None:
    return None if share is None else round(100 * share)


def _columns(shown: str) -> tuple[Column, ...]:
    is_book = shown == WORKBOOK
    homes, elders = _("Households"), _("Residents of 60 and over")
    more = (Column(homes, sort="reached__households", numeric=True), Column(_("of these reached"), numeric=True))
    old = (Column(elders, sort="reached__elders", numeric=True), Column(_("of these reached"), numeric=True))
    return (
        Column(_("Community"), sort="name"),
        Column(_("Subdistrict"), sort="subdistrict"),
        Column(_("Class")),
        *(more if is_book else ()),
        Column(_("Households reached"), sort="share", numeric=True),
        *(old if is_book else ()),
        Column(_("60 and over reached"), sort="elders_share", numeric=True),
        Column(_("Homes beyond reach"), sort="beyond", numeric=True),
        Column(_("Farthest homes in metres"), sort="metres", numeric=True),
        Column(_("Days without a voice"), sort="voice_days", numeric=True),
        Column(_("Days without an activity"), sort="activity_days", numeric=True),
    )
