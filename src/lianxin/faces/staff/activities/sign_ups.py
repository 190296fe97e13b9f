"""Sign-ups of one date: the list, those to be called, the sheet with names."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.activities.commands.draws import draw
from lianxin.domain.activities.commands.reminders import note_called
from lianxin.domain.activities.commands.rosters import open_roster
from lianxin.domain.activities.commands.waiting import promote
from lianxin.domain.activities.models import Occurrence, SignUp
from lianxin.domain.activities.queries.sign_ups import (
    SignUpsPage,
    list_sign_ups,
)
from lianxin.faces.kit.acting import key_of, press
from lianxin.faces.kit.tables import Column

from ..acting import REASON, ActForm, answer_form
from ..points.lists import Cell, Page, Press, Row, answer_list, cells, leads, small_table
from ..points.told import Section
from ..sheets import workbook
from .desk import OccurrenceDesk, occurrence_desk
from .gate import planner_presses, planning, reading

State = SignUp.State
TONES = {
    State.CONFIRMED: "done",
    State.WAITING: "due",
    State.OFFERED: "due",
    State.IN_DRAW: "info",
    State.CANCELLED: "quiet",
    State.LAPSED: "quiet",
    State.OVER: "quiet",
}
COLUMNS = (
    Column(gettext_lazy("No."), numeric=True),
    Column(gettext_lazy("Name")),
    Column(gettext_lazy("Last digits")),
    Column(gettext_lazy("Age"), numeric=True),
    Column(gettext_lazy("State")),
    Column(gettext_lazy("Waits as number"), numeric=True),
    Column(gettext_lazy("Party of"), numeric=True),
    Column(pgettext_lazy("sign-up", "Kind of place")),
    Column(gettext_lazy("How")),
    Column(pgettext_lazy("ticket", "Code")),
    Column(gettext_lazy("Note")),
    Column(gettext_lazy("Since")),
)
NAMED = (
    gettext_lazy("No."),
    gettext_lazy("State"),
    gettext_lazy("Name"),
    gettext_lazy("Phone"),
    gettext_lazy("Age"),
    pgettext_lazy("sign-up", "Kind of place"),
    gettext_lazy("How"),
    pgettext_lazy("ticket", "Code"),
    gettext_lazy("Note"),
)
CALL_COLUMNS = (
    Column(gettext_lazy("Name")),
    Column(gettext_lazy("Age"), numeric=True),
    Column(gettext_lazy("Phone")),
    Column(gettext_lazy("How")),
    Column(pgettext_lazy("ticket", "Code")),
    Column(gettext_lazy("Note")),
)


class SignUpsFilter(forms.Form):
    """Which sign-ups to see."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("All that count")), ("all", gettext_lazy("All, ended ones too")), *State.choices],
    )
    q = forms.CharField(label=gettext_lazy("Name, last four digits or code"), required=False, max_length=40)


class WhyForm(ActForm):
    """Why names and numbers are needed."""

    reason = forms.CharField(
        label=REASON,
        max_length=200,
        help_text=gettext_lazy("For example: to print the list for the door. It is kept who opened the names."),
    )


def rows_of(found: SignUpsPage) -> list[Row]:
    """Make the rows of sign-ups."""
    return [
        Row(
            cells(
                row.number,
                leads(row.masked_name, "sign_up", sign_up=row.id),
                row.last4,
                row.age,
                Cell(State(row.state).label, tone=TONES[State(row.state)]),
                row.position,
                row.party_size,
                row.limit,
                SignUp.How(row.how).label,
                row.code,
                row.note,
                row.accepted_at,
            ),
            pk=row.id,
        )
        for row in found.rows
    ]


@reading
def show(request: HttpRequest, occurrence: UUID) -> HttpResponse:
    """List who signed up for a date, in their order."""
    desk = occurrence_desk(request, occurrence)
    state = request.GET.get("state", "")
    asked = state if state in (*State.values, "all") else ""
    query = request.GET.get("q", "")[:40]
    first = _fetch(desk, asked, query, "1")

    def fetch(after: str) -> Page:
        found = first if after in ("", "1") else _fetch(desk, asked, query, after)
        return rows_of(found), str(found.page + 1) if found.page < found.pages else ""

    context = desk.context("sign_ups", (_("Sign-ups"), "")) | {
        "form": SignUpsFilter(request.GET),
        "tabs": desk.tabs("sign_ups"),
        "tabs_label": _("Pages of this date"),
        "lead": _lead(desk, first.by_state),
        "buttons": _buttons(desk),
        "presses": _presses(desk, first.by_state),
        "empty_title": _("Nobody is on this list."),
        "empty_text": _("Who signs up online, at the desk, by phone or in a group's chain is listed here."),
        "heading": True,
        "title": _("Sign-ups: %(title)s") % {"title": desk.title},
    }
    return answer_list(
        request, columns=COLUMNS, fetch=fetch, context=context, count=first.count, place=f"{desk.when} {desk.where}"
    )


def _fetch(desk: OccurrenceDesk, state: str, query: str, after: str) -> SignUpsPage:
    number = int(after) if after.isdecimal() and len(after) < 6 else 1
    return list_sign_ups(actor=desk.actor, place=desk.row, at=desk.at, state=state, query=query, page=number)


def _lead(desk: OccurrenceDesk, by_state: dict[str, int]) -> str:
    row = desk.row
    taken = str(row.taken) if row.size is None else f"{row.taken} / {row.size}"
    words = [desk.when, _("Places taken: %(taken)s") % {"taken": taken}]
    if row.waiting:
        words.append(_("waiting: %(count)d") % {"count": row.waiting})
    if by_state.get(State.OFFERED):
        words.append(_("asked whether they come: %(count)d") % {"count": by_state[State.OFFERED]})
    if by_state.get(State.IN_DRAW):
        words.append(_("in the draw: %(count)d") % {"count": by_state[State.IN_DRAW]})
    return " · ".join(words)


def _buttons(desk: OccurrenceDesk) -> list[tuple[str, Any]]:
    if not desk.runs:
        return []
    buttons = []
    if desk.row.state == Occurrence.State.PUBLISHED and desk.at < desk.row.ends_at:
        buttons = [
            (desk.url("sign_up_new"), _("Sign somebody up")),
            (desk.url("chain_paste"), _("Paste a group's list")),
        ]
    return [
        *buttons,
        (desk.url("sign_ups_text"), _("List for the group")),
        (desk.url("sign_ups_to_call"), _("Whom to call")),
        (desk.url("sign_ups_named"), _("Sheet with names")),
    ]


def _presses(desk: OccurrenceDesk, by_state: dict[str, int]) -> list[Press]:
    row = desk.row
    if not desk.runs or row.state != Occurrence.State.PUBLISHED:
        return []
    if row.is_drawn and row.drawn_at is None and row.sign_up_until and row.sign_up_until <= desk.at:
        return [Press(desk.url("sign_ups_draw"), _("Draw the places now"), "primary")]
    if by_state.get(State.WAITING) and (row.size is None or row.taken < row.size):
        return [Press(desk.url("sign_ups_move"), _("Give free places to those who wait"))]
    return []


@planner_presses
def draw_now(request: HttpRequest, occurrence: UUID) -> HttpResponse:
    """Draw the places of a date whose sign-up is closed."""
    desk = occurrence_desk(request, occurrence)
    return press(
        request,
        do=lambda: draw(actor=desk.actor, occurrence=occurrence, at=desk.at, key=key_of(request)),
        back=desk.url("sign_ups"),
        said=_("Drawn. Everybody with a phone is told."),
    )


@planner_presses
def move_on(request: HttpRequest, occurrence: UUID) -> HttpResponse:
    """Give free places to those who wait."""
    desk = occurrence_desk(request, occurrence)
    return press(
        request,
        do=lambda: promote(actor=desk.actor, occurrence=occurrence, at=desk.at),
        back=desk.url("sign_ups"),
        said=_("The waiting list moved on."),
    )


@planning
def named(request: HttpRequest, occurrence: UUID) -> HttpResponse:
    """Give the list with names, numbers and answers as a workbook, once somebody said what for."""
    desk = occurrence_desk(request, occurrence)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        questions, rows = open_roster(
            actor=desk.actor, occurrence=occurrence, reason=form.cleaned_data["reason"], at=desk.at
        )
        return workbook(
            title=_("Sign-ups: %(title)s") % {"title": desk.title},
            headings=[*NAMED, *questions],
            rows=[
                [
                    row.number,
                    str(State(row.state).label),
                    row.name,
                    row.phone,
                    "" if row.age is None else row.age,
                    row.limit,
                    str(SignUp.How(row.how).label),
                    row.code,
                    row.note,
                    *row.answers,
                ]
                for row in rows
            ],
        )
    return answer_form(
        request,
        form,
        do=lambda _data: None,
        then=lambda _outcome: desk.url("sign_ups"),
        title=_("Sheet with names"),
        lead=_("Names and phone numbers leave the program with this file. Keep it to those who need it."),
        button=_("Give me the sheet"),
        cancel_url=desk.url("sign_ups"),
        crumbs=desk.crumbs((_("Sign-ups"), desk.url("sign_ups")), (_("Sheet with names"), "")),
    )


@planning
def to_call(request: HttpRequest, occurrence: UUID) -> HttpResponse:
    """Show whom no message reaches, with names and numbers; pressing the button notes that they were called."""
    desk = occurrence_desk(request, occurrence)
    if request.method == "POST":
        return press(
            request,
            do=lambda: note_called(actor=desk.actor, occurrence=occurrence, at=desk.at),
            back=desk.url("sign_ups"),
            said=_("Noted that they were called."),
        )
    _questions, rows = open_roster(
        actor=desk.actor,
        occurrence=occurrence,
        reason=_("To call those without a phone message"),
        to_call=True,
        at=desk.at,
    )
    table = small_table(
        CALL_COLUMNS,
        [Row(cells(row.name, row.age, row.phone, SignUp.How(row.how).label, row.code, row.note)) for row in rows],
    )
    words = _("No message reaches these people. Call them or ask the family: do they know when it is, and come?")
    context = desk.context("sign_ups", (_("Sign-ups"), desk.url("sign_ups")), (_("Whom to call"), "")) | {
        "sections": [
            Section(
                _("Whom to call"),
                lines=[words],
                table=table,
                empty=_("Everybody can be sent a message."),
            )
        ],
        "presses": [Press(desk.url("sign_ups_to_call"), _("All were called"))] if rows else [],
    }
    return render(request, "staff/points/record.html", context)
