"""Registers of activities: dates held, who came, voluntary hours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext
from django.utils.translation import pgettext_lazy as _

from lianxin.domain.activities.models import Attendance, CrowdLog, HoursEntry, Occurrence
from lianxin.engines.masking import mask_name
from lianxin.platform.contributions import Window

from .form import COMMUNITY, Column, Line, Register, Tie
from .reading import NOTHING, day, during, hour, names_of_people, number_of, on_days, people_beside, stream

State = Occurrence.State


def _held(window: Window) -> QuerySet[Occurrence]:
    rows = during(Occurrence.objects.filter(state=State.HELD), window, "starts_at")
    rows = rows.select_related("community", "venue", "activity__category").annotate(
        came=number_of(Attendance.objects.filter(undone_at=None), "occurrence"),
        crowd=number_of(CrowdLog.objects.filter(undone_at=None), "occurrence", Sum("count")),
    )
    return rows.prefetch_related("activity__organisers__organisation").order_by("starts_at", "pk")


def _held_line(row: Any, _beside: None) -> Line:
    givers = sorted(
        (giver.role != "holds", giver.organisation.name)
        for giver in row.activity.organisers.all()
        if giver.organisation is not None
    )
    return (
        day(row.starts_at),
        hour(row.starts_at),
        row.community.short_name,
        _place(row),
        row.title or row.activity.title,
        row.activity.category.name,
        "、".join(name for _helps, name in givers),
        row.activity.contact_name,
        row.came,
        row.crowd,
    )


def _place(row: Occurrence) -> str:
    return row.place or (row.venue.name if row.venue else NOTHING)


HELD = Register(
    code="activities",
    title=_("register", "Activities held"),
    job="activities",
    about=_("register", "One line for each date of an activity to which somebody came."),
    columns=(
        Column("on", _("register", "Date"), "day"),
        Column("at", _("register", "Time"), "time"),
        Column(COMMUNITY, _("register", "Community")),
        Column("place", _("register", "Place")),
        Column("title", _("register", "What it was")),
        Column("category", _("register", "Category")),
        Column("organisers", _("register", "Organisations")),
        Column("contact", _("register", "Contact")),
        Column("people", _("register", "Person-times"), "number", is_summed=True),
        Column("crowd", _("register", "Counted without names"), "number", is_summed=True),
    ),
    rows=lambda window: stream(_held(window), _held_line),
    count=lambda window: during(Occurrence.objects.filter(state=State.HELD), window, "starts_at").count(),
    ties=(Tie("occurrences_held"),),
    footnote=_("register", "People counted without names in the open air are not part of the person-times."),
)


def _came(window: Window) -> QuerySet[Attendance]:
    return during(Attendance.objects.filter(undone_at=None), window, "occurrence__starts_at")


def _came_lines(window: Window) -> Iterator[Line]:
    """Word the long list without making a record of each row: hundreds of people come to one date."""
    ways = {code: str(label) for code, label in Attendance.How.choices}
    rows = _came(window).order_by("occurrence__starts_at", "occurrence", "came_at", "pk")
    fields = ("occurrence", "person", "guest_name", "came_at", "how")

    def beside(batch: list[tuple[Any, ...]]) -> tuple[dict[Any, Occurrence], dict[Any, str]]:
        dates = Occurrence.objects.filter(pk__in={row[0] for row in batch})
        dates = dates.select_related("community", "activity", "venue")
        return {one.pk: one for one in dates}, names_of_people(row[1] for row in batch)

    def line(row: tuple[Any, ...], found: tuple[dict[Any, Occurrence], dict[Any, str]]) -> Line:
        pk, person, guest, came_at, how = row
        date, names = found[0][pk], found[1]
        return (
            day(date.starts_at),
            date.community.short_name,
            date.title or date.activity.title,
            _place(date),
            names.get(person, "") if person else mask_name(guest),
            hour(came_at),
            ways.get(how, how),
        )

    return stream(rows, line, beside=beside, fields=fields)


ATTENDANCE = Register(
    code="attendance",
    title=_("register", "Attendance at activities"),
    job="activities",
    about=_("register", "One line for each person known by name who came to an activity."),
    columns=(
        Column("on", _("register", "Date"), "day"),
        Column(COMMUNITY, _("register", "Community")),
        Column("title", _("register", "Activity")),
        Column("place", _("register", "Place")),
        Column("name", _("register", "Person's name")),
        Column("came", _("register", "Came at"), "time"),
        Column("how", _("register", "Checked in by")),
    ),
    rows=_came_lines,
    count=lambda window: _came(window).count(),
    ties=(Tie("person_times"),),
    footnote=_("register", "Names are masked. Who lives in another community is without a name here."),
)


def _hours(window: Window) -> QuerySet[HoursEntry]:
    rows = on_days(HoursEntry.objects.all(), window, "on")
    return rows.select_related("community", "shift_place__shift__occurrence__activity")


def _hours_line(row: HoursEntry, names: dict[Any, str]) -> Line:
    return (
        row.on,
        row.community.short_name,
        names.get(row.person_id, ""),
        _done(row),
        row.get_kind_display(),
        row.minutes,
    )


def _done(row: HoursEntry) -> str:
    if row.shift_place is None:
        return gettext("Voluntary service")
    shift = row.shift_place.shift
    if shift.occurrence is None:
        return shift.role
    return f"{shift.occurrence.title or shift.occurrence.activity.title} · {shift.role}"


VOLUNTEERING = Register(
    code="volunteering",
    title=_("register", "Voluntary service"),
    job="activities",
    about=_("register", "One line for each entry in the ledger of voluntary hours; a correction has its own."),
    columns=(
        Column("on", _("register", "Date"), "day"),
        Column(COMMUNITY, _("register", "Community")),
        Column("name", _("register", "Person's name")),
        Column("what", _("register", "What was done")),
        Column("kind", _("register", "Entered as")),
        Column("minutes", _("register", "Minutes"), "number", is_summed=True),
    ),
    rows=lambda window: stream(_hours(window).order_by("on", "pk"), _hours_line, beside=people_beside("person_id")),
    count=lambda window: _hours(window).count(),
    ties=(Tie("volunteer_minutes", "minutes"),),
    footnote=_("register", "Names are masked. Who lives in another community is without a name here."),
)

REGISTERS = (HELD, ATTENDANCE, VOLUNTEERING)
