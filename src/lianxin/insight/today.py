"""Today in the district: what goes on, what is late and where help is missing; each number is a query of records.

A kind names the rows that it counts, so the number on a page and the list behind it cannot differ.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import CharField, Count, F, QuerySet, Value
from django.db.models.functions import Concat

from lianxin.insight import duty_kinds, today_rows
from lianxin.insight.today_rows import Words
from lianxin.platform import facts
from lianxin.platform.clock import local_day
from lianxin.platform.models import Duty

ON, LATE, MISSING = "on", "late", "missing"
DUTY = "duty:"
ONE_DAY = timedelta(days=1)
# What is told of yesterday and today together.
NEW_FLOWS = (
    "needs_heard",
    "cases_heard",
    "answers_given",
    "cases_confirmed",
    "occurrences_held",
    "person_times",
    "volunteer_person_times",
    "goods_redeemed",
)


@dataclass(frozen=True, slots=True)
class Kind:
    """One thing that is counted today: which rows, which of their fields says when, and how a row is told."""

    code: str
    group: str
    label: Any
    meaning: Any
    rows: Callable[[datetime], QuerySet[Any]]
    moment: str
    words: Callable[[Any], Words]
    # Tables that the words need beside the row itself.
    joins: tuple[str, ...] = ()
    # The field that names what the record's page is about.
    page: str = "pk"


@dataclass(frozen=True, slots=True)
class Record:
    """One record behind a number; the words never hold a resident's name or what somebody said in confidence."""

    id: UUID
    community: UUID
    words: Words
    when: date | datetime
    # What its page is about: a milestone stands on its upgrade's.
    page: UUID


@dataclass(frozen=True, slots=True)
class Today:
    """Counts of each kind by community, and late duties by group of kinds."""

    by_kind: dict[str, Counter[UUID]]
    late_duties: Counter[str]

    def total(self, code: str) -> int:
        """Give the count of a kind over all communities in scope."""
        return self.by_kind[code].total()


KINDS: tuple[Kind, ...] = tuple(Kind(*row) for row in today_rows.KINDS)


def find_kind(code: str) -> Kind | None:
    """Give a kind by its code."""
    return next((kind for kind in KINDS if kind.code == code), None)


def count_today(*, at: datetime) -> Today:
    """Count what goes on, what is late and what is missing in scope; one query, however many communities."""
    by_kind: dict[str, Counter[UUID]] = {kind.code: Counter() for kind in KINDS}
    late: Counter[str] = Counter()
    counted = _counted(_late_duties(at), Concat(Value(DUTY), F("kind"), output_field=CharField()), "community_id")
    kinds = (_counted(kind.rows(at), Value(kind.code, output_field=CharField()), "community") for kind in KINDS)
    for code, community, number in counted.union(*kinds, all=True):
        if code.startswith(DUTY):
            late[duty_kinds.group_of(code.removeprefix(DUTY))] += number
        else:
            by_kind[code][community] += number
    return Today(by_kind, late)


def _counted(rows: QuerySet[Any], code: Any, community: str) -> QuerySet[Any]:
    counted = rows.order_by().annotate(counted=code, home=F(community)).values("counted", "home")
    return counted.annotate(n=Count("pk")).values_list("counted", "home", "n")


def _late_duties(at: datetime) -> QuerySet[Duty]:
    """Give the open duties whose time is over; they are told by what has to be done, never by who has to do it."""
    return Duty.objects.filter(closed_at=None, due_at__lt=at)


def count_late_duties_by_community(*, group: str, at: datetime) -> Counter[UUID]:
    """Count the late duties of one group of kinds by community; one query."""
    late = _late_duties(at)
    kinds = duty_kinds.kinds_of(group)
    late = late.filter(kind__in=kinds) if kinds else late.exclude(kind__in=duty_kinds.named_kinds())
    rows = late.exclude(community_id=None).order_by().values("community_id").annotate(n=Count("pk"))
    return Counter({community: n for community, n in rows.values_list("community_id", "n") if community is not None})


def list_records(kind: Kind, *, at: datetime, communities: Iterable[UUID] | None = None) -> list[Record]:
    """Give the records behind a number, the longest overdue or soonest first; one query."""
    rows = kind.rows(at).select_related(*kind.joins) if kind.joins else kind.rows(at)
    if communities is not None:
        rows = rows.filter(community__in=list(communities))
    ordered = rows.order_by(kind.moment, "pk")
    return [
        Record(row.pk, row.community_id, kind.words(row), getattr(row, kind.moment), getattr(row, kind.page))
        for row in ordered
    ]


def count_new(*, at: datetime) -> dict[str, tuple[int, int]]:
    """Give (yesterday, today so far) of what is told as new, in scope; one query."""
    today = local_day(at)
    found = facts.figures_by("day", NEW_FLOWS, from_on=today - ONE_DAY, until_on=today + ONE_DAY)
    return {name: (found[name].get(today - ONE_DAY, 0), found[name].get(today, 0)) for name in NEW_FLOWS}
