"""The pages of a province that its bench asks, by what they are called."""

from collections.abc import Mapping
from typing import Any

from django.urls import NoReverseMatch, reverse

from lianxin.insight.catalogue import topics
from lianxin.platform import clock

LAST_YEAR = 2025
PILOT_FLOW = "volunteer_person_times"
DISTINCT = "categories"
FIGURES = (
    ("a figure", "person_times"),
    ("a figure in the pilots", f"pilot_{PILOT_FLOW}"),
    ("a level", "residents"),
    ("a figure of things counted once", DISTINCT),
)


def pages_of(places: Mapping[str, Any], *, since: int) -> dict[str, str]:
    """Give the address of each page that is measured, by what it is called."""
    month, year = f"period={LAST_YEAR}-11", f"period={LAST_YEAR}"
    long = f"period={since}-01-01..{LAST_YEAR}-12-31"
    pages = {
        "overview of the province, a month": f"/district/?{month}",
        "overview of the province, all years": f"/district/?{long}",
        "figures of the province, all years": f"/district/figures/?{long}",
        "a figure of the province, all years": f"/district/figures/person_times/?{long}",
        "a figure of the province, a month": f"/district/figures/person_times/?{month}",
        "a level of the province, all years": f"/district/figures/residents/?{long}",
        "a figure in the pilots of the province, a month": f"/district/figures/pilot_{PILOT_FLOW}/?{month}",
        "a figure in the pilots of the province, all years": f"/district/figures/pilot_{PILOT_FLOW}/?{long}",
        "a figure of the province this year": "/district/figures/person_times/?period=" + str(_this_year()),
        "a division found by name": "/district/divisions/?q=江",
        "files of districts": "/district/feeds/",
    }
    for kind, pk in places.items():
        of = f"of a {kind}, a year" if pk else "of the province, a year"
        where = f"{year}&place={pk}" if pk else year
        pages[f"overview {of}"] = f"/district/?{where}"
        for called, name in FIGURES:
            pages[f"{called} {of}"] = f"/district/figures/{name}/?{where}"
    for chapter in topics():
        pages[f"figures of the province: {chapter.code}"] = f"/district/figures/?{year}&topic={chapter.code}"
    for name in ("pillars", "pilots", "fairness", "wall"):
        try:
            address = reverse(f"district:{name}")
        except NoReverseMatch:
            continue
        pages[f"{name} of the province, a year"] = f"{address}?{year}"
        pages[f"{name} of a district, a year"] = f"{address}?{year}&place={places['district']}"
    return pages


def _this_year() -> int:
    return clock.local_day(clock.now()).year
