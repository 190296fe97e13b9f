"""What the wall screen of a city or province shows: figures handed up, districts side by side, and what is late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.domain.reporting.queries.feeds import is_late
from lianxin.domain.reporting.queries.feeds_above import District
from lianxin.faces.district.area_chosen import Chosen, one_district, whole_city
from lianxin.faces.district.figure_links import figure_url
from lianxin.faces.kit.dates import spoken
from lianxin.insight import figures, periods
from lianxin.insight import wall as wall_figures
from lianxin.insight.areas import Area, children
from lianxin.insight.periods import ONE_DAY, Period
from lianxin.insight.publishing import for_public
from lianxin.platform import scope
from lianxin.platform.clock import local_day

RESIDENTS, SERVED, CENTRES = "residents", "person_times", "centres"
# So many rows are read from five metres; the rest take their turns.
ROWS = 8


@dataclass(frozen=True, slots=True)
class Number:
    """One figure of the wall; only an office's page leads on from it."""

    label: Any
    number: int
    of: int | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A district or subdistrict with its person-times per 1,000 residents, and the share of the widest bar."""

    name: str
    rate: float | None
    share: int
    held_on: date | None
    late: bool
    url: str


def read(*, district: UUID | None, at: datetime, leads: bool) -> dict[str, Any]:
    """Give what the screen shows of everything, or of one district; at most nine queries."""
    today = local_day(at)
    with scope.everything():
        chosen = one_district(district, on=today) if district else whole_city()
        last = chosen.last_held(today=today)
        year = periods.year(last.year)
        month = periods.month_of(last)
        flows = wall_figures.read_year(on=last, area=chosen.area)
        this_month = figures.values([SERVED], period=month, area=chosen.area)[SERVED]
        areas = [part.area for part in chosen.parts()] if chosen.compares_districts else children(chosen.area, on=today)
        found = figures.by_area([SERVED, CENTRES, RESIDENTS], period=year, areas=areas)
    bars = _bars(areas, found, chosen, year, today, leads=leads)
    return {
        "at": at,
        "today": today,
        "area": chosen.name,
        "numbers": _numbers(chosen, flows, this_month, found, (year, month), today, leads=leads),
        "year": last.year,
        "pages": _pages(bars),
        "of_districts": chosen.compares_districts,
        "lines": _lines(chosen.districts, today),
        "part_template": "district/wall_part_districts.html",
        "assets": "|".join(static(name) for name in ("district/wall.css", "district/wall.js")),
    }


def _numbers(
    chosen: Chosen,
    flows: Mapping[str, int],
    this_month: int,
    found: Mapping[str, Mapping[UUID, int]],
    days: tuple[Period, Period],
    today: date,
    *,
    leads: bool,
) -> list[Number]:
    year, month = days

    def link(name: str, period: Period) -> str:
        return figure_url(name, period=period.text, place=chosen.place) if leads else ""

    if chosen.compares_districts:
        here = sum(not is_late(one.feed, on=today) for one in chosen.districts)
        url = reverse("district:feeds") if leads else ""
        first = Number(_("Districts whose figures are here"), here, len(chosen.districts), url)
    else:
        first = Number(_("Residents"), sum(found[RESIDENTS].values()), None, link(RESIDENTS, year))
    said = {"year": year.from_on.year, "month": month.from_on.month}
    labels = {
        "occurrences_held": _("Activities held in %(year)d"),
        SERVED: _("Person-times in %(year)d"),
        "volunteer_person_times": _("Volunteers' person-times in %(year)d"),
        "answers_given": _("Needs answered in %(year)d"),
        "cases_confirmed": _("Cases solved in %(year)d"),
    }
    return [
        first,
        Number(_("Centres"), sum(found[CENTRES].values()), None, link(CENTRES, year)),
        Number(_("Person-times in month %(month)d") % said, this_month, None, link(SERVED, month)),
        *(Number(labels[one] % said, flows[one], None, link(one, year)) for one in wall_figures.YEAR_FLOWS),
    ]


def _bars(
    areas: Sequence[Area],
    found: Mapping[str, Mapping[UUID, int]],
    chosen: Chosen,
    year: Period,
    today: date,
    *,
    leads: bool,
) -> list[Bar]:
    feeds = {one.id: one.feed for one in chosen.districts}
    known = [area for area in areas if area.id is not None]
    told = {area.id: for_public(found[SERVED].get(area.id, 0)) for area in known if area.id}
    rates = {
        pk: None if many is None else figures.per_thousand(many, found[RESIDENTS].get(pk, 0))
        for pk, many in told.items()
    }
    most = max((rate for rate in rates.values() if rate), default=0) or 1
    bars = []
    for area in known:
        assert area.id is not None, "divisions have an id"
        rate, feed = rates[area.id], feeds.get(area.id)
        held = feed.held_until_on - ONE_DAY if feed and feed.held_until_on else None
        late = feed is not None and is_late(feed, on=today)
        url = figure_url(SERVED, period=year.text, place=area.id) if leads else ""
        bars.append(Bar(area.name, rate, round(100 * (rate or 0) / most), held, late, url))
    return bars


def _pages(bars: Sequence[Bar]) -> list[Sequence[Bar]]:
    """Cut the rows into pages of nearly the same length."""
    count = -(-len(bars) // ROWS)
    length = -(-len(bars) // count) if count else 0
    return [bars[length * number : length * (number + 1)] for number in range(count)]


def _lines(districts: Sequence[District], today: date) -> list[str]:
    """Say what is late, and how far the others' figures are held."""
    late = [one.feed for one in districts if is_late(one.feed, on=today)]
    fresh = [one.feed.held_until_on for one in districts if one.feed.held_until_on and one.feed not in late]
    lines = []
    if fresh:
        said = {"n": len(fresh), "day": spoken(min(fresh) - ONE_DAY)}
        if len(districts) == 1:
            lines.append(_("Figures up to %(day)s") % said)
        elif late:
            lines.append(_("%(n)d districts: figures up to %(day)s") % said)
        else:
            lines.append(_("All districts: figures up to %(day)s") % said)
    for feed in late:
        if feed.held_until_on:
            said = {"name": feed.name, "day": spoken(feed.held_until_on - ONE_DAY)}
            lines.append(_("%(name)s: figures up to %(day)s, the next have not come yet") % said)
        else:
            lines.append(_("%(name)s: no file yet") % {"name": feed.name})
    return lines
