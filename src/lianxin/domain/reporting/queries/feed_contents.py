"""What a district hands up: its divisions, the sums of whole days, and the days that a correction touched."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Min, Sum

from lianxin.domain.places.models import Division, DivisionCode, DivisionName, DivisionParent, Level
from lianxin.domain.places.queries.divisions import find_district
from lianxin.domain.reporting.models import FeedExport
from lianxin.domain.reporting.rules.feed_format import DaySums, Place
from lianxin.platform import contributions, tallies
from lianxin.platform.clock import local_moment
from lianxin.platform.models import Fact, FactPending, Tally

DAYS_AT_ONCE = 31
ORDER = {level: number for number, level in enumerate((Level.DISTRICT, Level.SUBDISTRICT, Level.COMMUNITY))}

Touched = dict[date, dict[str, set[UUID]]]


def flows() -> tuple[str, ...]:
    """Give the names of the measures that are kept as sums by day and are not made of others, in alphabetical order."""
    return tuple(sorted(one.name for one in contributions.every("measures") if one.kind == "flow" and not one.of))


def last_export() -> FeedExport | None:
    """Give the last file that this district made, if any."""
    return FeedExport.objects.order_by("-number").first()


def first_day() -> date | None:
    """Give the first day of which anything was counted, or None."""
    days = [
        Tally.objects.aggregate(day=Min("day_on"))["day"],
        Fact.objects.filter(pk__in=FactPending.objects.values("fact_id")).aggregate(day=Min("occurred_on"))["day"],
    ]
    return min((day for day in days if day), default=None)


def places() -> tuple[list[Place], tuple[tuple[str, str, str], ...]]:
    """Give the district with all divisions it ever had, upper ones first, and (level, code, name) of what is above."""
    district = find_district()
    names: dict[UUID, list] = defaultdict(list)
    codes: dict[UUID, list] = defaultdict(list)
    parents: dict[UUID, list] = defaultdict(list)
    for pk, *name in _dated(DivisionName, "kind", "name"):
        names[pk].append(tuple(name))
    for pk, *code in _dated(DivisionCode, "code"):
        codes[pk].append(tuple(code))
    for pk, *parent in _dated(DivisionParent, "parent"):
        parents[pk].append(tuple(parent))
    found = [
        one for one in Division.objects.filter(level__in=list(ORDER)) if one.level != Level.DISTRICT or one == district
    ]
    found.sort(key=lambda one: (ORDER[Level(one.level)], one.code, one.pk))
    numbers = {one.pk: number for number, one in enumerate(found)}
    listed = [
        Place(
            number=numbers[one.pk],
            id=one.pk,
            level=one.level,
            committee=one.committee,
            created_on=one.created_on,
            ended_on=one.ended_on,
            names=tuple(names[one.pk]),
            codes=tuple(codes[one.pk]),
            parents=tuple((numbers[parent], *span) for parent, *span in parents[one.pk] if parent in numbers),
        )
        for one in found
    ]
    return listed, tuple(reversed(_above(district)))


def _dated(model: type, *fields: str) -> Iterator[tuple]:
    found = model.objects.order_by("division", "valid_from", *fields)  # type: ignore[attr-defined]
    return found.values_list("division", *fields, "valid_from", "valid_until").iterator()


def _above(district: Division) -> list[tuple[str, str, str]]:
    above, one = [], district.parent
    while one is not None:
        above.append((str(one.level), one.code, one.official_name))
        one = one.parent
    return above


def touched_before(since_on: date, *, recorded_from: datetime | None = None) -> Touched:
    """Give what facts recorded from a day on changed on days before it: day, measure, communities."""
    found: Touched = defaultdict(lambda: defaultdict(set))
    rows = Fact.objects.filter(occurred_on__lt=since_on, recorded_at__gte=recorded_from or local_moment(since_on))
    for measure, day, community in rows.order_by().values_list("measure", "occurred_on", "community_id").distinct():
        found[day][measure].add(community)
    return found


def day_sums(*, since_on: date, until_on: date, numbers: dict[UUID, int]) -> Iterator[DaySums]:
    """Give all sums of days [since, until), and those of earlier days that were touched since, in the order of days.

    Of an earlier day the measures and communities that were touched come whole; a sum that is nothing now is a zero.
    """
    touched = touched_before(since_on)
    for day in sorted(day for day in touched if day < since_on):
        sums = _sums(day, day + tallies.ONE_DAY, measures=tuple(sorted(touched[day])))[day]
        for measure in sorted(touched[day]):
            rows = []
            for community in touched[day][measure]:
                by_category = sums.get(measure, {}).get(community) or {"": 0}
                rows += [(numbers[community], name, many) for name, many in by_category.items() if community in numbers]
            if rows:
                yield DaySums(day, measure, tuple(sorted(rows)))
    names = flows()
    start = since_on
    while start < until_on:
        end = min(start + timedelta(days=DAYS_AT_ONCE), until_on)
        by_day = _sums(start, end, measures=names)
        for day in sorted(by_day):
            for measure in sorted(by_day[day]):
                rows = [
                    (numbers[community], name, many)
                    for community, by_category in by_day[day][measure].items()
                    for name, many in by_category.items()
                    if many and community in numbers
                ]
                if rows:
                    yield DaySums(day, measure, tuple(sorted(rows)))
        start = end


Sums = dict[date, dict[str, dict[UUID, dict[str, int]]]]


def _sums(from_on: date, until_on: date, *, measures: tuple[str, ...]) -> Sums:
    """Give sums by day, measure, community and category, current to the last commit, venues added together."""
    found: Sums = defaultdict(lambda: defaultdict(lambda: defaultdict(lambda: defaultdict(int))))
    names = ("measure", "community_id", "category")
    held = Tally.objects.filter(measure__in=measures, day_on__gte=from_on, day_on__lt=until_on)
    pending = Fact.objects.filter(
        measure__in=measures,
        occurred_on__gte=from_on,
        occurred_on__lt=until_on,
        pk__in=FactPending.objects.values("fact_id"),
    )
    for rows, day in ((held, "day_on"), (pending, "occurred_on")):
        summed = rows.order_by().values(day, *names).annotate(total=Sum("quantity"))
        for on, measure, community, category, total in summed.values_list(day, *names, "total"):
            found[on][measure][community][category] += int(total)
    return found
