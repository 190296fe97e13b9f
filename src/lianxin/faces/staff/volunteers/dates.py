"""The volunteers of one date of an activity: its shifts, who holds them, one more of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.activities.commands import shifts as commands
from lianxin.domain.activities.models import Shift, ShiftPlace
from lianxin.domain.activities.queries.shifts import PlaceRow, ShiftRow, list_of_occurrence
from lianxin.faces.kit.tables import Column
from lianxin.platform.clock import LOCAL, now

from ..acting import answer_form
from ..activities.desk import OccurrenceDesk, occurrence_desk
from ..activities.gate import planning, reading
from ..points.lists import Cell, Row, cells, small_table
from ..points.told import Section
from .desk import desk_of
from .shift_forms import ShiftForm, page_of
from .words import PLACE_TONES, hours_words, span_words

State = Shift.State
COLUMNS = (
    Column(gettext_lazy("Name")),
    Column(gettext_lazy("Sent by")),
    Column(gettext_lazy("State")),
    Column(pgettext_lazy("volunteering", "Hours")),
)
OPEN_TO_MORE = ("draft", "published")


@reading
def show(request: HttpRequest, occurrence: UUID) -> HttpResponse:
    """Show the shifts of a date with who holds them."""
    desk = occurrence_desk(request, occurrence)
    found = list_of_occurrence(actor=desk.actor, occurrence=occurrence)
    context = desk.context("occurrence_shifts", (_("Volunteers"), "")) | {
        "sections": [_section(row, places) for row, places in found] or [_nothing()],
        "banners": _banners([row for row, _places in found]),
        "facts": [
            (_("Shifts"), len(found)),
            (_("Wanted"), sum(row.most for row, _places in found)),
            (_("Have taken it"), sum(row.taken for row, _places in found)),
        ],
        "acts": _acts(desk),
    }
    return render(request, "staff/points/record.html", context)


def _nothing() -> Section:
    return Section(_("No shifts"), lines=[_("Nobody is asked to help at this date.")])


def _banners(rows: list[ShiftRow]) -> list[tuple[str, str]]:
    missing = sum(row.missing for row in rows if row.state == State.OPEN)
    return [("due", _("%(n)d volunteers are missing.") % {"n": missing})] if missing else []


def _section(row: ShiftRow, places: list[PlaceRow]) -> Section:
    live = [place for place in places if place.state != ShiftPlace.State.CANCELLED]
    held = _("%(taken)d of %(most)d") % {"taken": row.taken, "most": row.most}
    said = [f"{span_words(row.starts_at, row.ends_at)} · {State(row.state).label} · {held}"]
    return Section(
        row.role,
        lines=[*said, *([row.what] if row.what else [])],
        table=small_table(COLUMNS, [_place(place) for place in live]),
        empty=_("Nobody has taken it yet."),
        links=[(page_of(row.id), _("Open the shift"))],
    )


def _place(place: PlaceRow) -> Row:
    state = ShiftPlace.State(place.state)
    sent = place.organisation_name or (_("reports in") if place.is_reporting_in else "")
    minutes = hours_words(place.minutes) if place.minutes else ""
    return Row(cells(place.name, sent, Cell(state.label, tone=PLACE_TONES[state]), minutes), pk=place.id)


def _acts(desk: OccurrenceDesk) -> list[tuple[str, Any]]:
    acts: list[tuple[str, Any]] = []
    if desk.runs and desk.row.state in OPEN_TO_MORE and desk.row.ends_at > desk.at:
        acts.append((desk.url("occurrence_shift_new"), _("Ask for more helpers")))
    acts.append((reverse("staff:shifts", kwargs={"community": desk.row.community_id}), _("All shifts")))
    return acts


@planning
def new(request: HttpRequest, occurrence: UUID) -> HttpResponse:
    """Ask for helpers at a date; a draft's shift opens when it is published."""
    date = occurrence_desk(request, occurrence)
    row = date.row
    desk = desk_of(request, row.community_id)
    start, end = row.starts_at.astimezone(LOCAL), row.ends_at.astimezone(LOCAL)
    form = ShiftForm(
        request.POST or None,
        desk=desk,
        initial={
            "on": start.date(),
            "from_time": start.time(),
            "until_time": end.time(),
            "venue": str(row.venue_id or ""),
            "place": row.place,
            "least": 1,
            "most": 2,
        },
    )
    is_open = row.state == "published"
    return answer_form(
        request,
        form,
        do=lambda wanted: commands.open_shift(
            actor=desk.actor,
            community=row.community_id,
            occurrence=occurrence,
            is_open=is_open,
            at=now(),
            key=wanted["key"],
            **form.entries(),
        ),
        then=lambda _row: date.url("occurrence_shifts"),
        said=_("The shift is open. Residents nearby see it.")
        if is_open
        else _("Noted. It opens when the activity is published."),
        title=_("Ask for helpers"),
        lead=f"{date.title} · {date.when}",
        button=pgettext("volunteering", "Ask"),
        cancel_url=date.url("occurrence_shifts"),
        crumbs=date.crumbs((_("Volunteers"), date.url("occurrence_shifts")), (_("Ask for helpers"), "")),
    )
