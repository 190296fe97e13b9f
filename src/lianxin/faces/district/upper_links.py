"""What a city or province shows of its parts, and the addresses at which the districts themselves open a figure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from lianxin.domain.places.models import Level
from lianxin.domain.reporting.models import DistrictFeed
from lianxin.domain.reporting.queries.feeds import (
    districts_with_place,
    feed_of,
    find_with_places_above,
    list_feeds,
)
from lianxin.insight import periods
from lianxin.insight.areas import Area, children, communities_below, find_area, whole
from lianxin.insight.periods import Period
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing

MONTHS, YEARS = 13, 5


@dataclass(frozen=True)
class Part:
    """A district, subdistrict or community beside the others, with what lies above it and its feed."""

    area: Area
    above: str = ""
    feed: DistrictFeed | None = None


def at_district(feed: DistrictFeed | None, *, figure: str, period: Period, code: str) -> str:
    """Give the address at which a district opens a figure of one of its places; nothing where none is known."""
    if feed is None or not feed.base_url:
        return ""
    return f"{feed.base_url}/district/figures/{figure}/?{urlencode({'period': period.text, 'place': code})}"


@dataclass(frozen=True)
class Asked:
    """The place that a page is about, and the feed of the district in which it lies; none for what lies above."""

    area: Area
    feed: DistrictFeed | None = None

    @property
    def place(self) -> UUID | None:
        """Give what the place is called in addresses; nothing for all that this instance holds."""
        return None if self.area.communities is None else self.area.id


def place_asked(request: HttpRequest, *, on: date) -> Asked:
    """Give the place that the address asks for, by id, code or name: everything unasked; raises Missing."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.communities is not None:
        raise Missing
    asked = request.GET.get("place", "").strip()
    if not asked:
        return Asked(whole(actor, on=on))
    row = find_with_places_above(asked)
    if row is None or row.level in (Level.PROVINCE, Level.CITY):
        area = find_area(asked, actor=actor, on=on)
        row = find_with_places_above(str(area.id))
    if row is None or row.level in (Level.PROVINCE, Level.CITY):
        return Asked(area)
    own = frozenset({row.pk}) if row.level != Level.SUBDISTRICT else communities_below([row.pk], on=on)
    area = Area(row.level, row.pk, row.short_name, row.code, own, parent=row.parent_id)
    return Asked(area, feed_of(row))


def period_asked(request: HttpRequest, *, today: date) -> Period:
    """Give the period that the address asks for: the last whole month unasked; raises BadPeriod."""
    asked = request.GET.get("period", "").strip()
    return periods.read_period(asked, today=today) if asked else periods.month_of(today).before()


class WhenForm(forms.Form):
    """Which period: one of the last months or years, or the one that the address names."""

    period = forms.ChoiceField(label=gettext_lazy("Period"), required=False)
    place = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *, period: Period, place: str, today: date) -> None:
        super().__init__(initial={"period": period.text, "place": place})
        months = [periods.month_of(today)]
        while len(months) < MONTHS:
            months.append(months[-1].before())
        years = [periods.year(today.year - count) for count in range(YEARS)]
        choices = {one.text: one.label for one in (*months, *years)}
        self.fields["period"].choices = list(({period.text: period.label} | choices).items())  # type: ignore[attr-defined]


def parts_of(asked: Asked, *, on: date) -> list[Part]:
    """Give what lies in a place: districts with their feeds, or the parts of one district."""
    area = asked.area
    if area.communities is None:
        return _districts(list_feeds())
    if area.kind in (Level.PROVINCE, Level.CITY):
        return _districts([feed for feed in list_feeds() if feed.district_id in area.communities])
    return [Part(child, "", asked.feed) for child in children(area, on=on)]


def _districts(feeds: list[DistrictFeed]) -> list[Part]:
    known = {row.pk: row for row in districts_with_place(feed.district_id for feed in feeds)}
    found = []
    for feed in feeds:
        row = known.get(feed.district_id)
        above = row.parent.short_name if row and row.parent else ""
        area = Area(
            Level.DISTRICT,
            feed.district_id,
            feed.name,
            feed.code,
            frozenset({feed.district_id}),
            parent=row.parent_id if row else None,
        )
        found.append(Part(area, above, feed))
    return found
