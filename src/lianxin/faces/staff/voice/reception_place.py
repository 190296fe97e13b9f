"""Somebody's place on a reception day: what they said and were answered, the case and the promises it became."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.voice.commands import receiving, reception_places
from lianxin.domain.voice.commands.reception_telling import when_of
from lianxin.domain.voice.models import ReceptionPlace
from lianxin.domain.voice.queries import receptions
from lianxin.domain.voice.rules import receipts
from lianxin.faces.kit.acting import key_of, press
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.navigation import url_or_none
from lianxin.faces.kit.tables import Column
from lianxin.platform import scope

from ..acting import ActForm, answer_form
from ..points.lists import Cell, Press, Row, cells, small_table
from ..points.told import Section
from .case_desk import CaseDesk, case_url, desk_of
from .reception_day import day_crumbs, day_url, place_url
from .reception_forms import CaseOfForm, PromiseForm, TalkForm
from .reception_gate import keeper_presses, keeper_reads, keeping, open_place
from .reception_words import PLACE_TONES, story, who

State = ReceptionPlace.State
COLUMNS = (
    Column(pgettext_lazy("reception", "What was promised")),
    Column(pgettext_lazy("reception", "By whom")),
    Column(pgettext_lazy("reception", "By when")),
    Column(gettext_lazy("State")),
)


@keeper_reads
def show(request: HttpRequest, received: UUID) -> HttpResponse:
    """Show one place: who, what was said, what became of it."""
    desk = desk_of(request)
    row = open_place(desk.actor, received)
    with scope.within(desk.actor.communities):
        promised = list(row.commitments.order_by("pk"))
        entries = story(receptions.timeline(desk.actor, "voice.receptionplace", row.pk))
    begun = row.day.starts_at <= desk.at
    sections = []
    if row.about:
        sections.append(Section(_("What it is about"), text=row.about))
    if row.said:
        sections.append(Section(_("What they said"), text=row.said))
    if row.answered:
        sections.append(Section(_("What they were answered"), text=row.answered))
    if row.state == State.RECEIVED:
        lines = [
            Row(
                cells(
                    Cell(one.words, url=url_or_none("staff:commitment", commitment=one.pk) or ""),
                    one.owner_name,
                    spoken(one.due_by),
                    one.get_state_display(),
                ),
                pk=one.pk,
            )
            for one in promised
        ]
        sections.append(
            Section(_("What was promised"), table=small_table(COLUMNS, lines), empty=_("Nothing was promised."))
        )
    context: dict[str, Any] = {
        "title": who(row),
        "heading": False,
        "crumbs": day_crumbs(row.day, who(row)),
        "subtitle": f"{row.day.series.title} · {when_of(row)}",
        "state_label": row.get_state_display(),
        "state_tone": PLACE_TONES[row.state],
        "facts": _facts(row),
        "acts": _acts(row, begun=begun),
        "presses": _presses(row, begun=begun),
        "sections": sections,
        "entries": entries,
    }
    if begun and row.state in (State.BOOKED, State.WAITING):
        context |= {"next_url": _url("reception_receive", row), "next_text": _("Write down what they say")}
    elif row.state == State.RECEIVED and row.case_id is None:
        context |= {"next_url": _url("reception_case", row), "next_text": _("Make a case of it")}
    return render(request, "staff/points/record.html", context)


def _url(name: str, row: ReceptionPlace) -> str:
    return reverse(f"staff:{name}", kwargs={"received": row.pk})


def _facts(row: ReceptionPlace) -> list[tuple[Any, ...]]:
    person = reverse("staff:person", kwargs={"person": row.person_id}) if row.person_id else ""
    facts: list[tuple[Any, ...]] = [
        (pgettext("reception", "Who"), who(row), person) if person else (pgettext("reception", "Who"), who(row)),
        (pgettext("reception", "When"), when_of(row)),
        (_("Receipt number"), receipts.spaced(row.receipt)),
        (_("How are they told?"), row.get_channel_display()),
    ]
    if row.helper_name:
        facts.append((_("Who speaks for them"), row.helper_name))
    if row.case_id is not None:
        facts.append((pgettext("reception", "Became a case"), _("Open the case"), case_url(row.case_id)))
    return facts


def _acts(row: ReceptionPlace, *, begun: bool) -> list[tuple[str, Any]]:
    found = [
        ("reception_receive", _("Write down what they say"), begun and row.state != State.CANCELLED),
        ("reception_case", _("Make a case of it"), row.state == State.RECEIVED and row.case_id is None),
        ("reception_promise", _("Write down a promise"), row.state == State.RECEIVED),
        ("reception_slip", _("Print the slip"), row.state in reception_places.LIVE),
    ]
    return [(_url(name, row), text) for name, text, wanted in found if wanted]


def _presses(row: ReceptionPlace, *, begun: bool) -> list[Press]:
    found = []
    if row.state == State.BOOKED and begun:
        found.append(Press(_url("reception_absent", row), _("They did not come")))
    if row.state in reception_places.LIVE and row.day.state == row.day.State.PLANNED:
        found.append(Press(_url("reception_give_up", row), _("They give it up")))
        found.append(Press(_url("reception_called", row), _("They were called")))
    return found


def _form(
    request: HttpRequest,
    received: UUID,
    make: type[ActForm],
    do: Callable[[CaseDesk, dict[str, Any]], Any],
    *,
    title: Any,
    button: Any,
    said: Any,
    lead: Any = "",
    initial: Callable[[ReceptionPlace], dict[str, Any]] = lambda row: {},
) -> HttpResponse:
    """Show and answer one form about a place."""
    desk = desk_of(request)
    row = open_place(desk.actor, received)
    return answer_form(
        request,
        make(request.POST or None, initial=initial(row)),
        do=lambda entered: do(desk, entered),
        then=lambda _done: place_url(received),
        said=said,
        title=title,
        lead=lead or who(row),
        button=button,
        cancel_url=place_url(received),
        crumbs=day_crumbs(row.day, title),
    )


@keeping
def receive(request: HttpRequest, received: UUID) -> HttpResponse:
    """Write down what somebody said and was answered."""
    return _form(
        request,
        received,
        TalkForm,
        lambda desk, entered: receiving.receive(
            actor=desk.actor,
            place=received,
            said=entered["said"],
            answered=entered["answered"],
            at=desk.at,
            key=entered["key"],
        ),
        title=_("Write down what they say"),
        button=_("Write down"),
        said=_("Written down."),
        initial=lambda row: {"said": row.said or row.about, "answered": row.answered},
    )


@keeping
def make_case(request: HttpRequest, received: UUID) -> HttpResponse:
    """Make a case of what somebody said."""
    return _form(
        request,
        received,
        CaseOfForm,
        lambda desk, entered: receiving.make_case(
            actor=desk.actor,
            place=received,
            words=entered["words"],
            subject=entered["subject"],
            confidentiality=entered["confidentiality"],
            is_danger=entered["is_danger"],
            at=desk.at,
            key=entered["key"],
        ),
        title=_("Make a case of it"),
        button=_("Make a case of it"),
        said=lambda report: (
            _("It is a case now. The receipt is %(number)s.") % {"number": receipts.spaced(report.receipt)}
        ),
        initial=lambda row: {"words": row.said},
    )


@keeping
def promise(request: HttpRequest, received: UUID) -> HttpResponse:
    """Write down what was promised."""
    return _form(
        request,
        received,
        PromiseForm,
        lambda desk, entered: receiving.promise(
            actor=desk.actor,
            place=received,
            words=entered["words"],
            owner_name=entered["owner_name"],
            due_by=entered["due_by"],
            is_public=entered["is_public"],
            at=desk.at,
            key=entered["key"],
        ),
        title=_("Write down a promise"),
        lead=_("It comes back until it is kept and somebody else has seen it."),
        button=_("Write down"),
        said=_("Written down. It comes back until it is kept."),
        initial=lambda row: {"owner_name": row.day.leader_name},
    )


def _press(request: HttpRequest, received: UUID, do: Callable[..., Any], said: Any, *, to_day: bool) -> HttpResponse:
    desk = desk_of(request)
    row = open_place(desk.actor, received)
    return press(
        request,
        do=lambda: do(actor=desk.actor, place=received, at=desk.at, key=key_of(request)),
        back=day_url(row.day_id) if to_day else place_url(received),
        said=said,
    )


@keeper_presses
def absent(request: HttpRequest, received: UUID) -> HttpResponse:
    """Note that somebody did not come."""
    return _press(request, received, receiving.note_absent, _("Noted."), to_day=True)


@keeper_presses
def give_up(request: HttpRequest, received: UUID) -> HttpResponse:
    """Give somebody's place up for them."""
    said = _("Given up. The first in the waiting line has the time now, if somebody waits.")
    return _press(request, received, reception_places.give_up, said, to_day=True)


@keeper_presses
def called(request: HttpRequest, received: UUID) -> HttpResponse:
    """Note that somebody was called."""
    return _press(request, received, reception_places.note_called, _("Noted."), to_day=False)


@keeper_reads
def slip(request: HttpRequest, received: UUID) -> HttpResponse:
    """Give the place as a slip of paper."""
    desk = desk_of(request)
    row = open_place(desk.actor, received)
    with scope.within(desk.actor.communities):
        bundle = receptions.find_day(desk.actor, row.day_id)
    row.day = bundle.day
    context = {
        "row": row,
        "number": receipts.spaced(row.receipt),
        "when": when_of(row),
        "where": bundle.where,
        "in_line": receptions.in_line(row) if row.state == State.WAITING else 0,
        "sheet_title": row.day.series.title,
        "sheet_place": row.day.community.short_name,
        "printed_at": desk.at,
        "back_url": place_url(received),
    }
    return render(request, "staff/voice/receptions/slip.html", context)
