"""One reception day: who comes when, who waits in line, who was received, and closing, moving or calling it off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.voice.commands import receiving
from lianxin.domain.voice.models import ReceptionDay, ReceptionPlace
from lianxin.domain.voice.queries import receptions
from lianxin.faces.kit.tables import Column
from lianxin.platform import scope

from ..points.lists import Cell, Press, Row, cells, small_table
from ..points.told import Section
from .case_desk import CaseDesk, desk_of
from .reception_gate import open_day, reading
from .reception_plan import crumbs, series_url
from .reception_words import DAY_TONES, PLACE_TONES, day_of, hours, story, who

State, Place = ReceptionDay.State, ReceptionPlace.State
SLOT_COLUMNS = (
    Column(pgettext_lazy("reception", "Time")),
    Column(pgettext_lazy("reception", "Who")),
    Column(pgettext_lazy("reception", "About")),
    Column(gettext_lazy("State")),
)
LINE_COLUMNS = (
    Column(pgettext_lazy("reception", "Who")),
    Column(pgettext_lazy("reception", "About")),
    Column(gettext_lazy("State")),
)


def day_url(day: UUID) -> str:
    """Give the page of a day."""
    return reverse("staff:reception", kwargs={"reception": day})


def place_url(place: UUID) -> str:
    """Give the page of somebody's place."""
    return reverse("staff:received", kwargs={"received": place})


def day_crumbs(row: ReceptionDay, last: Any) -> list[tuple[Any, str]]:
    """Give the way to a page about a day."""
    return crumbs((f"{row.series.title} {day_of(row)}", day_url(row.pk)), (last, ""))


@reading
def show(request: HttpRequest, reception: UUID) -> HttpResponse:
    """Show one day; names are shown, masked, to those who keep the calendar."""
    desk = desk_of(request)
    bundle = open_day(desk.actor, reception)
    row = bundle.day
    with scope.within(desk.actor.communities):
        entries = story(receptions.timeline(desk.actor, "voice.receptionday", row.pk))
    context: dict[str, Any] = {
        "title": f"{row.series.title} · {day_of(row)}",
        "heading": False,
        "crumbs": crumbs((day_of(row), "")),
        "subtitle": f"{row.community.short_name} · {hours(row.starts_at, row.ends_at)} · {bundle.where}",
        "state_label": row.get_state_display(),
        "state_tone": DAY_TONES[row.state],
        "banners": _banners(bundle),
        "facts": _facts(bundle),
        "acts": _acts(row, desk) if desk.keeps else [],
        "presses": _presses(row) if desk.keeps else [],
        "sections": _sections(bundle, desk),
        "entries": entries,
    }
    if desk.keeps and row.state in (State.PLANNED, State.MISSED) and row.starts_at <= desk.at:
        context |= {"next_url": _act("reception_close", row), "next_text": _("Close the day")}
    elif desk.keeps and row.state == State.PLANNED:
        context |= {"next_url": _act("reception_book", row), "next_text": _("Put somebody down")}
    return render(request, "staff/points/record.html", context)


def _act(name: str, row: ReceptionDay) -> str:
    return reverse(f"staff:{name}", kwargs={"reception": row.pk})


def _banners(bundle: receptions.DayBundle) -> list[tuple[str, str]]:
    row, found = bundle.day, []
    if bundle.holiday and row.state == State.PLANNED:
        text = _("This day falls on a holiday: %(name)s. You can move it.") % {"name": bundle.holiday}
        found.append(("due", text))
    if row.state_words:
        found.append(("stop" if row.state == State.MISSED else "info", row.state_words))
    if row.series.room_id is not None and row.booking_id is None and row.state == State.PLANNED:
        found.append(("due", _("The room is not booked for this day: it is taken or closed. Find another place.")))
    return found


def _facts(bundle: receptions.DayBundle) -> list[tuple[Any, ...]]:
    row = bundle.day
    facts: list[tuple[Any, ...]] = [
        (pgettext("reception", "What"), row.series.title, series_url(row.series_id)),
        (pgettext("reception", "Who receives"), row.leader_name),
        (pgettext("reception", "Where"), bundle.where),
        (pgettext("reception", "Taken"), f"{row.taken} / {row.slots}"),
    ]
    if row.leader_came is not None:
        came = pgettext("reception", "yes") if row.leader_came else pgettext("reception", "no")
        facts.append((_("Did who was to receive come?"), came))
    return facts


def _acts(row: ReceptionDay, desk: CaseDesk) -> list[tuple[str, Any]]:
    begun = row.starts_at <= desk.at
    found: list[tuple[str, Any, bool]] = [
        ("reception_book", _("Put somebody down"), row.state == State.PLANNED and not begun),
        ("reception_walk_in", _("Somebody came by"), row.state in receiving.OPEN and begun),
        ("reception_sheet", _("Print the list"), True),
        ("reception_move", _("Move it to another day"), row.state == State.PLANNED),
        ("reception_leader", _("Somebody else receives"), row.state == State.PLANNED),
        ("reception_cancel", _("Call it off"), row.state == State.PLANNED and not begun),
        ("reception_missed", _("It was not held"), row.state == State.PLANNED and begun),
    ]
    return [(_act(name, row), text) for name, text, wanted in found if wanted]


def _presses(row: ReceptionDay) -> list[Press]:
    if row.state == State.PLANNED and row.series.room_id is not None and row.booking_id is None:
        return [Press(_act("reception_room", row), _("Try to book the room again"))]
    return []


def _sections(bundle: receptions.DayBundle, desk: CaseDesk) -> list[Section]:
    row = bundle.day
    slots = []
    for slot in bundle.slots:
        place = slot.place
        state = Cell(place.get_state_display(), tone=PLACE_TONES[place.state]) if place else Cell(_("free"))
        slots.append(
            Row(
                cells(hours(slot.starts_at, slot.ends_at), *_who(place, desk), state),
                pk=place.pk if place else None,
            )
        )
    found = [Section(_("Times"), table=small_table(SLOT_COLUMNS, slots), empty=_("No time on this day."))]
    for title, places in (
        (_("In the waiting line"), bundle.waiting),
        (_("Came by without a place"), bundle.walked_in),
        (_("Given up"), bundle.given_up),
    ):
        if places:
            found.append(Section(title, table=small_table(LINE_COLUMNS, _line(places, desk))))
    if row.summary:
        found.append(Section(_("What came of it"), text=row.summary))
    return found


def _line(places: Sequence[ReceptionPlace], desk: CaseDesk) -> list[Row]:
    return [
        Row(cells(*_who(one, desk), Cell(one.get_state_display(), tone=PLACE_TONES[one.state])), pk=one.pk)
        for one in places
    ]


def _who(place: ReceptionPlace | None, desk: CaseDesk) -> tuple[Any, Any]:
    if place is None:
        return "", ""
    if not desk.keeps:
        return _("somebody"), ""
    return Cell(who(place), url=place_url(place.pk)), place.about[:60]
