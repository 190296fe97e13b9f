"""The districts of a city or province with what lies above each, for choices and comparisons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery, UUIDField

from lianxin.domain.places.models import Division, Level
from lianxin.domain.places.queries.divisions import list_divisions
from lianxin.domain.reporting.models import DistrictFeed
from lianxin.domain.reporting.queries.feeds import LATE_AFTER


@dataclass(frozen=True, slots=True)
class District:
    """A district whose files are taken, the city in which it lies, and the day before which its figures are held."""

    feed: DistrictFeed
    city: UUID | None
    city_name: str

    @property
    def id(self) -> UUID:
        """Give the district's division."""
        return self.feed.district_id

    def lacks(self, *, until_on: date, today: date) -> bool:
        """Tell whether figures before a day are missing that should have come by today."""
        held = self.feed.held_until_on
        return held is None or held < min(until_on, today - LATE_AFTER)


def list_districts() -> list[District]:
    """Give the districts whose files are taken, in the order of their codes; one query."""
    own = Division.objects.filter(pk=OuterRef("district_id"))
    found = DistrictFeed.objects.annotate(
        city=Subquery(own.values("parent")[:1], output_field=UUIDField()),
        city_name=Subquery(own.values("parent__short_name")[:1]),
    )
    return [District(feed, feed.city, feed.city_name or "") for feed in found]


def communities_in(place: UUID) -> QuerySet[Division]:
    """Give today's communities of a district or a subdistrict in the order of their codes, with what is above each."""
    above = Division.objects.filter(Q(pk=place) | Q(parent=place, level=Level.SUBDISTRICT)).order_by()
    return list_divisions(level=Level.COMMUNITY).filter(parent__in=above.values("pk"))
