"""The place that a page of figures is about: in a district a subdistrict, in a city or province a district.

The same pages serve both. A district's office chooses among subdistricts and compares communities; a city chooses among
districts and compares them, or the communities of the one it chose, whose numbers open at the district.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from lianxin.domain.places.models import Division, Level
from lianxin.domain.reporting.queries.feeds import find_top, find_with_places_above, is_upper
from lianxin.domain.reporting.queries.feeds_above import District, communities_in, list_districts
from lianxin.faces.district.places_in_scope import area_name, asked_subdistrict, communities_of, subdistricts_of
from lianxin.faces.district.upper_links import ABOVE_DISTRICTS, Part
from lianxin.insight.areas import MINE, Area, communities_below, find_area
from lianxin.insight.periods import ONE_DAY, Period
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing

# Words with their values, or groups of them under a name.
Grouped = list[tuple[str, Any]]


@dataclass(frozen=True)
class Chosen:
    """What a page sums up, what it is called, and what may be chosen instead."""

    area: Area
    name: str
    choices: Grouped
    # The part that was chosen, as addresses name it; nothing for all that an office sees.
    place: UUID | None = None
    # A district's own: every community in the reader's scope.
    communities: tuple[Division, ...] = ()
    # A city's own: the districts in the area, or the one in which it lies.
    districts: tuple[District, ...] = ()
    is_upper: bool = False

    def last_held(self, *, today: date) -> date:
        """Give the last day of which figures are here: today, or what the districts of a city have handed up."""
        held = [one.feed.held_until_on for one in self.districts if one.feed.held_until_on]
        return min(today, max(held) - ONE_DAY) if held else today

    def lacking(self, *, period: Period, today: date) -> list[District]:
        """Give the districts whose figures of a period are not all here."""
        return [one for one in self.districts if one.lacks(until_on=period.until_on, today=today)]

    def parts(self) -> list[Part]:
        """Give what a city sets side by side: districts, or the communities of a district; at most one query."""
        if self.area.communities is None or self.area.kind in ABOVE_DISTRICTS:
            return [_district(one) for one in self.districts]
        feed = self.districts[0].feed if self.districts else None
        if self.area.is_community or self.area.id is None:
            return [Part(self.area, "", feed)]
        return [
            Part(
                Area(row.level, row.pk, row.short_name, row.code, frozenset({row.pk}), row.parent_id), _above(row), feed
            )
            for row in communities_in(self.area.id)
        ]

    @property
    def compares_districts(self) -> bool:
        """Tell whether its parts are districts."""
        return self.is_upper and (self.area.communities is None or self.area.kind in ABOVE_DISTRICTS)


def choose_area(request: HttpRequest, *, on: date) -> Chosen:
    """Give the place that the address asks for: all that the reader sees unasked; raises Missing."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if is_upper():
        return _of_districts(request.GET.get("place", "").strip(), actor, on)
    communities = communities_of(actor)
    choices = subdistricts_of(communities)
    subdistrict = asked_subdistrict(request, choices)
    ids = actor.communities
    if subdistrict is not None:
        ids = frozenset(one.pk for one in communities if one.parent_id == subdistrict)
    area = Area(MINE, None, "", "", ids)
    return Chosen(area, area_name(actor, communities), list(choices), subdistrict, tuple(communities))


def whole_city() -> Chosen:
    """Give all that a city or province holds; two queries."""
    districts = list_districts()
    top = find_top()
    area = Area(top.level, top.pk, top.short_name, top.code, None)
    return Chosen(area, area.name, _choices(districts), None, (), tuple(districts), is_upper=True)


def one_district(district: UUID, *, on: date) -> Chosen:
    """Give one of a city's districts; two queries."""
    return _of_districts(str(district), Actor.system(via="web"), on)


def _of_districts(asked: str, actor: Actor, on: date) -> Chosen:
    if actor.communities is not None:
        raise Missing
    if not asked:
        return whole_city()
    districts = list_districts()
    row = find_with_places_above(asked)
    if row is None:
        row = find_with_places_above(str(find_area(asked, actor=actor, on=on).id))
    if row is None:
        raise Missing
    if row.level in ABOVE_DISTRICTS:
        if row.level == settings.LEVEL:
            return whole_city()
        held = tuple(one for one in districts if one.city == row.pk)
        summed = frozenset(one.id for one in held)
    else:
        held = tuple(one for one in districts if one.id == _district_of(row))
        summed = frozenset({row.pk})
        if row.level == Level.SUBDISTRICT:
            summed = communities_below([row.pk], on=on)
    area = Area(row.level, row.pk, row.short_name, row.code, summed, parent=row.parent_id)
    choices = _choices(districts)
    if not _is_offered(str(row.pk), choices):
        choices.append((str(row.pk), row.short_name))
    return Chosen(area, area.name, choices, row.pk, (), held, is_upper=True)


def _district_of(row: Division) -> UUID | None:
    one: Division | None = row
    while one is not None and one.level != Level.DISTRICT:
        one = one.parent
    return one.pk if one else None


def _choices(districts: list[District]) -> Grouped:
    """Give the districts to choose from, those of a province under their cities, each of which may be chosen too."""
    found: Grouped = [("", _("All"))]
    cities = {one.city for one in districts}
    for (city, name), some in groupby(districts, key=lambda one: (one.city, one.city_name)):
        words = [(str(one.id), one.feed.name) for one in some]
        if len(cities) == 1 or city is None:
            found += words
        else:
            found.append((name, [(str(city), _("All of %(place)s") % {"place": name}), *words]))
    return found


def _is_offered(value: str, choices: Grouped) -> bool:
    return any(one == value or (isinstance(words, list) and value in dict(words)) for one, words in choices)


def _district(one: District) -> Part:
    area = Area(Level.DISTRICT, one.id, one.feed.name, one.feed.code, frozenset({one.id}), parent=one.city)
    return Part(area, one.city_name, one.feed)


def _above(row: Division) -> str:
    return row.parent.short_name if row.parent else ""
