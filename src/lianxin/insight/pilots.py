"""Pilot communities beside the others: rates per 1,000 residents, and what changed around the day they began.

The comparison is a difference in differences: how much the pilots' rate changed from the months before they began to
the months after, less how much that of the other communities changed over the same months. Pilots were chosen, not
drawn, and they are few: it is a hint and no proof.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from lianxin.domain.places.models import BatchMember
from lianxin.platform import scope, tallies

MEASURES = (
    "person_times",
    "occurrences_held",
    "volunteer_person_times",
    "volunteer_occurrences",
    "cases_confirmed",
    "answers_given",
)
MONTHS, FEWEST_MONTHS = 6, 2
# Below so many of a thing on any side, a change is not told: a single event would make it.
FEWEST = 20
PER = 1_000


@dataclass(frozen=True, slots=True)
class Group:
    """Communities that began in the same month, or that never did, with their residents."""

    communities: frozenset[UUID]
    residents: int

    def rate(self, quantity: float) -> float | None:
        """Give a quantity per 1,000 residents."""
        return PER * quantity / self.residents if self.residents else None


@dataclass(frozen=True, slots=True)
class Beside:
    """One measure of a period: quantities and rates of the pilots and of the others."""

    measure: str
    pilots: int
    others: int
    pilots_rate: float | None
    others_rate: float | None

    @property
    def is_small(self) -> bool:
        """Tell whether a side is so small that the rates say little."""
        return min(self.pilots, self.others) < FEWEST

    @property
    def ratio(self) -> float | None:
        """Give how many times the others' rate the pilots have."""
        if not self.others_rate or self.pilots_rate is None:
            return None
        return self.pilots_rate / self.others_rate


@dataclass(frozen=True, slots=True)
class Effect:
    """Rates a month of one measure, before and after a batch began, and those of the others in the same months."""

    measure: str
    before: float
    after: float
    others_before: float
    others_after: float
    largest: int

    @property
    def change(self) -> float:
        """Give how much the pilots' rate changed."""
        return self.after - self.before

    @property
    def others_change(self) -> float:
        """Give how much the others' rate changed."""
        return self.others_after - self.others_before

    @property
    def difference(self) -> float:
        """Give the difference of the two changes."""
        return self.change - self.others_change

    @property
    def is_small(self) -> bool:
        """Tell whether the pilots' counts are too small to tell a change from chance."""
        return self.largest < FEWEST


@dataclass(frozen=True, slots=True)
class BatchEffect:
    """What changed around the month in which the communities of a batch began."""

    number: int
    began_on: date
    group: Group
    months: int
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class Pilots:
    """Who is a pilot: ids by batch number with the first day, all of them, and the communities that never were one."""

    batches: tuple[tuple[int, date, frozenset[UUID]], ...]
    pilots: frozenset[UUID]
    others: frozenset[UUID]


def find_pilots(*, communities: Collection[UUID], on: date) -> Pilots:
    """Tell of some communities which are pilots on a day, by batch, and which never were one; one query."""
    wanted = frozenset(communities)
    batches: dict[tuple[int, date], set[UUID]] = {}
    ever, now = set(), set()
    with scope.everything():
        rows = BatchMember.objects.filter(batch__is_pilot=True, joined_on__lte=on).order_by()
        values = rows.values_list("community", "batch__number", "batch__starts_on", "joined_on", "left_on")
        for community, number, starts_on, joined_on, left_on in values:
            if community not in wanted or left_on == joined_on:
                continue
            ever.add(community)
            if left_on is None or left_on > on:
                now.add(community)
                batches.setdefault((number, starts_on), set()).add(community)
    ordered = tuple((number, day, frozenset(ids)) for (number, day), ids in sorted(batches.items()))
    return Pilots(ordered, frozenset(now), wanted - frozenset(ever))


def group_of(communities: Collection[UUID], people: Mapping[UUID, int]) -> Group:
    """Give a group with its residents."""
    return Group(frozenset(communities), sum(people.get(one, 0) for one in communities))


def compare(
    found: Pilots, people: Mapping[UUID, int], *, from_on: date, until_on: date, measures: Collection[str] = MEASURES
) -> list[Beside]:
    """Set the pilots beside the others over days [from_on, until_on); one query."""
    asked = tallies.Sums(measures=tuple(measures), from_on=from_on, until_on=until_on)
    sums = tallies.read(asked, by=("community",))
    pilots, others = group_of(found.pilots, people), group_of(found.others, people)
    rows = []
    for measure in measures:
        mine, theirs = (sum(sums.get((measure, one), 0) for one in group.communities) for group in (pilots, others))
        rows.append(Beside(measure, mine, theirs, pilots.rate(mine), others.rate(theirs)))
    return rows


def find_effects(
    found: Pilots, people: Mapping[UUID, int], *, on: date, measures: Collection[str] = MEASURES
) -> list[BatchEffect]:
    """Tell of each batch what changed around the month in which it began; one query however many batches there are.

    As many whole months are taken before as after, six at most; the month of the beginning belongs to neither side, nor
    do months in which nothing at all was counted anywhere yet.
    """
    spans = {number: months_around(day, on) for number, day, _ids in found.batches}
    usable = [months for months in spans.values() if len(months[0]) >= FEWEST_MONTHS]
    if not usable:
        return []
    first = min(before[0] for before, _after in usable)
    until = max(tallies.next_month(after[-1]) for _before, after in usable)
    asked = tallies.Sums(measures=tuple(measures), from_on=first, until_on=until)
    sums = tallies.read(asked, by=("month", "community"))
    counted_from = min((month for _measure, month, _community in sums), default=until)
    batches = [(number, day, group_of(ids, people)) for number, day, ids in found.batches]
    others = group_of(found.others, people)
    return effects_of(batches, others, sums, on=on, counted_from=counted_from, measures=measures)


def effects_of(
    batches: Collection[tuple[int, date, Group]],
    others: Group,
    sums: Mapping[tuple[object, ...], int],
    *,
    on: date,
    counted_from: date,
    measures: Collection[str] = MEASURES,
) -> list[BatchEffect]:
    """Tell of each batch what changed, from sums by measure, month and member of a group."""
    rows = []
    for number, day, group in batches:
        around = months_around(day, on)
        before = [month for month in around[0] if month >= counted_from]
        after = around[1][: len(before)]
        if len(before) < FEWEST_MONTHS or not group.residents or not others.residents:
            continue
        effects = tuple(_effect(measure, sums, group, others, before, after) for measure in measures)
        rows.append(BatchEffect(number, day, group, len(before), effects))
    return rows


def read_months(
    found: Pilots, people: Mapping[UUID, int], *, measure: str, months: Collection[tuple[date, date]]
) -> list[tuple[float | None, float | None]]:
    """Give one measure per 1,000 residents of the pilots and of the others in stretches of whole months; one query."""
    ordered = sorted(months)
    asked = tallies.Sums(measures=(measure,), from_on=ordered[0][0], until_on=ordered[-1][1])
    sums = tallies.read(asked, by=("month", "community"))
    groups = (group_of(found.pilots, people), group_of(found.others, people))

    def total(group: Group, first: date, until: date) -> int:
        return sum(n for (_name, month, one), n in sums.items() if first <= month < until and one in group.communities)

    return [(groups[0].rate(total(groups[0], *one)), groups[1].rate(total(groups[1], *one))) for one in ordered]


def months_around(began_on: date, on: date) -> tuple[list[date], list[date]]:
    """Give the whole months before and after the one in which something began, as many on each side, in order."""
    after: list[date] = []
    before: list[date] = []
    at = tallies.next_month(began_on)
    while len(after) < MONTHS and tallies.next_month(at) <= on:
        after.append(at)
        at = tallies.next_month(at)
    at = tallies.month_of(began_on)
    for _month in after:
        at = tallies.month_of(at - tallies.ONE_DAY)
        before.append(at)
    return before[::-1], after


def _effect(
    measure: str,
    sums: Mapping[tuple[object, ...], int],
    group: Group,
    others: Group,
    before: list[date],
    after: list[date],
) -> Effect:
    def total(months: list[date], who: Group) -> int:
        return sum(sums.get((measure, month, one), 0) for month in months for one in who.communities)

    counts = [total(months, who) for who in (group, others) for months in (before, after)]
    rates = [
        PER * count / (who.residents * len(before))
        for count, who in zip(counts, (group, group, others, others), strict=True)
    ]
    return Effect(measure, rates[0], rates[1], rates[2], rates[3], max(counts[0], counts[1]))
