"""Which days a known figure is asked for: a code that moves with the rounds of a request, or a fixed period."""

import re
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

MOVING: tuple[tuple[str, Any], ...] = (
    ("last_month", pgettext_lazy("period", "the month before it is asked")),
    ("last_quarter", pgettext_lazy("period", "the quarter before it is asked")),
    ("last_year", pgettext_lazy("period", "the year before it is asked")),
    ("this_year", pgettext_lazy("period", "the year in which it is asked, so far")),
)
EARLIEST_YEAR = 2000
_FIXED = re.compile(r"([0-9]{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?")


def resolve(period: str, *, on: date) -> str:
    """Give the fixed period (2024, 2024-Q3, 2024-07) that a code stands for on the day on which it is asked."""
    first = on.replace(day=1)
    if period == "last_month":
        before = first - timedelta(days=1)
        return f"{before:%Y-%m}"
    if period == "last_quarter":
        quarter = (on.month - 1) // 3
        return f"{on.year}-Q{quarter}" if quarter else f"{on.year - 1}-Q4"
    if period == "last_year":
        return str(on.year - 1)
    return str(on.year) if period == "this_year" else period


def problem_with(period: str, *, on: date) -> str:
    """Say what is wrong with a period, or nothing."""
    if period in dict(MOVING):
        return ""
    found = _FIXED.fullmatch(period)
    if found is None:
        return _("“%(text)s” is no period: write a year, a quarter as 2024-Q3 or a month as 2024-07.") % {
            "text": period[:20]
        }
    month = int(found[3]) if found[3] else int(found[2]) * 3 - 2 if found[2] else 1
    if int(found[1]) < EARLIEST_YEAR or date(int(found[1]), month, 1) > on:
        return _("Nothing is known of %(text)s: choose a period between %(year)d and today.") % {
            "text": period,
            "year": EARLIEST_YEAR,
        }
    return ""


def choices(*, on: date) -> list[tuple[str, Any]]:
    """Give periods to choose from: the moving ones, then the last twelve months, four quarters and three years."""
    months, first = [], on.replace(day=1)
    for _back in range(12):
        first = (first - timedelta(days=1)).replace(day=1)
        months.append(f"{first:%Y-%m}")
    quarters, at = [], on
    for _back in range(4):
        text = resolve("last_quarter", on=at)
        quarters.append(text)
        at = date(int(text[:4]), int(text[-1]) * 3 - 2, 1)
    years = [str(on.year - back) for back in range(3)]
    return [*MOVING, *((text, text) for text in (*months, *quarters, *years))]


def words(period: str) -> Any:
    """Say which days are meant."""
    return dict(MOVING).get(period, period)
