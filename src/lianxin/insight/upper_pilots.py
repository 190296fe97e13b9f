"""Pilots beside the others at a city or province, which knows of a pilot only what its district read off.

A community is a pilot where its last reading says so, and it began in the month of the first such reading; where that
is the very first one, nobody here knows when. All others stand beside them, those that once were a pilot too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.db.models import Case, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, UUIDField, Value, When, Window
from django.db.models.functions import RowNumber

from lianxin.domain.places.models import Division, Level
from lianxin.domain.reporting.models import LevelReading
from lianxin.insight import levels, periods, pilots
from lianxin.insight.periods import Period
from lianxin.insight.pilots import BatchEffect, Beside, Group
from lianxin.insight.residents import RESIDENTS
from lianxin.platform import tallies
from lianxin.platform.models import ALL_CATEGORIES, EVERYTHING, Rollup

PILOTS = levels.PILOTS
MEASURES = pilots.MEASURES
# Above so many pilots, what is read of each of them, and month by month, is for a single city or district.
MANY = 800
MOST_BATCHES = 4
DAY = LevelReading.Span.DAY
Days = tuple[date, date]
Sums = dict[tuple[str, UUID], int]


@dataclass(frozen=True, slots=True)
class Pilot:
    """A pilot community as its district read it off last."""

    id: UUID
    district: UUID
    residents: int


@dataclass(frozen=True, slots=True)
class Detail:
    """What a pilot is called, and when it began; `began_on` None: it was one before anything was read."""

    name: str
    code: str
    began_on: date | None


@dataclass(frozen=True)
class Found:
    """The pilots of some districts, and the residents of each area that was asked for."""

    pilots: tuple[Pilot, ...]
    residents: Mapping[UUID, int]

    @property
    def ids(self) -> frozenset[UUID]:
        """Give the pilots' communities."""
        return frozenset(one.id for one in self.pilots)

    @property
    def are_many(self) -> bool:
        """Tell whether there are more than can be read one by one."""
        return len(self.pilots) > MANY


def find_pilots(
    *, districts: Collection[UUID], until_on: date, within: UUID | None = None, also: Collection[UUID] = ()
) -> Found:
    """Give the communities of some districts that were pilots when last read before a day; two queries.

    `within` narrows them to one division, `also` are areas whose residents are wanted besides those of the districts.
    """
    rows = LevelReading.objects.filter(
        measure__in=(PILOTS, RESIDENTS),
        span=DAY,
        read_on__lt=until_on,
        read_on__gte=until_on - levels.STANDS_FOR,
        area_id__in={*districts, *also},
    )
    ranked = rows.annotate(
        turn=Window(RowNumber(), partition_by=[F("measure"), F("area_id")], order_by=F("read_on").desc())
    )
    read_on: dict[UUID, date] = {}
    residents: dict[UUID, int] = {}
    for measure, area, on, value in ranked.filter(turn=1).values_list("measure", "area_id", "read_on", "value"):
        if measure == RESIDENTS:
            residents[area] = value
        elif area in districts:
            read_on[area] = on
    return Found(tuple(_pilots(read_on, within)) if read_on else (), residents)


def _pilots(read_on: Mapping[UUID, date], within: UUID | None) -> list[Pilot]:
    """Give the pilots of each district on the day on which it was read: its communities are read on the same days."""
    above = Case(
        When(parent__level=Level.DISTRICT, then=F("parent")),
        default=F("parent__parent"),
        output_field=UUIDField(),
    )
    own = Division.objects.filter(pk=OuterRef("area_id")).order_by().annotate(above=above)
    people = LevelReading.objects.filter(
        measure=RESIDENTS, span=DAY, area_id=OuterRef("area_id"), read_on=OuterRef("read_on")
    )
    rows = LevelReading.objects.filter(
        measure=PILOTS, span=DAY, read_on__in=set(read_on.values()), value__gt=0, area_id__in=_communities(within)
    )
    found = rows.order_by().annotate(
        district=Subquery(own.values("above")[:1], output_field=UUIDField()),
        residents=Subquery(people.order_by().values("value")[:1]),
    )
    return [
        Pilot(pk, district, many or 0)
        for pk, on, district, many in found.values_list("area_id", "read_on", "district", "residents")
        if read_on.get(district) == on
    ]


def _communities(within: UUID | None) -> Any:
    rows = Division.objects.filter(level=Level.COMMUNITY).order_by()
    if within is not None:
        above = Division.objects.filter(Q(pk=within) | Q(parent=within)).order_by()
        rows = rows.filter(Q(pk=within) | Q(parent__in=above.values("pk")))
    return rows.values("pk")


def read_details(found: Found) -> dict[UUID, Detail]:
    """Give the names of pilots and when they began, in the order of their codes; one query, none of too many."""
    if found.are_many or not found.pilots:
        return {}
    read = LevelReading.objects.filter(measure=PILOTS, span=DAY, area_id=OuterRef("pk")).order_by("read_on")
    rows = Division.objects.filter(pk__among=found.ids).order_by("code")
    dated = rows.annotate(
        seen_on=Subquery(read.values("read_on")[:1]),
        first_on=Subquery(read.filter(value__gt=0).values("read_on")[:1]),
    )
    columns = ("pk", "short_name", "code", "seen_on", "first_on")
    return {
        pk: Detail(name, code, first if first and seen and first > seen else None)
        for pk, name, code, seen, first in dated.values_list(*columns)
    }


@dataclass(frozen=True)
class Compared:
    """The pilots beside the others: over a period, around the months in which they began, and month by month."""

    pilots: Group
    others: Group
    beside: tuple[Beside, ...]
    # The first measure by district, subdistrict or community, and by pilot.
    first: Mapping[UUID, int]
    effects: tuple[BatchEffect, ...] = ()
    # Rates of the pilots and of the others in the months that were asked for.
    months: tuple[tuple[float | None, float | None], ...] = ()


def compare(
    found: Found,
    details: Mapping[UUID, Detail],
    *,
    areas: frozenset[UUID],
    days: Days,
    on: date,
    months: Sequence[date] = (),
    drawn: str = MEASURES[0],
) -> Compared:
    """Set pilots beside all others of some areas over days [from, until), `months` by one measure; four queries.

    Where there are too many pilots the days are those of whole months.
    """
    mine = sum(one.residents for one in found.pilots)
    people = sum(found.residents.get(area, 0) for area in areas)
    in_pilots, others = Group(found.ids, mine), Group(frozenset(), max(0, people - mine))
    every = _by_place(areas, days)
    theirs = _together(every)
    if found.ids <= areas:
        own = {key: total for key, total in every.items() if key[1] in found.ids}
    else:
        own = _of_many(found.ids, days) if found.are_many else _by_place(found.ids, days)
    sums = _together(own)
    beside = []
    for measure in MEASURES:
        few, rest = sums.get(measure, 0), theirs.get(measure, 0) - sums.get(measure, 0)
        beside.append(Beside(measure, few, rest, in_pilots.rate(few), others.rate(rest)))
    first = {area: total for (measure, area), total in (*own.items(), *every.items()) if measure == MEASURES[0]}
    told = Compared(in_pilots, others, tuple(beside), first)
    return told if found.are_many else _by_month(told, found, details, areas, on=on, months=months, drawn=drawn)


def _by_month(
    told: Compared,
    found: Found,
    details: Mapping[UUID, Detail],
    areas: frozenset[UUID],
    *,
    on: date,
    months: Sequence[date],
    drawn: str,
) -> Compared:
    """Add what changed around the months in which pilots began, and the rates of `months`; two queries."""
    batches = _usable(found, details, on)
    wanted = [month for _began, _group, around in batches for month in around] + list(months)
    if not wanted or not found.pilots:
        return told
    first, until = min(wanted), tallies.next_month(max(wanted))
    by_batch = _months_of_batches(found.ids, [group for _began, group, _around in batches], first, until)
    whole = tallies.Sums(measures=MEASURES, from_on=first, until_on=until, areas=areas)
    every = tallies.read(whole, by=("month",))
    own: dict[tuple[str, date], int] = {}
    # The groups stand in for their communities: sums by batch are keyed by it, those of the others by everything.
    sums: dict[tuple[object, ...], int] = {}
    for (measure, month, batch), total in by_batch.items():
        own[measure, month] = own.get((measure, month), 0) + total
        sums[measure, month, _key(batch)] = total
    for (measure, month), total in every.items():
        sums[measure, month, EVERYTHING] = total - own.get((measure, month), 0)
    effects = pilots.effects_of(
        [
            (number, began, Group(frozenset({_key(number)}), group.residents))
            for number, (began, group, _around) in enumerate(batches, start=1)
        ],
        Group(frozenset({EVERYTHING}), told.others.residents),
        sums,
        on=on,
        counted_from=min((month for _measure, month in every), default=until),
    )
    rates = []
    for month in months:
        few = own.get((drawn, month), 0)
        rates.append((told.pilots.rate(few), told.others.rate(every.get((drawn, month), 0) - few)))
    return Compared(told.pilots, told.others, told.beside, told.first, tuple(effects), tuple(rates))


def _by_place(areas: frozenset[UUID], days: Days) -> Sums:
    """Give sums by measure and area; one query."""
    asked = tallies.Sums(measures=MEASURES, from_on=days[0], until_on=days[1], areas=areas)
    return {(measure, area): total for (measure, area), total in tallies.read(asked, by=("community",)).items()}


def whole_months(period: Period) -> Period:
    """Give the whole months in which a period lies: of many pilots no single days are read."""
    first, until = tallies.month_of(period.from_on), tallies.next_month(period.last_on)
    return period if (first, until) == (period.from_on, period.until_on) else periods.days(first, until)


def _of_many(areas: frozenset[UUID], days: Days) -> Sums:
    """Give the first measure of each of many areas over whole months, and the others of all under `EVERYTHING`."""
    years, months, _no_days = tallies.pieces(*days)
    each = When(measure=MEASURES[0], then=F("area_id"))
    place = Case(each, default=Value(EVERYTHING, output_field=UUIDField()), output_field=UUIDField())
    parts = [
        _rollups(areas, span, first, until)
        .annotate(place=place)
        .values("measure", "place")
        .annotate(n=Sum("quantity"))
        .values_list("measure", "place", "n")
        for span, stretches in ((tallies.YEAR, years), (tallies.MONTH, months))
        for first, until in stretches
    ]
    found: Sums = {}
    for measure, area, total in parts[0].union(*parts[1:], all=True):
        found[measure, area] = found.get((measure, area), 0) + int(total)
    return found


def _together(sums: Sums) -> dict[str, int]:
    found: dict[str, int] = {}
    for (measure, _area), total in sums.items():
        found[measure] = found.get(measure, 0) + total
    return found


def _rollups(areas: frozenset[UUID], span: str, first: date, until: date) -> QuerySet[Rollup]:
    return Rollup.objects.filter(
        measure__in=MEASURES,
        span=span,
        category=ALL_CATEGORIES,
        starts_on__gte=first,
        starts_on__lt=until,
        area_id__among=areas,
    ).order_by()


def _usable(found: Found, details: Mapping[UUID, Detail], on: date) -> list[tuple[date, Group, list[date]]]:
    """Give the last batches with two whole months on each side, with these months."""
    began: dict[date, list[Pilot]] = {}
    for one in found.pilots:
        detail = details.get(one.id)
        if detail and detail.began_on:
            began.setdefault(tallies.month_of(detail.began_on), []).append(one)
    usable = []
    for month, some in sorted(began.items()):
        before, after = pilots.months_around(month, on)
        if len(after) >= pilots.FEWEST_MONTHS:
            group = Group(frozenset(one.id for one in some), sum(one.residents for one in some))
            usable.append((month, group, [*before, *after]))
    return usable[-MOST_BATCHES:]


def _months_of_batches(
    ids: frozenset[UUID], batches: Sequence[Group], first: date, until: date
) -> dict[tuple[str, date, int], int]:
    """Give the pilots' sums by measure, month and number of the batch, 0 for all others; one query."""
    batch = Case(
        *(When(area_id__in=group.communities, then=Value(number)) for number, group in enumerate(batches, start=1)),
        default=Value(0),
        output_field=IntegerField(),
    )
    summed = _rollups(ids, tallies.MONTH, first, until).annotate(batch=batch).values("measure", "starts_on", "batch")
    found = summed.annotate(n=Sum("quantity")).values_list("measure", "starts_on", "batch", "n")
    return {(measure, month, number): int(total) for measure, month, number, total in found}


def _key(batch: int) -> UUID:
    """Give a batch a key among the areas of sums."""
    return uuid5(EVERYTHING, str(batch))
