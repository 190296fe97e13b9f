"""Registers of deliberation: meetings held, commitments with what became of them, votes counted."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import pgettext_lazy as _

from lianxin.domain.voice.models import Commitment, Invitation, Meeting, Resolution, Vote
from lianxin.domain.voice.rules import commitments as rules
from lianxin.engines.masking import mask_name
from lianxin.platform.clock import local_moment
from lianxin.platform.contributions import Window

from .form import COMMUNITY, Column, Line, Register, Tie
from .reading import day, during, hour, number_of, stream, within


def _meetings(window: Window) -> QuerySet[Meeting]:
    rows = during(Meeting.objects.filter(state=Meeting.State.CLOSED), window, "starts_at").defer("minutes")
    return rows.select_related("community", "matter", "room__venue").annotate(
        came=number_of(Invitation.objects.filter(came_at__isnull=False), "meeting"),
        passed=number_of(Resolution.objects.filter(state=Resolution.State.PASSED), "meeting"),
        promised=number_of(Commitment.objects.all(), "meeting"),
    )


def _meeting_line(row: Any, _beside: None) -> Line:
    return (
        day(row.starts_at),
        hour(row.starts_at),
        row.community.short_name,
        row.place_words or (f"{row.room.venue.name} {row.room.name}" if row.room else ""),
        row.matter.title if row.matter else row.title,
        row.number,
        row.came,
        row.passed,
        row.promised,
        row.get_minutes_state_display(),
    )


MEETINGS = Register(
    code="meetings",
    title=_("register", "Meetings of deliberation"),
    job="voice",
    about=_("register", "One line for each meeting that was held and closed."),
    columns=(
        Column("on", _("register", "Date"), "day"),
        Column("at", _("register", "Time"), "time"),
        Column(COMMUNITY, _("register", "Community")),
        Column("place", _("register", "Place")),
        Column("matter", _("register", "Matter")),
        Column("number", _("register", "Meeting number"), "number"),
        Column("came", _("register", "People present"), "number", is_summed=True),
        Column("passed", _("register", "Resolutions passed"), "number", is_summed=True),
        Column("promised", _("register", "Commitments"), "number", is_summed=True),
        Column("minutes", _("register", "Minutes")),
    ),
    rows=lambda window: stream(_meetings(window).order_by("starts_at", "pk"), _meeting_line),
    count=lambda window: during(Meeting.objects.filter(state=Meeting.State.CLOSED), window, "starts_at").count(),
    ties=(Tie("meetings_held"),),
)


def _commitments(window: Window) -> QuerySet[Commitment]:
    begins, ends = local_moment(window.from_on), local_moment(window.until_on)
    rows = within(Commitment.objects.filter(made_at__lt=ends), window)
    rows = rows.filter(Q(ended_at=None) | Q(ended_at__gte=begins))
    return rows.select_related("community", "matter", "party").order_by("made_at", "pk")


def _commitment_lines(window: Window) -> Any:
    def line(row: Commitment, _beside: None) -> Line:
        ended = day(row.ended_at)
        is_kept = row.state == rules.KEPT and ended is not None and window.from_on <= ended < window.until_on
        is_sealed = row.clause_id is not None
        return (
            day(row.made_at),
            row.community.short_name,
            row.number,
            row.matter.title if row.matter and not is_sealed else "",
            "" if is_sealed else row.party.name if row.party else mask_name(row.owner_name),
            gettext("From a mediation") if is_sealed else row.words,
            row.first_due_by,
            row.due_by,
            row.moved,
            ended,
            row.get_state_display(),
            1 if is_kept else 0,
        )

    return stream(_commitments(window), line)


COMMITMENTS = Register(
    code="commitments",
    title=_("register", "Commitments made"),
    job="voice",
    about=_("register", "One line for each commitment that was open or ended in these days."),
    columns=(
        Column("on", _("register", "Made on"), "day"),
        Column(COMMUNITY, _("register", "Community")),
        Column("number", _("register", "Number"), "number"),
        Column("matter", _("register", "Matter")),
        Column("who", _("register", "By whom")),
        Column("words", _("register", "What")),
        Column("first_due", _("register", "First due by"), "day"),
        Column("due", _("register", "Due by"), "day"),
        Column("moved", _("register", "Times put off"), "number"),
        Column("ended", _("register", "Ended on"), "day"),
        Column("state", _("register", "State")),
        Column("kept", _("register", "Kept in these days"), "number", is_summed=True),
    ),
    rows=_commitment_lines,
    count=lambda window: _commitments(window).count(),
    ties=(Tie("commitments_kept", "kept"),),
    footnote=_("register", "Names of people are masked; what a mediation agreed on stays sealed."),
)


def _votes(window: Window) -> QuerySet[Vote]:
    rows = during(Vote.objects.filter(state=Vote.State.CLOSED), window, "closed_at")
    return rows.select_related("community", "matter").defer("result", "terms").order_by("closed_at", "pk")


def _vote_line(row: Vote, _beside: None) -> Line:
    return (
        day(row.closed_at),
        row.community.short_name,
        row.number,
        row.matter.title if row.matter else "",
        row.question,
        row.get_method_display(),
        day(row.opens_at),
        row.ballots_count,
    )


VOTES = Register(
    code="votes",
    title=_("register", "Votes"),
    job="voice",
    about=_("register", "One line for each vote that was counted."),
    columns=(
        Column("on", _("register", "Counted on"), "day"),
        Column(COMMUNITY, _("register", "Community")),
        Column("number", _("register", "Number"), "number"),
        Column("matter", _("register", "Matter")),
        Column("question", _("register", "Question")),
        Column("method", _("register", "Method")),
        Column("opened", _("register", "Opened on"), "day"),
        Column("ballots", _("register", "Ballots"), "number", is_summed=True),
    ),
    rows=lambda window: stream(_votes(window), _vote_line),
    count=lambda window: _votes(window).count(),
    ties=(Tie("votes_closed"),),
    footnote=_("register", "How anybody voted stands on no list."),
)

REGISTERS = (MEETINGS, COMMITMENTS, VOTES)
