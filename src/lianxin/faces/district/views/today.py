"""Today in the district: what is open and on, what is late, where help is missing, what is new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.domain.places.models import Division, Venue
from lianxin.domain.places.queries.opening import opening_states
from lianxin.domain.places.queries.venues import WORKING, list_venues
from lianxin.faces.district.figure_links import figure_url, span_words
from lianxin.faces.district.forms.filters import SubdistrictFilter
from lianxin.faces.district.gate import shown_to_offices
from lianxin.faces.district.listing import PAGE, Listing, answer
from lianxin.faces.district.places_in_scope import area_name, asked_subdistrict, communities_of, subdistricts_of
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.navigation import url_or_none
from lianxin.faces.kit.tables import Column
from lianxin.insight import duty_kinds, today
from lianxin.platform import contributions
from lianxin.platform.clock import local_day, now
from lianxin.platform.errors import Missing

# Where a record of a kind has its own page; what it may show there is decided there.
PAGES = {
    "running": "staff:occurrence",
    "coming": "staff:occurrence",
    "held": "staff:occurrence",
    "dates_unfinished": "staff:occurrence",
    "receptions": "staff:reception",
    "receptions_missed": "staff:reception",
    "cases_late": "staff:case",
    "commitments_late": "staff:commitment",
    "shifts_short": "staff:shift",
    "needs_without_offer": "staff:need",
    "milestones_late": "district:upgrade",
}


@dataclass(frozen=True, slots=True)
class Number:
    """One number, what it counts, and the page of the records behind it."""

    label: Any
    number: int
    url: str
    meaning: Any = ""
    of: int | None = None
    before: int | None = None


@dataclass(slots=True)
class Line:
    """One subdistrict with its counts."""

    pk: UUID | None
    name: str
    counts: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Row:
    """One record behind a number."""

    community: str
    subdistrict: str
    number: int | None
    text: str
    when: Any
    url: str


@shown_to_offices
def show(request: HttpRequest) -> HttpResponse:
    """Show what goes on today in the actor's part of the district; each number leads to its records."""
    at = now()
    actor = request.actor  # type: ignore[attr-defined]
    communities = communities_of(actor)
    venues = [venue for venue in list_venues() if venue.state in WORKING]
    states = opening_states(venues, at=at)
    open_now = {venue.pk for venue in venues if states[venue.pk].is_open}
    counted = today.count_today(at=at)
    lines = _lines(communities, venues, open_now, counted)
    return render(
        request,
        "district/today.html",
        {
            "at": at,
            "today": local_day(at),
            "area": area_name(actor, communities),
            "groups": _groups(counted, open_now, venues),
            "duties": _duties(counted.late_duties),
            "new": _new(at),
            "lines": lines,
            "total": sum((line.counts for line in lines), Counter()),
        },
    )


def _groups(counted: today.Today, open_now: set[UUID], venues: Sequence[Venue]) -> list[tuple[Any, list[Number]]]:
    places = Number(
        _("Open now"),
        len(open_now),
        f"{reverse('district:map')}?open=yes",
        _("Centres and stations whose door is open at this moment."),
        of=len(venues),
    )
    titles = {
        today.ON: pgettext("today", "What is on"),
        today.LATE: pgettext("today", "What is late"),
        today.MISSING: pgettext("today", "Where help is missing"),
    }
    found: dict[str, list[Number]] = {group: [] for group in titles}
    found[today.ON].append(places)
    for kind in today.KINDS:
        page = reverse("district:today_records", args=[kind.code])
        found[kind.group].append(Number(kind.label, counted.total(kind.code), page, kind.meaning))
    return [(title, found[group]) for group, title in titles.items()]


def _duties(late: Mapping[str, int]) -> list[Number]:
    return [
        Number(label, late[code], reverse("district:today_duties", args=[code]))
        for code, label in duty_kinds.LABELS.items()
        if late.get(code)
    ]


def _new(at: datetime) -> list[Number]:
    day = local_day(at)
    span = span_words(day - today.ONE_DAY, day + today.ONE_DAY)
    return [
        Number(contributions.measure(name).label, this, figure_url(name, period=span), before=before)
        for name, (before, this) in today.count_new(at=at).items()
    ]


def _lines(
    communities: Sequence[Division], venues: Sequence[Venue], open_now: set[UUID], counted: today.Today
) -> list[Line]:
    """Add everything up by subdistrict, in the order of their codes."""
    lines: dict[UUID | None, Line] = {}
    of: dict[UUID, Line] = {}
    for one in communities:
        parent = one.parent
        line = lines.setdefault(one.parent_id, Line(one.parent_id, parent.short_name if parent else one.short_name))
        of[one.pk] = line
        line.counts["communities"] += 1
    for venue in venues:
        if venue.community_id in of:
            of[venue.community_id].counts["venues"] += 1
            of[venue.community_id].counts["open"] += venue.pk in open_now
    for kind in today.KINDS:
        for community, number in counted.by_kind[kind.code].items():
            if community in of:
                of[community].counts[kind.code] += number
                of[community].counts[kind.group] += number
    return list(lines.values())


@shown_to_offices
def records(request: HttpRequest, what: str, shown: str = PAGE) -> HttpResponse:
    """List the records behind one of today's numbers, without names."""
    at = now()
    kind = today.find_kind(what)
    if kind is None:
        raise Missing
    actor = request.actor  # type: ignore[attr-defined]
    communities = communities_of(actor)
    choices = subdistricts_of(communities)
    subdistrict = asked_subdistrict(request, choices)
    wanted = {one.pk: one for one in communities if subdistrict in (None, one.parent_id)}
    found = today.list_records(kind, at=at, communities=None if subdistrict is None else wanted)
    rows = [_row(kind, one, wanted[one.community]) for one in found if one.community in wanted]
    listing = Listing(
        name="today_records",
        title=str(kind.label),
        place=area_name(actor, communities),
        rows=rows,
        default_sort="",
        row_template="district/row_today.html",
        cells=lambda row: (row.community, row.subdistrict, row.number, row.text, row.when),
        columns=(
            Column(_("Community"), sort="community"),
            Column(_("Subdistrict"), sort="subdistrict"),
            Column(_("No."), sort="number", numeric=True),
            Column(pgettext("today", "What")),
            Column(pgettext("today", "When"), sort="when"),
        ),
        args=(what,),
    )
    context = {
        "form": SubdistrictFilter(request, choices),
        "lead": kind.meaning,
        "empty_title": _("There is none at this moment."),
        "empty_text": _("Whatever comes up stands here at once."),
    }
    return answer(request, listing, shown=shown, template="district/list.html", context=context, at=at)


def _row(kind: today.Kind, one: today.Record, community: Division) -> Row:
    name = PAGES.get(kind.code)
    return Row(
        community=community.short_name,
        subdistrict=community.parent.short_name if community.parent else "",
        number=one.words.number,
        text=str(one.words.text),
        when=one.when,
        url=(url_or_none(name, one.page) or "") if name else "",
    )


@shown_to_offices
def duties(request: HttpRequest, group: str, shown: str = PAGE) -> HttpResponse:
    """List communities with their late duties of one kind; never whose they are."""
    at = now()
    if group not in duty_kinds.LABELS:
        raise Missing
    actor = request.actor  # type: ignore[attr-defined]
    communities = communities_of(actor)
    choices = subdistricts_of(communities)
    subdistrict = asked_subdistrict(request, choices)
    late = today.count_late_duties_by_community(group=group, at=at)
    rows = [
        Row(one.short_name, one.parent.short_name if one.parent else "", late[one.pk], "", None, "")
        for one in communities
        if late[one.pk] and subdistrict in (None, one.parent_id)
    ]
    listing = Listing(
        name="today_duties",
        title=_("Late: %(what)s") % {"what": duty_kinds.LABELS[group]},
        place=area_name(actor, communities),
        rows=rows,
        default_sort="-number",
        row_template="district/row_today_duty.html",
        cells=lambda row: (row.community, row.subdistrict, row.number),
        columns=(
            Column(_("Community"), sort="community"),
            Column(_("Subdistrict"), sort="subdistrict"),
            Column(_("Late now"), sort="number", numeric=True),
        ),
        args=(group,),
    )
    context = {
        "form": SubdistrictFilter(request, choices),
        "lead": _("As of %(moment)s. It counts what is to be done, never who has to do it.") % {"moment": spoken(at)},
        "empty_title": _("There is none at this moment."),
        "empty_text": _("Whatever comes up stands here at once."),
    }
    return answer(request, listing, shown=shown, template="district/list.html", context=context, at=at)
