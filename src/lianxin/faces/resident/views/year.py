"""The year together: what a community, or the district, did in a year, in plain words with few figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import dropwhile
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_safe

from lianxin.domain.places.models import Level
from lianxin.domain.places.queries.divisions import find_division
from lianxin.domain.points.queries.honour_rolls import list_rolls
from lianxin.domain.projects.queries.done import list_done
from lianxin.domain.voice.queries.settled import list_ended_matters, list_solved
from lianxin.faces.kit.dates import spoken
from lianxin.faces.resident.community import chosen_community
from lianxin.faces.resident.views.public import page
from lianxin.insight.areas import Area, find_area, whole
from lianxin.insight.public_year import FIRST_YEAR, Month, PublicYear, is_a_year, read_year, years_told
from lianxin.insight.publishing import for_public, sum_for_public
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now
from lianxin.platform.errors import Missing

EXAMPLES = 6
STORIES = 4


class NoSuchYear(Missing):
    """A year that has not come, or from which nothing was kept."""

    title = gettext_lazy("This year cannot be shown.")


@dataclass(frozen=True, slots=True)
class Line:
    """A figure with its words; `change` is against the year before."""

    label: Any
    unit: Any
    value: int
    change: int | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """Something that was asked for or told, and what became of it."""

    url: str
    title: str
    said: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A month of the table with the length of its bar, of 100."""

    month: Month
    length: int


PARTS: tuple[tuple[Any, tuple[tuple[str, Any, Any], ...]], ...] = (
    (
        gettext_lazy("Done together"),
        (
            ("held", gettext_lazy("Activities held"), pgettext_lazy("unit of the year", "times")),
            ("came", gettext_lazy("People came"), pgettext_lazy("unit of the year", "person-times")),
            ("volunteer_held", gettext_lazy("Volunteers were out"), pgettext_lazy("unit of the year", "times")),
            (
                "volunteers",
                gettext_lazy("Neighbours who lent a hand"),
                pgettext_lazy("unit of the year", "person-times"),
            ),
        ),
    ),
    (
        gettext_lazy("Heard and answered"),
        (
            ("heard", gettext_lazy("You told us"), pgettext_lazy("unit of the year", "voices")),
            ("answered", gettext_lazy("You got an answer"), pgettext_lazy("unit of the year", "answers")),
            ("solved", gettext_lazy("You said: solved"), pgettext_lazy("unit of the year", "matters")),
            ("projects_done", gettext_lazy("Projects done"), pgettext_lazy("unit of the year", "projects")),
            ("meetings", gettext_lazy("Meetings to talk it over"), pgettext_lazy("unit of the year", "times")),
            ("receptions", gettext_lazy("Reception days"), pgettext_lazy("unit of the year", "days")),
            ("mediated", gettext_lazy("Quarrels made up"), pgettext_lazy("unit of the year", "matters")),
        ),
    ),
    (
        gettext_lazy("Doors that were open"),
        (
            ("openings", gettext_lazy("Doors opened"), pgettext_lazy("unit of the year", "times")),
            ("visits", gettext_lazy("People came by"), pgettext_lazy("unit of the year", "person-times")),
            ("rooms", gettext_lazy("Rooms were used"), pgettext_lazy("unit of the year", "times")),
            ("upgrades", gettext_lazy("Centres made new"), pgettext_lazy("unit of the year", "places")),
        ),
    ),
    (
        gettext_lazy("Thanks in points"),
        (
            ("points_given", gettext_lazy("Points given"), pgettext_lazy("unit of the year", "points")),
            ("goods", gettext_lazy("Goods and services taken"), pgettext_lazy("unit of the year", "pieces")),
        ),
    ),
)
STANDING = (
    ("centres", gettext_lazy("Centres"), pgettext_lazy("unit of the year", "places")),
    ("stations", gettext_lazy("Stations"), pgettext_lazy("unit of the year", "places")),
    ("categories", gettext_lazy("Kinds of service"), pgettext_lazy("unit of the year", "kinds")),
)


def _system() -> Actor:
    return Actor.system(via="web")


def _district(today: date) -> Area:
    return whole(_system(), on=today)


def _place(place: str, *, year: int, today: date) -> Area:
    return find_area(place, actor=_system(), on=min(today, date(year, 12, 31)))


def _possible(year: int, today: date) -> None:
    if not is_a_year(year, today=today):
        if year > today.year:
            raise NoSuchYear(_("The year %(year)d has not come yet.") % {"year": year})
        raise NoSuchYear(_("Years are told from %(year)d on.") % {"year": FIRST_YEAR})


@require_safe
def years(request: HttpRequest) -> HttpResponse:
    """List the years of one's community and of the whole district."""
    today = local_day(now())
    district = _district(today)
    places = [(district.name, [(one, _address(one, district)) for one in years_told(area=district, today=today)])]
    chosen = chosen_community(request)
    if chosen is not None:
        try:
            area = find_area(chosen, actor=_system(), on=today)
        except Missing:
            area = None
        if area is not None:
            own = [(one, _address(one, area)) for one in years_told(area=area, today=today)]
            places.insert(0, (area.name, own))
    context = {"places": places, "this_year": today.year, "crumbs": [(_("The year together"), "")]}
    return page(request, "resident/year/years.html", context)


@require_safe
def lead(request: HttpRequest, community: UUID) -> HttpResponse:
    """Lead to a community's last whole year on record, or to this year."""
    today = local_day(now())
    division = find_division(community)
    if division.level != Level.COMMUNITY:
        raise Missing
    area = find_area(community, actor=_system(), on=today)
    told = years_told(area=area, today=today)
    year = next((one for one in told if one < today.year), told[0] if told else today.year)
    return HttpResponseRedirect(_address(year, area))


@require_safe
def show(request: HttpRequest, year: int, place: str = "") -> HttpResponse:
    """Show a year of the district or of a place in it; an old code or a name leads to the address of today."""
    today = local_day(now())
    _possible(year, today)
    area = _place(place, year=year, today=today) if place else _district(today)
    address = _address(year, area)
    if address != request.path:
        return HttpResponseRedirect(address)
    context = _context(year, area, today=today)
    context["crumbs"] = _crumbs(year, area)
    return page(request, "resident/year/year.html", context)


@require_safe
def sheet(request: HttpRequest, year: int, place: str = "") -> HttpResponse:
    """Show a year as a sheet of paper to be put up."""
    at = now()
    today = local_day(at)
    _possible(year, today)
    area = _place(place, year=year, today=today) if place else _district(today)
    context = _context(year, area, today=today) | {
        "sheet_title": _("%(year)d, the year together") % {"year": year},
        "sheet_place": area.name,
        "sheet_period": _period(year, today=today),
        "sheet_url": request.build_absolute_uri(_address(year, area)),
        "printed_at": at,
        "back_url": _address(year, area),
    }
    return render(request, "resident/year/sheet.html", context)


def _context(year: int, area: Area, *, today: date) -> dict[str, Any]:
    found = read_year(year=year, area=area, today=today)
    told = years_told(area=area, today=today)
    parts = list(_parts(found))
    return {
        "year": year,
        "place": area.name,
        "found": found,
        "parts": parts,
        "has_before": any(line.change is not None for _title, lines in parts for line in lines),
        "standing": [Line(label, unit, found.standing[name]) for name, label, unit in STANDING if found.standing],
        "bars": _bars(found),
        "period": _period(year, today=today),
        "before": year - 1,
        "others": [(one, _address(one, area)) for one in told if one != year],
        "print_url": _address(year, area, name="year_print"),
        "district_url": "" if area.communities is None else reverse("resident:year", args=[year]),
        **_stories(found, area),
    }


def _parts(found: PublicYear) -> Iterable[tuple[Any, list[Line]]]:
    """Give the figures by chapter; what is nothing or too few to be told is left out, so that the two look alike."""
    for title, words in PARTS:
        shown = [
            Line(label, unit, told.value, told.change)
            for word, label, unit in words
            if (told := found.told[word]).value is not None and (told.value or told.before)
        ]
        if shown:
            yield title, shown


def _bars(found: PublicYear) -> list[Bar]:
    """Give the months from the first one of which anything is on record."""
    months = list(dropwhile(lambda one: one.held == 0 and one.came == 0, found.months))
    most = max((one.came or 0 for one in found.months), default=0) or 1
    return [Bar(one, round(100 * (one.came or 0) / most)) for one in months]


def _stories(found: PublicYear, area: Area) -> dict[str, Any]:
    """Give examples that everybody may read already, and the honour rolls of a community."""
    days: dict[str, Any] = {"from_on": found.period.from_on, "until_on": found.period.until_on}
    carried = list_done(communities=area.communities, most=EXAMPLES, one_each=not area.is_community, **days)
    done = [
        Example(
            reverse("resident:project", args=[one.project.pk]),
            one.project.title,
            _said(
                one.asked,
                sum_for_public(one.project.person_times, parts=one.project.occurrences_held),
                "" if area.is_community else one.project.community.short_name,
            ),
        )
        for one in carried
    ]
    if not area.is_community or area.id is None:
        return {"done": done, "settled": [], "rolls": [], "community": None}
    solved = list_solved(communities=[area.id], most=STORIES, **days)
    matters = list_ended_matters(communities=[area.id], most=STORIES, **days)
    settled = [
        Example(reverse("resident:matter", args=[area.id, row.pk]), row.title, pgettext("matter", "talked through"))
        for row in matters
    ]
    settled += [Example(reverse("resident:case", args=[area.id, row.id]), row.title, row.answer) for row in solved]
    rolls = [
        row
        for row in list_rolls(community=area.id, limit=100)
        if found.period.from_on <= row.ends_on < found.period.until_on
    ]
    return {"done": done, "settled": settled[:EXAMPLES], "rolls": rolls, "community": area.id}


def _said(asked: int, came: int | None, place: str) -> str:
    words = [place] if place else []
    if asked and for_public(asked):
        words.append(_("asked for by %(n)d") % {"n": asked})
    if came:
        words.append(_("%(n)d person-times came") % {"n": came})
    return " · ".join(words)


def _period(year: int, *, today: date) -> str:
    if year < today.year:
        return _("The whole year %(year)d") % {"year": year}
    return _("Up to and with %(day)s") % {"day": spoken(today)}


def _address(year: int, area: Area, *, name: str = "year") -> str:
    if area.kind == Level.DISTRICT or area.communities is None:
        return reverse(f"resident:{name}", args=[year])
    return reverse(f"resident:{name}_of", args=[year, area.code or str(area.id)])


def _crumbs(year: int, area: Area) -> list[tuple[Any, str]]:
    crumbs: list[tuple[Any, str]] = [(_("The year together"), reverse("resident:years"))]
    if area.is_community and area.id is not None:
        crumbs.insert(0, (area.name, reverse("resident:community", args=[area.id])))
    return [*crumbs, (str(year), "")]
