"""One visit: to whom, why, what it came to, what was promised and heard there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.needs.models import Visit, VisitConflict
from lianxin.domain.needs.queries import visits
from lianxin.domain.needs.queries.visit_homes import VisitHome
from lianxin.domain.needs.queries.visit_packages import note_of, open_promises, reason_in_words
from lianxin.faces.kit.dates import spoken, time_words
from lianxin.faces.kit.navigation import url_or_none
from lianxin.faces.kit.tables import Column
from lianxin.platform import scope
from lianxin.platform.clock import LOCAL

from ..needs.words import category_of
from ..points.lists import Cell, Row, cells, leads, small_table
from ..points.told import Section
from .desk import VisitsDesk, desk_of
from .gate import open_visit, reading
from .words import (
    PROMISE_TONES,
    VISIT_TONES,
    household_words,
    members_words,
    story,
    worker_words,
)

State = Visit.State
PROMISE_COLUMNS = (
    Column(pgettext_lazy("visits", "What was promised")),
    Column(pgettext_lazy("visits", "Due by")),
    Column(gettext_lazy("State")),
    Column(pgettext_lazy("visits", "How it went")),
)
HEARD_COLUMNS = (
    Column(pgettext_lazy("needs", "What they said")),
    Column(gettext_lazy("Category")),
    Column(gettext_lazy("State")),
)
EARLIER_COLUMNS = (
    Column(pgettext_lazy("visits", "Made on")),
    Column(pgettext_lazy("visits", "Why")),
    Column(gettext_lazy("State")),
    Column(pgettext_lazy("visits", "What was noted")),
)
SHOWN_NOTE = 60


@reading
def show(request: HttpRequest, visit: UUID) -> HttpResponse:
    """Show one visit."""
    desk = desk_of(request)
    row = open_visit(desk.actor, visit)
    home = desk.homes([row.household_id]).get(row.household_id)
    with scope.within(desk.actor.communities):
        names = visits.name_workers([row.worker])
        waits = [one for one in row.conflicts.order_by("received_at") if one.state == VisitConflict.State.OPEN]
        sections = _sections(row)
        entries = story(visits.timeline_of(actor=desk.actor, visit=row.pk))
    title = _("Visit to household %(number)s") % {"number": household_words(home)}
    context = desk.context("visits", title, (title, ""))
    context |= {
        "heading": False,
        "subtitle": " · ".join(filter(None, [row.community.short_name, members_words(home)])),
        "state_label": row.get_state_display(),
        "state_tone": VISIT_TONES[State(row.state)],
        "banners": _banners(row, waits, desk),
        "next_url": reverse("staff:visit_record", kwargs={"visit": row.pk}) if row.state == State.PLANNED else "",
        "next_text": _("Write it down"),
        "facts": _facts(row, home, names),
        "acts": _acts(row, waits),
        "sections": sections,
        "entries": entries,
    }
    return render(request, "staff/points/record.html", context)


def _banners(row: Visit, waits: list[VisitConflict], desk: VisitsDesk) -> list[tuple[str, str]]:
    found = []
    if waits:
        found.append(("due", _("A phone sent another record of this visit. Compare the two, nothing was overwritten.")))
    if row.state == State.PLANNED and row.due_on < desk.on:
        found.append(("due", _("Its day is over.")))
    if row.state == State.VOID and row.state_reason:
        found.append(("info", _("Called off: %(why)s") % {"why": row.state_reason}))
    return found


def _sections(row: Visit) -> list[Section]:
    owed = open_promises([row.household_id]).get(row.household_id, [])
    own = list(row.promises.order_by("made_at", "pk"))
    earlier = visits.list_of_household(household=row.household_id, but=row.pk)
    heard = visits.list_heard(visit=row.pk)
    found = []
    if row.recorded_at is not None:
        found.append(Section(pgettext("visits", "What was noted"), text=note_of(row) or _("Nothing was noted.")))
        found.append(Section(_("Promised there"), table=_promises(own), empty=_("Nothing was promised.")))
    open_before = [one for one in owed if one.visit_id != row.pk]
    if open_before:
        found.append(Section(_("Still owed from before"), table=_promises(open_before)))
    if heard:
        rows = [
            Row(cells(leads(one.words, "voice", voice=one.pk), category_of(one), one.get_state_display()), pk=one.pk)
            for one in heard
        ]
        found.append(Section(_("What they need"), table=small_table(HEARD_COLUMNS, rows)))
    if earlier:
        found.append(
            Section(_("Earlier visits"), table=small_table(EARLIER_COLUMNS, [_earlier(one) for one in earlier]))
        )
    return found


def _promises(rows: list[Any]) -> Any:
    return small_table(
        PROMISE_COLUMNS,
        [
            Row(
                cells(
                    leads(one.words, "visit_promise", visit_promise=one.pk),
                    spoken(one.due_on) if one.due_on else "",
                    Cell(one.get_state_display(), tone=PROMISE_TONES[one.state]),
                    one.result,
                ),
                pk=one.pk,
            )
            for one in rows
        ],
    )


def _earlier(one: Visit) -> Row:
    note = note_of(one)
    return Row(
        cells(
            leads(spoken(one.ended_at), "visit", visit=one.pk) if one.ended_at else "",
            one.get_reason_display(),
            Cell(one.get_state_display(), tone=VISIT_TONES[State(one.state)]),
            note if len(note) <= SHOWN_NOTE else note[:SHOWN_NOTE] + "…",
        ),
        pk=one.pk,
    )


def _facts(row: Visit, home: VisitHome | None, names: dict[UUID, str]) -> list[tuple[Any, ...]]:
    facts: list[tuple[Any, ...]] = []
    if home is not None:
        url = reverse("staff:household", kwargs={"household": home.id})
        facts += [
            (pgettext("visits", "Household"), home.number, url),
            (_("Address"), home.address),
        ]
        flags = [f"{one.name}: {'、'.join(one.flags)}" for one in home.members if one.flags]
        if flags:
            facts.append((pgettext("visits", "To mind"), "；".join(flags)))
    facts += [
        (pgettext("visits", "Why"), reason_in_words(row)),
        (pgettext("visits", "Due by"), spoken(row.due_on)),
        (pgettext("visits", "Who goes"), worker_words(row, names)),
    ]
    for survey, title in visits.name_surveys([row.survey_id]).items():
        facts.append((pgettext("visits", "Questionnaire"), title, url_or_none("staff:survey", survey=survey) or ""))
    if row.started_at and row.ended_at:
        times = [time_words(one.astimezone(LOCAL).time()) for one in (row.started_at, row.ended_at)]
        facts.append(
            (pgettext("visits", "Made on"), f"{spoken(row.started_at.astimezone(LOCAL).date())} {'–'.join(times)}")
        )
    if row.submission_id is not None:
        filled_url = url_or_none("staff:submission", submission=row.submission_id) or ""
        facts.append((_("Filled-in questionnaire"), pgettext("visits", "Look at it"), filled_url))
    if row.lng is not None and row.lat is not None:
        facts.append(
            (
                pgettext("visits", "Where"),
                _("%(lat).4f, %(lng).4f, within %(metres)d m")
                % {"lat": row.lat, "lng": row.lng, "metres": row.accuracy_metres or 0},
            )
        )
    return facts


def _acts(row: Visit, waits: list[VisitConflict]) -> list[tuple[str, Any]]:
    named = {"visit": row.pk}
    acts: list[tuple[str, Any]] = [
        (reverse("staff:visit_conflict", kwargs={"visit_conflict": one.pk}), _("Compare the records")) for one in waits
    ]
    if row.state == State.PLANNED:
        acts.append((reverse("staff:visit_change", kwargs=named), _("Change the plan")))
        acts.append((reverse("staff:visit_call_off", kwargs=named), _("Call the visit off")))
    elif row.recorded_at is not None:
        acts.append((reverse("staff:visit_promise_new", kwargs=named), _("Add a promise")))
    return acts
