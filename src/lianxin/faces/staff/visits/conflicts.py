"""Records from phones that met another one: side by side, field by field, until somebody decides."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.needs.commands import visit_conflicts as commands
from lianxin.domain.needs.models import Visit, VisitConflict
from lianxin.domain.needs.queries import visits
from lianxin.domain.needs.rules import visit_records
from lianxin.faces.kit.acting import key_of, press
from lianxin.faces.kit.dates import spoken, time_words
from lianxin.faces.kit.tables import Column
from lianxin.platform import scope
from lianxin.platform.clock import LOCAL
from lianxin.platform.errors import Problem

from ..acting import ActForm, answer_form
from ..needs.desk import page_of
from ..points.lists import Cell, Page, Press, Row, answer_list, cells, leads, small_table
from ..points.told import Section
from .desk import COMMUNITY, VisitsDesk, desk_of, visit_url
from .gate import open_conflict, pressing, reading, sending
from .words import CONFLICT_TONES, household_words

State = VisitConflict.State
COLUMNS = (
    Column(pgettext_lazy("visits", "Household")),
    Column(pgettext_lazy("visits", "Came in on")),
    Column(pgettext_lazy("visits", "Sent by")),
    Column(pgettext_lazy("visits", "Why it was not taken")),
    Column(COMMUNITY),
    Column(gettext_lazy("State")),
)
PAIR_COLUMNS = (
    Column(""),
    Column(pgettext_lazy("visits", "What stands")),
    Column(pgettext_lazy("visits", "What the phone sent")),
)
NAMES: dict[str, Any] = {
    "outcome": pgettext_lazy("visits", "How it went"),
    "started_at": pgettext_lazy("visits", "From"),
    "ended_at": pgettext_lazy("visits", "To"),
    "note": pgettext_lazy("visits", "What was noted"),
    "made": pgettext_lazy("visits", "What was promised"),
    "ended": pgettext_lazy("visits", "Promises closed"),
    "wishes": gettext_lazy("What they need"),
    "submission": pgettext_lazy("visits", "Questionnaire"),
    "place": pgettext_lazy("visits", "Where"),
}
# What a visit does not keep of its own: closed promises stand with the promises.
ONLY_SENT = ("ended",)


@reading
def browse(request: HttpRequest) -> HttpResponse:
    """List the records that wait to be compared."""
    desk = desk_of(request)
    with scope.within(desk.actor.communities):
        rows = visits.list_conflicts(actor=desk.actor, state=request.GET.get("state", "") or State.OPEN)

        def fetch(after: str) -> Page:
            part, following = page_of(rows, after)
            return _rows(part, desk), following

        context = desk.context("conflicts", _("To be compared"))
        context |= {
            "form": ConflictFilter(request.GET),
            "lead": _("A phone sent these, and they could not be taken as they are. Nothing was lost or overwritten."),
            "empty_title": _("Nothing waits to be compared."),
            "empty_text": _("When two people record one visit, both records come here."),
        }
        return answer_list(request, columns=desk.columns(COLUMNS), fetch=fetch, context=context, count=rows.count())


class ConflictFilter(forms.Form):
    """Which records to see."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[*State.choices, ("all", gettext_lazy("All"))]
    )


def _rows(part: list[VisitConflict], desk: VisitsDesk) -> list[Row]:
    homes = desk.homes(row.visit.household_id for row in part)
    names = visits.name_workers(row.sent_by for row in part)
    return [
        Row(
            cells(
                leads(household_words(homes.get(row.visit.household_id)), "visit_conflict", visit_conflict=row.pk),
                spoken(row.received_at),
                names.get(row.sent_by, "") if row.sent_by else "",
                _content(row).get("why", ""),
                *desk.place(row.community.short_name),
                Cell(row.get_state_display(), tone=CONFLICT_TONES[State(row.state)]),
            ),
            pk=row.pk,
        )
        for row in part
    ]


def _content(row: VisitConflict) -> dict[str, Any]:
    try:
        return commands.content_of(row)
    except Problem as problem:
        return {"why": str(problem.detail), "record": None}


@reading
def show(request: HttpRequest, visit_conflict: UUID) -> HttpResponse:
    """Show both records side by side."""
    desk = desk_of(request)
    row = open_conflict(desk.actor, visit_conflict)
    content = _content(row)
    home = desk.homes([row.visit.household_id]).get(row.visit.household_id)
    with scope.within(desk.actor.communities):
        there = content.get("before") or commands.standing(row.visit)
        names = visits.name_workers([row.sent_by, row.visit.worker])
    sent = _readable(content.get("record"))
    title = _("Two records of one visit") if there else _("A record that could not be taken")
    is_open = row.state == State.OPEN
    named = {"visit_conflict": row.pk}
    context = desk.context("conflicts", title, (_("To be compared"), reverse("staff:visit_conflicts")), (title, ""))
    sections = (
        [
            Section(
                _("Side by side"),
                lines=[_("What is marked differs.")] if there else (),
                table=_side_by_side(there, sent),
            )
        ]
        if sent is not None
        else [Section(_("What the phone sent"), copy=_raw(content.get("record")))]
    )
    facts: list[tuple[Any, ...]] = [
        (pgettext("visits", "Household"), household_words(home), visit_url(row.visit_id)),
        (pgettext("visits", "Came in on"), spoken(row.received_at)),
        (pgettext("visits", "Sent by"), names.get(row.sent_by, "—") if row.sent_by else "—"),
    ]
    if there:
        facts.append((_("Written down by"), names.get(row.visit.worker, "—") if row.visit.worker else "—"))
    context |= {
        "heading": False,
        "subtitle": row.community.short_name,
        "state_label": row.get_state_display(),
        "state_tone": CONFLICT_TONES[State(row.state)],
        "banners": [("due", content["why"])] if is_open and content.get("why") else [],
        "next_url": reverse("staff:visit_conflict_take", kwargs=named) if is_open and sent is not None else "",
        "next_text": _("Take the phone's"),
        "presses": [Press(reverse("staff:visit_conflict_leave", kwargs=named), _("Leave what is there"))]
        if is_open
        else [],
        "facts": facts,
        "sections": sections,
        "entries": None,
    }
    return render(request, "staff/points/record.html", context)


def _readable(record: Any) -> dict[str, Any] | None:
    try:
        return visit_records.plain(visit_records.read(record))
    except Problem:
        return None


def _raw(record: Any) -> str:
    return json.dumps(record, ensure_ascii=False, indent=1)[:20_000]


def _side_by_side(there: dict[str, Any], sent: dict[str, Any]) -> Any:
    shown = []
    for pair in visit_records.compared(_in_words(there), _in_words(sent), list(NAMES)):
        if not pair.there and not pair.sent:
            continue
        differs = pair.differs and bool(there) and pair.name not in ONLY_SENT
        shown.append(Row(cells(Cell(NAMES[pair.name], tone="due" if differs else ""), pair.there, pair.sent)))
    return small_table(PAIR_COLUMNS, shown)


def _in_words(record: dict[str, Any]) -> dict[str, str]:
    """Say each field of a record, whichever of the two ways it is kept in."""
    place = record.get("place")
    submission = record.get("submission")
    outcomes = dict(Visit.State.choices)
    return {
        "outcome": str(outcomes.get(record.get("outcome", ""), record.get("outcome", ""))),
        "started_at": _when(record.get("started_at")),
        "ended_at": _when(record.get("ended_at")),
        "note": record.get("note") or "",
        "made": "；".join(_words(one) for one in record.get("made") or ()),
        "ended": "；".join(_closed(one) for one in record.get("ended") or ()),
        "wishes": "；".join(_words(one) for one in record.get("wishes") or ()),
        "submission": _("filled in") if submission else "",
        "place": f"{place['lng']:.5f} {place['lat']:.5f}" if isinstance(place, dict) else place or "",
    }


def _words(one: Any) -> str:
    return str(one["words"]) if isinstance(one, dict) else str(one)


def _closed(one: dict[str, Any]) -> str:
    said = pgettext("promise", "kept") if one["state"] == visit_records.KEPT else _("cannot be kept")
    return f"{said} {one['result']}".strip()


def _when(text: Any) -> str:
    if not text:
        return ""
    moment = datetime.fromisoformat(text).astimezone(LOCAL)
    return f"{spoken(moment.date())} {time_words(moment.time())}"


class TakeForm(ActForm):
    """What is left out of the phone's record."""

    without_form = forms.BooleanField(
        label=gettext_lazy("Without the questionnaire"),
        required=False,
        help_text=gettext_lazy("When it is closed meanwhile, or has mistakes. It stays readable here."),
    )
    without_ended = forms.BooleanField(label=gettext_lazy("Without the promises that it closes"), required=False)


@sending
def take(request: HttpRequest, visit_conflict: UUID) -> HttpResponse:
    """Let the phone's record stand; the other one is kept beside it."""
    desk = desk_of(request)
    row = open_conflict(desk.actor, visit_conflict)
    sent = _readable(_content(row).get("record")) or {}
    form = TakeForm(request.POST or None)
    for name, part in (("without_form", "submission"), ("without_ended", "ended")):
        if not sent.get(part):
            del form.fields[name]
    back = reverse("staff:visit_conflict", kwargs={"visit_conflict": row.pk})
    return answer_form(
        request,
        form,
        do=lambda entered: commands.decide(
            actor=desk.actor,
            conflict=visit_conflict,
            take=True,
            without_form=entered.get("without_form", False),
            without_ended=entered.get("without_ended", False),
            at=desk.at,
            key=entered["key"],
        ),
        then=lambda found: visit_url(found.visit_id),
        said=_("The phone's record stands now. The other one is kept beside it."),
        title=_("Take the phone's"),
        lead=_("What the phone noted takes the place of what stands. Promises and needs of both records stay."),
        button=_("Take the phone's"),
        cancel_url=back,
        crumbs=desk.crumbs(
            (_("To be compared"), reverse("staff:visit_conflicts")), (_("Two records of one visit"), back)
        ),
    )


@pressing
def leave(request: HttpRequest, visit_conflict: UUID) -> HttpResponse:
    """Leave what is there; the phone's record is kept beside it."""
    desk = desk_of(request)
    open_conflict(desk.actor, visit_conflict)
    return press(
        request,
        do=lambda: commands.decide(
            actor=desk.actor, conflict=visit_conflict, take=False, at=desk.at, key=key_of(request)
        ),
        back=reverse("staff:visit_conflicts"),
        said=_("What was there stays. The phone's record is kept beside it."),
    )
