"""Whose figures this city or province holds, how far, and proofs that they are what the districts said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q, Sum
from django.db.models.functions import TruncMonth

from lianxin.domain.places.models import Division, Level
from lianxin.domain.places.queries.divisions import find_district
from lianxin.domain.places.rules.divisions import is_code
from lianxin.domain.reporting.models import DistrictFeed, FeedFile
from lianxin.platform import tallies
from lianxin.platform.errors import Missing
from lianxin.platform.models import ALL_CATEGORIES, Rollup, Tally

DISTRICT_LEVEL = "district"
LATE_AFTER = timedelta(days=2)


def is_upper() -> bool:
    """Tell whether this instance serves a city or a province, which hold imported figures and no records."""
    return bool(settings.LEVEL != DISTRICT_LEVEL)


def find_top() -> Division:
    """Give the division that this instance serves; raises Missing before it is set up."""
    if not is_upper():
        return find_district()
    found = Division.objects.filter(level=settings.LEVEL, ended_on=None).first()
    if found is None:
        raise Missing
    return found


def list_feeds() -> list[DistrictFeed]:
    """Give the districts whose files are taken, in the order of their codes."""
    return list(DistrictFeed.objects.all())


def find_feed(district: UUID) -> DistrictFeed | None:
    """Give the feed of a district, or None."""
    return DistrictFeed.objects.filter(district_id=district).first()


def feed_of(division: Division) -> DistrictFeed | None:
    """Give the feed that a district, a subdistrict or a community belongs to; None for what lies above."""
    one: Division | None = division
    while one is not None and one.level in (Level.COMMUNITY, Level.SUBDISTRICT):
        one = one.parent
    return find_feed(one.pk) if one is not None and one.level == Level.DISTRICT else None


def is_late(feed: DistrictFeed, *, on: date) -> bool:
    """Tell whether a district's last figures are older than the file of two days ago would be."""
    return feed.held_until_on is None or feed.held_until_on < on - LATE_AFTER


def list_last_files(*, feed: UUID | None = None, limit: int = 50) -> list[FeedFile]:
    """Give the files that were taken in last, of one feed or of all."""
    found = FeedFile.objects.select_related("feed").order_by("-made_at", "-pk")
    return list((found.filter(feed=feed) if feed else found)[:limit])


def find_divisions(text: str, *, limit: int = 50) -> list[Division]:
    """Give today's divisions whose name or code holds a text, the upper ones and those that begin so first."""
    asked = "".join(text.split())
    if not asked:
        return []
    found = Division.objects.filter(ended_on=None).select_related("parent__parent")
    if asked.isascii() and asked.isdigit():
        return list(found.filter(code__startswith=asked).order_by("code")[:limit])
    rows = list(found.filter(Q(official_name__contains=asked) | Q(short_name__contains=asked)).order_by("code")[:limit])
    return sorted(rows, key=lambda row: (not row.short_name.startswith(asked), row.code))


def find_with_places_above(place: str) -> Division | None:
    """Give the division of an id or of today's code with the two above it, or None; one query."""
    found = Division.objects.select_related("parent__parent")
    if is_code(place):
        return found.filter(code=place, ended_on=None).first()
    try:
        return found.filter(pk=UUID(place)).first()
    except ValueError:
        return None


def districts_with_place(ids: Iterable[UUID]) -> list[Division]:
    """Give districts with what lies above each, in the order of their codes."""
    return list(Division.objects.filter(pk__in=list(ids)).select_related("parent").order_by("code"))


def communities_of(district: UUID) -> frozenset[UUID]:
    """Give every community that a district has or had."""
    below = Division.objects.filter(level=Level.COMMUNITY)
    offices = Division.objects.filter(parent=district).values("pk")
    return frozenset(below.filter(parent=district).values_list("pk", flat=True)) | frozenset(
        below.filter(parent__in=offices).values_list("pk", flat=True)
    )


def check_files() -> Iterator[str]:
    """Prove that what is held of each district's last days is what its last file said, measure by measure."""
    for feed in list_feeds():
        for file in feed.files.filter(state=FeedFile.State.COMING):
            yield f"file {file.number} of {feed.name} was begun and not taken in to its end: import it again"
        last = feed.files.filter(state=FeedFile.State.HELD).order_by("-made_at").first()
        if last is None:
            continue
        held = dict(
            Rollup.objects.filter(
                span=tallies.DAY,
                area_id=feed.district_id,
                category=ALL_CATEGORIES,
                starts_on__gte=last.since_on,
                starts_on__lt=last.until_on,
            )
            .order_by()
            .values("measure")
            .annotate(total=Sum("quantity"))
            .values_list("measure", "total")
        )
        for measure in sorted(held.keys() | last.sums.keys()):
            told, here = last.sums.get(measure, 0), held.get(measure, 0)
            if told != here:
                yield (
                    f"{measure} of {feed.name} from {last.since_on} until {last.until_on}: "
                    f"file {last.number} says {told}, here it is {here}"
                )


def check_district_rollups() -> Iterator[str]:
    """Prove that the roll-ups of each district are the sums of its communities' tallies, month by month."""
    for feed in list_feeds():
        tallied = {
            (measure, month): total
            for measure, month, total in Tally.objects.filter(community_id__among=communities_of(feed.district_id))
            .order_by()
            .annotate(month=TruncMonth("day_on"))
            .values("measure", "month")
            .annotate(total=Sum("quantity"))
            .values_list("measure", "month", "total")
        }
        rolled = {
            (measure, month): total
            for measure, month, total in Rollup.objects.filter(
                span=tallies.MONTH, area_id=feed.district_id, category=ALL_CATEGORIES
            )
            .order_by()
            .values_list("measure", "starts_on", "quantity")
        }
        for measure, month in sorted(tallied.keys() | rolled.keys()):
            one, other = tallied.get((measure, month), 0), rolled.get((measure, month), 0)
            if one != other:
                yield f"{measure} of {feed.name} in {month:%Y-%m}: its communities say {one}, its roll-up says {other}"
