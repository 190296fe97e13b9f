"""One case as one story: what was said, how it is treated, who has it, what happened, and the one next step."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.needs.queries.visits import name_workers
from lianxin.domain.voice.models import Case
from lianxin.domain.voice.queries import alike
from lianxin.domain.voice.queries.cases import CaseView, find_case, title_of
from lianxin.domain.voice.rules import receipts
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.navigation import url_or_none
from lianxin.faces.kit.tables import Column
from lianxin.platform import scope
from lianxin.platform.ids import new_id

from ..points.lists import Cell, Press, Row, cells, leads, small_table
from ..points.told import Section
from .case_desk import CaseDesk, case_url, desk_of
from .case_gate import keeper_reads, open_case, reading
from .case_links import links_of
from .case_parts import Links, handed, spoken_voice, story_of, tier_panel
from .case_words import NOBODY, STATE_TONES, looks_alike, short

State = Case.State
SHOWN_VOICES = 4
COLUMNS_ALIKE = (
    Column(pgettext_lazy("voice", "Case")),
    Column(gettext_lazy("Shared words")),
    Column(pgettext_lazy("voice", "Voices"), numeric=True),
    Column(gettext_lazy("State")),
    Column(""),
)
COLUMNS_PROMISED = (
    Column(gettext_lazy("What was promised")),
    Column(gettext_lazy("By whom")),
    Column(gettext_lazy("Until")),
    Column(gettext_lazy("State")),
)


@reading
def show(request: HttpRequest, case: UUID) -> HttpResponse:
    """Show a case."""
    desk = desk_of(request)
    with scope.within(desk.actor.communities):
        view = find_case(case, desk.actor, at=desk.at)
    row = view.case
    names = name_workers(_accounts(view))
    voices = [spoken_voice(desk, view, one, names=names) for one in view.reports]
    voices.sort(key=lambda one: one.is_back)
    context = desk.context("cases", short(view.title), (short(view.title, 20), ""))
    context |= {
        "subtitle": " · ".join(
            [row.community.short_name, _("No %(number)d") % {"number": row.number}, _where(row)]
        ).rstrip(" ·"),
        "state_label": row.get_state_display(),
        "state_tone": STATE_TONES[State(row.state)],
        "heard": _heard(request, view),
        "banners": _banners(view, desk),
        "voices": voices[:SHOWN_VOICES],
        "voices_more": voices[SHOWN_VOICES:],
        "voices_count": len(view.reports),
        "tier": tier_panel(desk, view),
        "handover": [handed(desk, one, names) for one in reversed(view.handovers)],
        "sections": [*_promised(view), *_joined(view)],
        "near_url": reverse("staff:case_near", kwargs={"case": case}) if view.may_keep and "join" in view.acts else "",
        "story": story_of(view.steps, names),
        "facts": _facts(view, names),
        "acts": _acts(view, desk),
    }
    context |= _next(view, desk)
    return render(request, "staff/voice/cases/case.html", context)


@keeper_reads
def near(request: HttpRequest, case: UUID) -> HttpResponse:
    """Give the open cases that look like this one, each with the press that joins them; a part of its page."""
    desk = desk_of(request)
    row = open_case(desk.actor, case)
    with scope.within(desk.actor.communities):
        found = _alike(alike.alike_for(desk.actor, case, most=4), desk, row)
    title = _("Is it the same as one of these?")
    context = desk.context("cases", title, (short(title_of(desk.actor, row), 20), case_url(case)), (title, ""))
    is_part = bool(request.headers.get("HX-Request"))
    template = "staff/voice/cases/near_part.html" if is_part else "staff/voice/cases/near.html"
    return render(request, template, context | {"sections": found})


def _accounts(view: CaseView) -> set[UUID]:
    """Give the accounts that the page names; one query finds their names."""
    wanted: Iterable[UUID | None] = [
        view.case.responsible,
        view.case.first_responder,
        *(step.by for step in view.steps),
        *(one.handed_by for one in view.handovers),
        *(one.row.taken_by for one in view.reports),
        *(one.row.said_by for one in view.reports),
    ]
    return {one for one in wanted if one is not None}


def _where(row: Case) -> str:
    return "、".join(filter(None, (row.venue.name if row.venue else "", row.place_words)))


def _heard(request: HttpRequest, view: CaseView) -> dict[str, str] | None:
    """Give the receipt that was just given, with the way to its slip."""
    wanted = request.GET.get("heard", "")
    for one in view.reports:
        if str(one.row.pk) == wanted and not one.is_sealed:
            slip = reverse("staff:case_slip", kwargs={"report": one.row.pk})
            return {"number": receipts.spaced(one.receipt), "url": slip}
    return None


def _banners(view: CaseView, desk: CaseDesk) -> list[tuple[str, str]]:
    row = view.case
    is_open = row.ended_at is None
    found: list[tuple[str, str]] = []
    if row.is_danger and is_open and row.state != State.DONE:
        found.append(("stop", _("Somebody is in danger, or soon will be.")))
    if view.is_sealed:
        found.append(("info", _("It is confidential. Who works on it sees the words and who said them.")))
    if row.is_mediated:
        found.append(("info", _("A mediator settles it. Nothing of it but where it stands is shown to others.")))
    if row.urged_at is not None and is_open:
        found.append(("due", _("They asked again on %(day)s.") % {"day": spoken(row.urged_at)}))
    if view.into is not None and row.state == State.JOINED:
        found.append(
            ("info", _("It was joined into “%(title)s”. Go on there.") % {"title": short(view.into.title, 30)})
        )
    return found


def _next(view: CaseView, desk: CaseDesk) -> dict[str, Any]:
    """Give the one step that comes next as the case stands; nothing where somebody else has to take it."""
    row, named = view.case, {"case": view.case.pk}
    state = State(row.state)
    if state == State.JOINED and view.into is not None:
        return {"next_url": case_url(view.into.pk), "next_text": _("Go on there")}
    if not view.may_keep:
        return {}
    steps: dict[str, tuple[str, Any]] = {
        State.NEW: ("case_assign", _("Say who looks after it")),
        State.ASSIGNED: ("case_start", _("Work begins")),
        State.WORKING: ("case_finish", _("It is done")),
        State.WAITING: ("case_resume", _("Go on with it")),
    }
    if state in steps:
        name, text = steps[state]
        is_press = name in ("case_start", "case_resume")
        return {
            "next_url": reverse(f"staff:{name}", kwargs=named),
            "next_text": text,
            "next_post": is_press,
            "next_key": new_id() if is_press else None,
        }
    out = next((one for one in view.handovers if one.state == "out"), None)
    if state == State.HANDED and out is not None:
        url = reverse("staff:case_outside_answered", kwargs={"handover": out.pk})
        return {"next_url": url, "next_text": _("Write down their answer")}
    unsaid = next((one for one in view.live_reports if not one.row.said and not one.is_sealed), None)
    if state == State.DONE and unsaid is not None:
        url = reverse("staff:case_say", kwargs={"report": unsaid.row.pk})
        return {"next_url": url, "next_text": _("Write down what they say")}
    return {}


def _acts(view: CaseView, desk: CaseDesk) -> list[tuple[Any, Links]]:
    """Give what else can be done, in two groups: with the case itself, and what else becomes of it."""
    may, row = set(view.acts), view.case
    keeps, named = view.may_keep, {"case": view.case.pk}
    has_next = row.state == State.WORKING
    wanted = [
        ("case_progress", _("Say how it stands"), keeps and "progress" in may),
        ("case_assign", _("Somebody else looks after it"), "assign" in may and row.state != State.NEW),
        ("case_finish", _("It is done"), keeps and "finish" in may and not has_next),
        ("case_decline", _("It cannot be done"), keeps and "decline" in may),
        ("case_public", _("What everybody reads"), keeps and row.confidentiality == "open" and not row.is_mediated),
        ("case_edit", _("Change the record"), keeps),
    ]
    becomes = [
        ("case_matter", _("Let all talk it over"), True),
        ("case_mediation", _("Ask for mediation"), "mediate" in may and not row.is_mediated),
        ("case_need", _("Make it a need"), True),
        ("case_room", _("Book a room for it"), True),
        ("case_activity", _("Plan an activity"), True),
    ]
    goes_on = keeps and row.state in (State.NEW, State.ASSIGNED, State.WORKING, State.WAITING, State.HANDED)
    first = [(reverse(f"staff:{name}", kwargs=named), text) for name, text, is_there in wanted if is_there]
    second = [(reverse(f"staff:{name}", kwargs=named), text) for name, text, is_there in becomes if is_there]
    return [(_("More to do"), first), (_("Make something of it"), second if goes_on else [])]


def _facts(view: CaseView, names: dict[UUID, str]) -> list[tuple[Any, ...]]:
    row = view.case
    who = names.get(row.responsible, row.responsible_name) if row.responsible else ""
    facts: list[tuple[Any, ...]] = [
        (_("Who looks after it"), who or row.responsible_name or NOBODY),
        (_("What it is about"), row.get_subject_display()),
        (pgettext("case", "Opened"), spoken(row.opened_at)),
        (_("First answer"), spoken(row.first_answer_at) if row.first_answer_at else "—"),
        (_("Who may know"), row.get_confidentiality_display()),
    ]
    if row.first_responder and row.first_responder != row.responsible:
        facts.insert(1, (_("Who took it first"), names.get(row.first_responder, "—")))
    if row.reopened:
        facts.append((_("Taken up again"), row.reopened))
    if row.urged:
        facts.append((_("Asked again"), row.urged))
    shown = _("shown: %(title)s") % {"title": row.public_title} if row.is_public else _("only for colleagues")
    facts.append((pgettext("case", "Board"), shown))
    if not row.is_public and row.hidden_reason:
        facts.append((_("Why it is not shown"), row.hidden_reason))
    for url, label in links_of(list(view.links), row):
        facts.append((_("Became"), label, url))
    return facts


def _promised(view: CaseView) -> list[Section]:
    rows = [
        Row(
            cells(
                _promise_cell(one.pk, one.words),
                one.owner_name,
                spoken(one.due_by),
                Cell(one.get_state_display(), tone="quiet"),
            ),
            pk=one.pk,
        )
        for one in view.commitments
    ]
    return [Section(_("What was promised"), table=small_table(COLUMNS_PROMISED, rows))] if rows else []


def _promise_cell(pk: UUID, words: str) -> Cell:
    return Cell(words, url=url_or_none("staff:commitment", commitment=pk) or "")


def _joined(view: CaseView) -> list[Section]:
    if not view.joined:
        return []
    lines = [
        _("No %(number)d %(title)s") % {"number": one.number, "title": short(one.title, 40)} for one in view.joined
    ]
    return [Section(_("Joined into this one"), lines=lines)]


def _alike(near: list[alike.AlikeCase], desk: CaseDesk, row: Case) -> list[Section]:
    found = [
        Row(
            cells(
                leads(short(title_of(desk.actor, one.case), 40), "case", case=one.case.pk),
                "、".join(one.shared[:6]) or (_("the same place") if one.is_same_place else ""),
                one.case.voices,
                Cell(one.case.get_state_display(), tone=STATE_TONES[State(one.case.state)]),
            ),
            pk=one.case.pk,
            presses=[
                Press(
                    reverse("staff:case_join", kwargs={"case": row.pk, "other_case": one.case.pk}),
                    _("Join into that one"),
                )
            ],
        )
        for one in near
        if looks_alike(one)
    ]
    return [Section(_("Is it the same as one of these?"), table=small_table(COLUMNS_ALIKE, found))] if found else []
