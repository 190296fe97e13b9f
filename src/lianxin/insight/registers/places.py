"""Registers of places: what was open and who came, upgrades with their money, standing services."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from heapq import merge
from itertools import groupby
from typing import Any

from django.db.models import Count, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import TruncDate
from django.utils.translation import pgettext_lazy as _

from lianxin.domain.places.models import (
    Milestone,
    OpeningLog,
    ServiceState,
    StandingService,
    Upgrade,
    UpgradeFunding,
    UpgradeSpending,
    UpgradeStage,
    Venue,
    VisitCount,
)
from lianxin.domain.places.rules import upgrades as rules
from lianxin.platform.clock import LOCAL
from lianxin.platform.contributions import Window

from .form import COMMUNITY, Column, Line, Register, Tie
from .reading import during, hour, number_of, stream, within, yuan

PLANS = (Upgrade.State.PLANNED, Upgrade.State.APPROVED, rules.UNDER_WAY)


def _days_of(rows: QuerySet[Any], window: Window, at: str, **sums: Any) -> list[tuple[Any, ...]]:
    """Give (day, community's code, venue, sums …) in that order."""
    kept = during(rows.filter(undone_at=None), window, at).annotate(day=TruncDate(at, tzinfo=LOCAL))
    keys = ("day", "community__code", "venue")
    return list(kept.order_by().values(*keys).annotate(**sums).order_by(*keys).values_list(*keys, *sums))


def _open_days(window: Window) -> Iterator[Line]:
    """Word the days month by month, so that ten years take no more memory than one month."""
    venues = {row.pk: row for row in within(Venue.objects.select_related("community"), window)}
    for month in _months(window):
        opened = _days_of(
            OpeningLog.objects.all(), month, "opened_at", n=Count("pk"), a=Min("opened_at"), z=Max("closed_at")
        )
        came = _days_of(VisitCount.objects.all(), month, "at", n=Sum("count"))
        both = merge((("o", *row) for row in opened), (("v", *row) for row in came), key=_place)
        for (on, _code, pk), parts in groupby(both, key=_key):
            yield _open_day(on, venues[pk], list(parts))


def _open_day(on: date, venue: Venue, parts: list[tuple[Any, ...]]) -> Line:
    times, visitors, first, last = 0, 0, None, None
    for part in parts:
        if part[0] == "o":
            times, first, last = part[4], part[5], part[6]
        else:
            visitors = part[4]
    return on, venue.community.short_name, venue.name, times, hour(first), hour(last), visitors


def _months(window: Window) -> Iterator[Window]:
    first = window.from_on
    while first < window.until_on:
        following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        yield replace(window, from_on=first, until_on=min(following, window.until_on))
        first = following


def _key(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return row[1:4]


def _place(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return row[1], row[2] or "", row[3].hex


def _count_open_days(window: Window) -> int:
    keys = ("day", "venue")
    opened = during(OpeningLog.objects.filter(undone_at=None), window, "opened_at")
    came = during(VisitCount.objects.filter(undone_at=None), window, "at")
    opened = opened.annotate(day=TruncDate("opened_at", tzinfo=LOCAL)).order_by().values_list(*keys)
    return opened.union(came.annotate(day=TruncDate("at", tzinfo=LOCAL)).order_by().values_list(*keys)).count()


OPENINGS = Register(
    code="openings",
    title=_("register", "Openings and visits"),
    job="places",
    about=_("register", "One line for each day on which a centre or station was open or had visitors."),
    columns=(
        Column("on", _("register", "Date"), "day"),
        Column(COMMUNITY, _("register", "Community")),
        Column("venue", _("register", "Venue")),
        Column("openings", _("register", "Times opened"), "number", is_summed=True),
        Column("first", _("register", "Opened"), "time"),
        Column("last", _("register", "Closed"), "time"),
        Column("visits", _("register", "Visitors"), "number", is_summed=True),
    ),
    rows=_open_days,
    count=_count_open_days,
    ties=(Tie("openings", "openings"), Tie("visits", "visits")),
    footnote=_("register", "Visitors are counted without names."),
)


def _upgrades(window: Window) -> QuerySet[Upgrade]:
    stages = UpgradeStage.objects.filter(upgrade=OuterRef("pk"), began_on__lt=window.until_on)
    running = stages.filter(Q(ended_on=None) | Q(ended_on__gt=window.from_on), state__in=PLANS)
    opened = UpgradeStage.objects.filter(state=rules.OPENED, began_on__gte=window.from_on, began_on__lt=window.until_on)
    last = stages.filter(Q(ended_on=None) | Q(ended_on__gte=window.until_on)).order_by("-began_on", "-pk")
    paid = UpgradeSpending.objects.filter(spent_on__lt=window.until_on)
    rows = Upgrade.objects.select_related("community", "venue").annotate(
        then=Subquery(last.values("state")[:1]),
        planned=Subquery(running.values("pk")[:1]),
        budget=number_of(UpgradeFunding.objects.all(), "upgrade", Sum("fen")),
        spent=number_of(paid, "upgrade", Sum("fen")),
        steps=number_of(Milestone.objects.all(), "upgrade"),
        steps_done=number_of(Milestone.objects.filter(done_on__lt=window.until_on), "upgrade"),
        opened_now=number_of(opened, "upgrade"),
    )
    rows = within(rows, window).filter(Q(planned__isnull=False) | Q(opened_now__gt=0))
    return rows.order_by("community__code", F("planned_opening_on").asc(nulls_last=True), "pk")


def _upgrade_line(row: Any, _beside: None) -> Line:
    return (
        row.community.short_name,
        row.venue.name,
        row.title,
        Upgrade.State(row.then).label if row.then else "",
        row.planned_opening_on,
        row.opened_on,
        yuan(row.budget),
        yuan(row.spent),
        row.steps,
        row.steps_done,
        row.opened_now,
    )


UPGRADES = Register(
    code="upgrades",
    title=_("register", "Upgrades of venues"),
    job="places",
    about=_("register", "One line for each upgrade that was planned, under way or opened in these days."),
    columns=(
        Column(COMMUNITY, _("register", "Community")),
        Column("venue", _("register", "Venue")),
        Column("title", _("register", "Upgrade")),
        Column("state", _("register", "Stage on the last day")),
        Column("planned", _("register", "To be opened"), "day"),
        Column("opened_on", _("register", "Opened on"), "day"),
        Column("budget", _("register", "Money found (yuan)"), "money", is_summed=True),
        Column("spent", _("register", "Spent until then (yuan)"), "money", is_summed=True),
        Column("steps", _("register", "Milestones"), "number", is_summed=True),
        Column("steps_done", _("register", "Of them done"), "number", is_summed=True),
        Column("opened", _("register", "Opened in these days"), "number", is_summed=True),
    ),
    rows=lambda window: stream(_upgrades(window), _upgrade_line),
    count=lambda window: _upgrades(window).count(),
    ties=(Tie("upgrades_opened", "opened"),),
)


def _services(window: Window) -> QuerySet[StandingService]:
    rows = StandingService.objects.exclude(state=ServiceState.PAUSED).filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=window.from_on), valid_from__lt=window.until_on
    )
    rows = within(rows.select_related("community", "venue", "category"), window)
    return rows.order_by("community__code", "category__position", "name", "pk")


def _service_line(row: StandingService, _beside: None) -> Line:
    return (
        row.community.short_name,
        row.category.name,
        row.name,
        row.venue.name,
        row.provider_name,
        row.times_note,
        row.cost,
        row.valid_from,
        row.valid_until,
    )


SERVICES = Register(
    code="services",
    title=_("register", "Standing services"),
    job="places",
    about=_("register", "One line for each service that stood open to residents on some of these days."),
    columns=(
        Column(COMMUNITY, _("register", "Community")),
        Column("category", _("register", "Category")),
        Column("name", _("register", "Service")),
        Column("venue", _("register", "Venue")),
        Column("provider", _("register", "Given by")),
        Column("times", _("register", "Times")),
        Column("cost", _("register", "Cost")),
        Column("since", _("register", "Since"), "day"),
        Column("until", _("register", "Until"), "day"),
    ),
    rows=lambda window: stream(_services(window), _service_line),
    count=lambda window: _services(window).count(),
    ties=(Tie("service_categories_in_use", "category", is_distinct=True),),
)

REGISTERS = (OPENINGS, UPGRADES, SERVICES)
