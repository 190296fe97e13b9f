"""Registers of cases, receptions and mediation: numbers, tiers and days, never who it was or what was said."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import pgettext_lazy as _

from lianxin.domain.voice.models import (
    CaseReport,
    Mediation,
    MediationTalk,
    ReceptionDay,
    ReceptionPlace,
)
from lianxin.domain.voice.models.cases import Confidentiality
from lianxin.platform.clock import local_moment
from lianxin.platform.contributions import Window

from .form import COMMUNITY, Column, Line, Register, Tie
from .reading import NOTHING, day, during, hour, number_of, on_days, stream, within

Day, Place = ReceptionDay.State, ReceptionPlace.State


def _cases(window: Window) -> QuerySet[CaseReport]:
    return during(CaseReport.objects.select_related("community", "case"), window, "heard_at")


def _case_line(row: CaseReport, _beside: None) -> Line:
    case = row.case
    told = case.confidentiality == row.confidentiality == Confidentiality.OPEN
    return (
        day(row.heard_at),
        row.community.short_name,
        case.number,
        row.get_how_display(),
        case.get_subject_display() if told and not case.is_mediated else NOTHING,
        case.get_tier_display() if case.tier else "",
        day(case.first_answer_at),
        day(case.due_at),
        day(case.ended_at),
        case.get_state_display(),
        case.voices,
    )


CASES = Register(
    code="cases",
    title=_("register", "Cases brought forward"),
    job="voice",
    about=_("register", "One line for each time somebody brought a case forward."),
    columns=(
        Column("on", _("register", "Date"), "day"),
        Column(COMMUNITY, _("register", "Community")),
        Column("number", _("register", "Case number"), "number"),
        Column("how", _("register", "Way")),
        Column("subject", _("register", "About")),
        Column("tier", _("register", "Treated")),
        Column("answered", _("register", "First answer"), "day"),
        Column("due", _("register", "Due by"), "day"),
        Column("ended", _("register", "Ended on"), "day"),
        Column("state", _("register", "State")),
        Column("voices", _("register", "Voices on the case"), "number"),
    ),
    rows=lambda window: stream(_cases(window).order_by("heard_at", "pk"), _case_line),
    count=lambda window: during(CaseReport.objects.all(), window, "heard_at").count(),
    ties=(Tie("cases_heard"),),
    footnote=_("register", "Who it was and what was said stays with the case; a confidential one has no subject here."),
)


def _days(window: Window) -> QuerySet[ReceptionDay]:
    rows = on_days(ReceptionDay.objects.exclude(state=Day.CANCELLED), window, "held_on")
    received = ReceptionPlace.objects.filter(state=Place.RECEIVED)
    return rows.select_related("community", "series__venue").annotate(
        received=number_of(received, "day"),
        led_on=number_of(received.filter(case__isnull=False), "day"),
    )


def _day_line(row: Any, _beside: None) -> Line:
    series = row.series
    return (
        row.held_on,
        hour(row.starts_at),
        hour(row.ends_at),
        row.community.short_name,
        series.get_kind_display(),
        series.place_words or (series.venue.name if series.venue else ""),
        series.leader_title,
        row.get_state_display(),
        1 if row.state == Day.HELD else 0,
        1 if row.state == Day.MISSED else 0,
        row.received,
        row.led_on,
    )


RECEPTIONS = Register(
    code="receptions",
    title=_("register", "Reception days"),
    job="voice",
    about=_("register", "One line for each reception day that was planned and not called off."),
    columns=(
        Column("on", _("register", "Date"), "day"),
        Column("from", _("register", "From"), "time"),
        Column("to", _("register", "To"), "time"),
        Column(COMMUNITY, _("register", "Community")),
        Column("kind", _("register", "Kind")),
        Column("place", _("register", "Place")),
        Column("office", _("register", "Received by (office)")),
        Column("state", _("register", "State")),
        Column("held", _("register", "Held"), "number", is_summed=True),
        Column("missed", _("register", "Not held"), "number", is_summed=True),
        Column("received", _("register", "People received"), "number", is_summed=True),
        Column("cases", _("register", "Of them led to a case"), "number", is_summed=True),
    ),
    rows=lambda window: stream(_days(window).order_by("starts_at", "pk"), _day_line),
    count=lambda window: _days(window).count(),
    ties=(
        Tie("reception_days_held", "held"),
        Tie("reception_days_missed", "missed"),
        Tie("people_received", "received"),
    ),
)


def _mediations(window: Window) -> QuerySet[Mediation]:
    begins, ends = local_moment(window.from_on), local_moment(window.until_on)
    rows = within(Mediation.objects.filter(asked_at__lt=ends), window)
    agreed = Q(agreed_on__gte=window.from_on, agreed_on__lt=window.until_on)
    rows = rows.filter(Q(ended_at=None) | Q(ended_at__gte=begins) | agreed)
    return rows.defer("subject_words", "state_words", "conflict_words", "mediator_name")


def _told(rows: QuerySet[Mediation]) -> QuerySet[Mediation]:
    talks = MediationTalk.objects.filter(held_at__isnull=False)
    return rows.select_related("community", "confirmation").annotate(
        talks_held=number_of(talks.exclude(kind="visit"), "mediation", Count("pk")),
        visits=number_of(talks.filter(kind="visit"), "mediation", Count("pk")),
    )


def _mediation_lines(window: Window) -> Any:
    def line(row: Any, _beside: None) -> Line:
        is_agreed = row.agreed_on is not None and window.from_on <= row.agreed_on < window.until_on
        ended = day(row.ended_at)
        is_ended = ended is not None and window.from_on <= ended < window.until_on
        court = getattr(row, "confirmation", None)
        return (
            row.community.short_name,
            row.number,
            row.get_tier_display(),
            day(row.asked_at),
            row.talks_held,
            row.agreed_on,
            "" if row.agreed_on is None else gettext("spoken") if row.is_oral else gettext("in writing"),
            court.get_state_display() if court else "",
            row.visits,
            ended,
            row.get_state_display(),
            1 if is_agreed else 0,
            1 if is_ended else 0,
        )

    return stream(_told(_mediations(window)).order_by("asked_at", "pk"), line)


MEDIATIONS = Register(
    code="mediations",
    title=_("register", "Mediations"),
    job="voice",
    about=_("register", "One line for each mediation that was open or agreed in these days."),
    columns=(
        Column(COMMUNITY, _("register", "Community")),
        Column("number", _("register", "Number"), "number"),
        Column("tier", _("register", "Treated")),
        Column("asked", _("register", "Asked for on"), "day"),
        Column("talks", _("register", "Talks"), "number", is_summed=True),
        Column("agreed_on", _("register", "Agreed on"), "day"),
        Column("form", _("register", "Form of the agreement")),
        Column("court", _("register", "Confirmation by the court")),
        Column("visits", _("register", "Follow-up visits"), "number", is_summed=True),
        Column("ended_on", _("register", "Ended on"), "day"),
        Column("state", _("register", "Outcome")),
        Column("agreed", _("register", "Agreed in these days"), "number", is_summed=True),
        Column("ended", _("register", "Ended in these days"), "number", is_summed=True),
    ),
    rows=_mediation_lines,
    count=lambda window: _mediations(window).count(),
    ties=(Tie("mediations_agreed", "agreed"), Tie("mediations_ended", "ended")),
    footnote=_("register", "Who quarrelled about what is sealed and stands on no list."),
)

REGISTERS = (CASES, RECEPTIONS, MEDIATIONS)
