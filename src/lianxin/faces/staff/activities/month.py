"""A month of activities at a glance."""

from __future__ import annotations

from calendar import Calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from lianxin.domain.activities.queries.occurrences import OccurrenceLine, list_month
from lianxin.engines.lunar import festivals_on, lunar_words
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.dates import ENGLISH_DAYS, WEEKDAYS, in_english
from lianxin.platform.clock import local_day, now

from .gate import reading
from .listing import DatesFilter, buttons, tabs

EARLIEST, LATEST = 2000, 2098


@dataclass(frozen=True)
class Day:
    """One day of the month with what is on."""

    on: date
    is_other_month: bool
    is_today: bool
    lunar: str
    lines: list[OccurrenceLine]


def month_of(text: str, today: date) -> date:
    """Read a month (2026-11); anything else is this month."""
    try:
        year, month = map(int, text.split("-"))
        first = date(year, month, 1)
    except ValueError:
        return today.replace(day=1)
    return first if EARLIEST <= year <= LATEST else today.replace(day=1)


def lunar_label(on: date) -> str:
    """Give the festival or the lunar day of a day."""
    found = festivals_on(on)
    if found:
        return _(found[0].name)
    return lunar_words(on)[-2:] if not in_english() else ""


@reading
def show(request: HttpRequest) -> HttpResponse:
    """Show a month: each day with its dates."""
    actor = actor_of(request)
    today = local_day(now())
    first = month_of(request.GET.get("month", ""), today)
    following = (first + timedelta(days=32)).replace(day=1)
    form = DatesFilter(request.GET, actor=actor, with_days=False)
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    which = form.which(from_on=weeks[0][0], until_on=weeks[-1][-1] + timedelta(days=1))
    days = list_month(actor=actor, which=which)
    context: dict[str, Any] = {
        "title": _("Activities"),
        "tabs": tabs("activities_calendar"),
        "tabs_label": _("Ways to look at activities"),
        "form": form,
        "buttons": buttons(actor),
        "month": f"{first:%Y-%m}" if in_english() else f"{first.year}年{first.month}月",
        "before": f"{first - timedelta(days=1):%Y-%m}",
        "after": f"{following:%Y-%m}",
        "weekdays": ENGLISH_DAYS if in_english() else [f"周{day}" for day in WEEKDAYS],
        "weeks": [
            [Day(on, on.month != first.month, on == today, lunar_label(on), days.get(on, [])) for on in week]
            for week in weeks
        ],
    }
    return render(request, "staff/activities/month.html", context)
