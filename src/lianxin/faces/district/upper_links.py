"""What a city or province shows of its parts, and the addresses at which the districts themselves open a figure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from lianxin.domain.places.models import Level
from lianxin.domain.reporting.models import DistrictFeed
from lianxin.domain.reporting.queries.feeds import districts_with_place, find_feed, list_feeds
from lianxin.insight.areas import Area, children
from lianxin.insight.periods import Period

ABOVE_DISTRICTS = (Level.PROVINCE, Level.CITY)


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


def feed_over(area: Area) -> DistrictFeed | None:
    """Give the feed of the district that an area asked for is or lies in; none for what lies above districts."""
    if area.id is not None and area.kind == Level.DISTRICT:
        return find_feed(area.id)
    district = next((one.id for one in area.above if one.kind == Level.DISTRICT), None)
    return find_feed(district) if district else None


def parts_of(area: Area, *, feed: DistrictFeed | None, on: date) -> list[Part]:
    """Give what lies in an area: districts with their feeds, or the parts of one district; a community is its own."""
    if area.communities is None:
        return _districts(list_feeds())
    if area.kind in ABOVE_DISTRICTS:
        return _districts([one for one in list_feeds() if one.district_id in area.communities])
    if area.is_community:
        return [Part(area, feed=feed)]
    return [Part(child, feed=feed) for child in children(area, on=on)]


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
