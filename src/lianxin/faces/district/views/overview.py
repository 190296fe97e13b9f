"""The first page of the department: figures, subdistricts side by side, and where help is needed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.domain.people.queries.counts import count_people_by_community
from lianxin.domain.places.models import Venue, VenueKind
from lianxin.domain.places.queries.opening import opening_states
from lianxin.domain.places.queries.overview import Activity, count_activity
from lianxin.domain.places.queries.standards import find_centre_board
from lianxin.domain.places.queries.upgrades import list_upgrades
from lianxin.domain.places.queries.venues import WORKING, list_venues
from lianxin.faces.district.gate import shown_to_offices
from lianxin.faces.district.months import months_beside, weeks_before
from lianxin.faces.district.places_in_scope import area_name, communities_of
from lianxin.platform import facts
from lianxin.platform.clock import local_day, now

WEEKS = 9
SHOWN = 6
FLOWS = ("openings", "visits")


@dataclass(frozen=True)
class Figure:
    """One number with its change, its line and the page of the records it is made of."""

    label: str
    number: str
    url: str
    unit: str = ""
    change: int | None = None
    change_text: str = ""
    values: tuple[int, ...] = ()


@dataclass
class Line:
    """One subdistrict with its counts."""

    pk: UUID | None
    name: str
    counts: Counter[str] = field(default_factory=Counter)


@shown_to_offices
def show(request: HttpRequest) -> HttpResponse:
    """Show the figures of the actor's part of the district; each leads to its records."""
    at = now()
    today = local_day(at)
    actor = request.actor  # type: ignore[attr-defined]
    communities = communities_of(actor)
    venues = [venue for venue in list_venues() if venue.state in WORKING]
    states = opening_states(venues, at=at)
    open_now = {venue.pk for venue in venues if states[venue.pk].is_open}
    people = count_people_by_community(on=today)
    activity = count_activity(on=today)
    lines = _lines(communities, venues, open_now, people, activity)
    weeks = weeks_before(today, WEEKS)
    (first, until), _last = months = months_beside(today)
    by_day = facts.figures_by("day", FLOWS, from_on=min(weeks[0][0], months[1][0]), until_on=until)
    flows = {name: {day: n for day, n in by_day[name].items() if isinstance(day, date)} for name in FLOWS}
    total = sum((line.counts for line in lines), Counter())
    return render(
        request,
        "district/overview.html",
        {
            "today": today,
            "area": area_name(actor, communities),
            "figures": [*_levels(total, activity), *_flows(flows, months, weeks), *_work(total)],
            "lines": lines,
            "total": total,
            "weeks": [
                (from_on, *(_between(flows[name], from_on, until_on) for name in FLOWS)) for from_on, until_on in weeks
            ],
            "month_from": first,
        },
    )


@shown_to_offices
def help_needed(request: HttpRequest) -> HttpResponse:
    """Show where help is needed: the centres that fall shortest and the upgrades that are late."""
    today = local_day(now())
    board = find_centre_board(on=today, standing="short")
    late = list(list_upgrades(on=today, late_only=True))
    part = bool(getattr(request, "htmx", False))
    return render(
        request,
        "district/help_part.html" if part else "district/help.html",
        {
            "board": board,
            "neediest": board.rows[: SHOWN if part else None],
            "late_shown": late[: SHOWN if part else None],
            "late_more": max(0, len(late) - SHOWN) if part else 0,
            "crumbs": [(_("Overview"), reverse("district:overview")), (_("Where help is needed"), "")],
        },
    )


def _lines(
    communities: Iterable[Any],
    venues: Iterable[Venue],
    open_now: set[UUID],
    people: Mapping[UUID, tuple[int, int]],
    activity: Activity,
) -> list[Line]:
    """Add everything up by subdistrict, in the order of their codes."""
    lines: dict[UUID | None, Line] = {}
    of: dict[UUID, Line] = {}
    for one in communities:
        parent = one.parent
        line = lines.setdefault(one.parent_id, Line(one.parent_id, parent.short_name if parent else one.short_name))
        of[one.pk] = line
        line.counts["communities"] += 1
        households, residents = people.get(one.pk, (0, 0))
        line.counts["households"] += households
        line.counts["residents"] += residents
        line.counts["upgrades"] += activity.upgrades[one.pk]
        line.counts["late"] += activity.milestones_late[one.pk]
        line.counts["pilots"] += bool(activity.pilots[one.pk])
    for venue in venues:
        if venue.community_id in of:
            counts = of[venue.community_id].counts
            counts["centres" if venue.kind == VenueKind.CENTRE else "stations"] += 1
            counts["open"] += venue.pk in open_now
    return list(lines.values())


def _levels(total: Counter[str], activity: Activity) -> list[Figure]:
    communities, services, places = (reverse(f"district:{name}") for name in ("communities", "services", "map"))
    return [
        Figure(_("Centres"), f"{total['centres']:,}", reverse("district:centres")),
        Figure(_("Stations"), f"{total['stations']:,}", f"{places}?kind=station"),
        Figure(_("Open now"), f"{total['open']:,}", f"{places}?open=yes", unit=_of(total)),
        Figure(_("Households on record"), f"{total['households']:,}", communities),
        Figure(_("Residents on record"), f"{total['residents']:,}", communities),
        Figure(
            _("Service categories in use"),
            f"{activity.categories:,}",
            services,
            unit=_("of %(all)s") % {"all": f"{activity.categories_known:,}"},
        ),
    ]


def _of(total: Counter[str]) -> str:
    return _("of %(all)s") % {"all": f"{total['centres'] + total['stations']:,}"}


def _flows(flows: Mapping[str, Mapping[date, int]], months: Any, weeks: Any) -> list[Figure]:
    labels = {"openings": _("Openings this month"), "visits": _("Visits this month")}
    this, last = months
    figures = []
    for name in FLOWS:
        number, before = _between(flows[name], *this), _between(flows[name], *last)
        figures.append(
            Figure(
                labels[name],
                f"{number:,}",
                reverse("district:use"),
                change=number - before,
                change_text=_("against the same days last month"),
                values=tuple(_between(flows[name], *week) for week in weeks),
            )
        )
    return figures


def _work(total: Counter[str]) -> list[Figure]:
    upgrades = reverse("district:upgrades")
    return [
        Figure(_("Upgrades under way"), f"{total['upgrades']:,}", f"{upgrades}?state=under_way"),
        Figure(_("Milestones late"), f"{total['late']:,}", f"{upgrades}?late=yes"),
        Figure(_("Pilot communities"), f"{total['pilots']:,}", reverse("district:programmes")),
    ]


def _between(days: Mapping[date, int], from_on: date, until_on: date) -> int:
    return sum(number for day, number in days.items() if from_on <= day < until_on)
