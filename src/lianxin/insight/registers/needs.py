"""Registers of needs and of visits to households: no words of anybody, and nothing about hardship."""

from __future__ import annotations

from typing import Any

from django.db.models import DateTimeField, Max, OuterRef, QuerySet, Subquery
from django.utils.translation import pgettext_lazy as _

from lianxin.domain.needs.models import Answer, NeedReport, Visit, VisitPromise
from lianxin.platform.contributions import Window

from .form import COMMUNITY, Column, Line, Register, Tie
from .reading import day, during, hour, number_of, numbers_of_households, stream


def _heard(window: Window) -> QuerySet[NeedReport]:
    answers = Answer.objects.filter(report=OuterRef("pk")).order_by().values("report")
    rows = during(NeedReport.objects.select_related("community", "category", "need"), window, "heard_at")
    return rows.annotate(
        answered_at=Subquery(answers.annotate(last=Max("made_at")).values("last"), output_field=DateTimeField())
    )


def _heard_line(row: Any, _beside: None) -> Line:
    return (
        day(row.heard_at),
        row.community.short_name,
        row.get_how_display(),
        row.category.name if row.category else "",
        row.need.number if row.need else None,
        row.need.title if row.need else "",
        row.people,
        row.get_state_display(),
        day(row.answered_at),
        row.get_met_display() if row.met else "",
    )


NEEDS = Register(
    code="needs",
    title=_("register", "Needs heard"),
    job="needs",
    about=_("register", "One line for each time somebody said what they need."),
    columns=(
        Column("on", _("register", "Heard on"), "day"),
        Column(COMMUNITY, _("register", "Community")),
        Column("how", _("register", "Way")),
        Column("category", _("register", "Category")),
        Column("number", _("register", "Number on the list"), "number"),
        Column("title", _("register", "Need on the list")),
        Column("people", _("register", "For how many"), "number", is_summed=True),
        Column("state", _("register", "State")),
        Column("answered", _("register", "Last answer"), "day"),
        Column("met", _("register", "Asker says")),
    ),
    rows=lambda window: stream(_heard(window).order_by("heard_at", "pk"), _heard_line),
    count=lambda window: during(NeedReport.objects.all(), window, "heard_at").count(),
    ties=(Tie("needs_heard"),),
    footnote=_("register", "Who asked, and in which words, stays with the record."),
)


def _visits(window: Window) -> QuerySet[Visit]:
    rows = during(Visit.objects.filter(state=Visit.State.DONE), window, "ended_at")
    promises = VisitPromise.objects.all()
    return (
        rows.select_related("community")
        .defer("note")
        .annotate(
            promised=number_of(promises, "visit"),
            promised_open=number_of(promises.filter(state=VisitPromise.State.OPEN), "visit"),
        )
    )


def _visit_line(row: Any, numbers: dict[Any, str]) -> Line:
    return (
        day(row.ended_at),
        hour(row.started_at),
        hour(row.ended_at),
        row.community.short_name,
        numbers.get(row.household_id, ""),
        _occasion(row),
        row.promised,
        row.promised_open,
    )


def _occasion(row: Visit) -> str:
    """Say why somebody called; that a household lives alone is nothing for a list."""
    reason = Visit.Reason.ROUND if row.reason == Visit.Reason.ALONE else Visit.Reason(row.reason)
    return str(reason.label)


VISITS = Register(
    code="visits",
    title=_("register", "Visits to households"),
    job="needs",
    about=_("register", "One line for each visit at which somebody was met."),
    columns=(
        Column("on", _("register", "Date"), "day"),
        Column("began", _("register", "From"), "time"),
        Column("ended", _("register", "To"), "time"),
        Column(COMMUNITY, _("register", "Community")),
        Column("household", _("register", "Household number")),
        Column("reason", _("register", "Occasion")),
        Column("promised", _("register", "Promises made"), "number", is_summed=True),
        Column("open", _("register", "Of them open today"), "number", is_summed=True),
    ),
    rows=lambda window: stream(
        _visits(window).order_by("ended_at", "pk"),
        _visit_line,
        beside=lambda rows: numbers_of_households(row.household_id for row in rows),
    ),
    count=lambda window: during(Visit.objects.filter(state=Visit.State.DONE), window, "ended_at").count(),
    ties=(Tie("visits_done"),),
    footnote=_("register", "What was said at home, and how a household is, stays with the record."),
)

REGISTERS = (NEEDS, VISITS)
