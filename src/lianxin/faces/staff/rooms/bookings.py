"""Bookings: the list, and one of them with its dates."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.bookings.models import Booking, BookingTime
from lianxin.domain.bookings.queries.bookings import BookingBundle, BookingLine, find_booking, list_bookings
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.platform.clock import local_day

from ..points.lists import Cell, Page, Press, Row, answer_list, cells, leads, small_table
from ..points.told import Section
from .desk import PlaceFilter, RoomsDesk, desk_of, optional_day, room_url
from .gate import reading
from .told import story
from .words import STATES, TIME_STATES, TIME_TONES, dates_of, say_span, state_of

State, TimeState = Booking.State, BookingTime.State
EARLY = timedelta(minutes=30)
COLUMNS = (
    Column(gettext_lazy("When")),
    Column(pgettext_lazy("rooms", "Place")),
    Column(gettext_lazy("Room")),
    Column(gettext_lazy("What for")),
    Column(gettext_lazy("Who")),
    Column(gettext_lazy("Repeated")),
    Column(pgettext_lazy("rooms", "Asked on")),
    Column(gettext_lazy("State")),
)
TIME_COLUMNS = (Column(gettext_lazy("When")), Column(gettext_lazy("Room")), Column(gettext_lazy("State")), Column(""))


class BookingsFilter(PlaceFilter):
    """Which bookings to see."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[("", gettext_lazy("All")), *STATES.items()]
    )
    since = optional_day(gettext_lazy("From"))
    until = optional_day(pgettext_lazy("rooms", "To"))
    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=80)


def _days(request: HttpRequest) -> tuple[date | None, date | None]:
    found: list[date | None] = []
    for name in ("since", "until"):
        try:
            found.append(date.fromisoformat(request.GET.get(name, "")))
        except ValueError:
            found.append(None)
    return found[0], found[1] + timedelta(days=1) if found[1] and found[1] < date.max else None


@reading
def browse(request: HttpRequest) -> HttpResponse:
    """List bookings, newest first."""
    desk = desk_of(request)
    form = BookingsFilter(request.GET, desk=desk)
    state = request.GET.get("state", "")
    from_on, until_on = _days(request)

    def fetch(after: str) -> Page:
        found = list_bookings(
            actor=desk.actor,
            at=desk.at,
            communities=form.communities,
            venue=form.venue_id,
            state=state if state in State.values else "",
            from_on=from_on,
            until_on=until_on,
            text=request.GET.get("q", "")[:80],
            after=after,
        )
        return [row_of(line) for line in found.rows], found.after

    asked = state == State.ASKED
    context = desk.context("asked" if asked else "bookings", _("Bookings to be decided") if asked else _("Bookings"))
    context |= {
        "form": form,
        "buttons": [(reverse("staff:rooms_all"), _("Book a room"))],
        "empty_title": _("Nothing is to be decided.") if asked else _("Nothing is booked."),
        "empty_text": _("What residents and partners ask for stands here until somebody decides.")
        if asked
        else _("Choose a room and book it, or take what fewer filters leave."),
    }
    return answer_list(request, columns=COLUMNS, fetch=fetch, context=context)


def row_of(line: BookingLine) -> Row:
    """Make the row of a booking."""
    word, tone = state_of(line)
    return Row(
        cells(
            leads(dates_of(line) or "—", "booking", booking=line.id),
            line.venue_name,
            line.room_name,
            line.title,
            line.who,
            line.recurrence,
            local_day(line.asked_at),
            Cell(word, tone=tone),
        ),
        pk=line.id,
    )


def booking_url(booking: UUID) -> str:
    """Give the page of a booking."""
    return reverse("staff:booking", kwargs={"booking": booking})


@reading
def show(request: HttpRequest, booking: UUID) -> HttpResponse:
    """Show one booking: for what, for whom, its dates, what happened."""
    desk = desk_of(request)
    bundle = find_booking(actor=desk.actor, booking=booking, on=desk.on)
    line = bundle.line
    word, tone = state_of(line)
    live = line.state in (State.ASKED, State.CONFIRMED)
    context = desk.context("bookings", line.title, (_("Bookings"), reverse("staff:bookings")), (line.title, ""))
    context |= {
        "heading": False,
        "subtitle": f"{line.venue_name} {line.room_name}",
        "state_label": word,
        "state_tone": tone,
        "banners": _banners(bundle),
        "presses": _presses(bundle) if bundle.keeps else [],
        "facts": _facts(bundle),
        "acts": _acts(bundle, desk) if live else [],
        "sections": [
            *([Section(_("Note"), text=bundle.row.note)] if bundle.row.note else []),
            *([Section(_("Answer"), text=bundle.row.answer)] if bundle.row.answer else []),
            Section(
                _("Dates"),
                table=small_table(TIME_COLUMNS, [_time_row(one, bundle, desk) for one in bundle.times]),
                empty=_("There is no date."),
            ),
        ],
        "entries": story(bundle.timeline) if bundle.keeps else None,
        "title": line.title,
    }
    return render(request, "staff/rooms/record.html", context)


def _banners(bundle: BookingBundle) -> list[tuple[str, str]]:
    found = []
    if bundle.line.is_confidential:
        found.append(("info", _("A confidential room: lists, calendars and exports only say that it is taken.")))
    if bundle.offered_until is not None:
        words = _("Held until %(until)s for who waited for this slot.")
        found.append(("due", words % {"until": spoken(bundle.offered_until)}))
    if bundle.line.record_kind:
        found.append(("info", _("This was booked for an activity. Change the activity, and its room follows.")))
    return found


def _presses(bundle: BookingBundle) -> list[Press]:
    if bundle.line.state != State.ASKED or bundle.offered_until is not None:
        return []
    return [Press(reverse("staff:booking_approve", kwargs={"booking": bundle.line.id}), _("Approve"), "primary")]


def _facts(bundle: BookingBundle) -> list[tuple[Any, ...]]:
    row, line = bundle.row, bundle.line
    facts: list[tuple[Any, ...]] = [
        (_("Room"), f"{line.venue_name} {line.room_name}", room_url(line.room)),
        (pgettext("rooms", "For"), line.who),
        (pgettext("rooms", "Asked on"), spoken(line.asked_at)),
    ]
    if line.recurrence:
        facts.append((_("Repeated"), line.recurrence))
    if bundle.contact_name:
        facts.append((_("Contact"), bundle.contact_name))
    if bundle.masked_phone:
        facts.append((_("Phone"), bundle.masked_phone))
    if row.people_expected:
        facts.append((_("People expected"), row.people_expected))
    if row.set_up:
        facts.append((_("Arrangement"), row.set_up))
    return facts


def _acts(bundle: BookingBundle, desk: RoomsDesk) -> list[tuple[str, Any]]:
    named = {"booking": bundle.line.id}
    acts: list[tuple[str, Any]] = []
    if not (bundle.keeps or bundle.is_own or bundle.row.booked_by == desk.actor.account):
        return acts
    if bundle.keeps and bundle.line.state == State.ASKED and bundle.offered_until is None:
        acts.append((reverse("staff:booking_refuse", kwargs=named), _("Refuse")))
    if bundle.line.record_kind:
        return acts
    acts.append((reverse("staff:booking_edit", kwargs=named), _("Change what it is for")))
    ahead = [
        one for one in bundle.times if one.state in (TimeState.ASKED, TimeState.CONFIRMED) and one.starts_at > desk.at
    ]
    if len(ahead) > 1:
        acts.append((reverse("staff:booking_series", kwargs=named), _("Change the hours of all dates")))
    if bundle.row.recurrence:
        acts.append((reverse("staff:booking_extend", kwargs=named), _("Add further dates")))
    acts.append((reverse("staff:booking_cancel", kwargs=named), _("Cancel the booking")))
    return acts


def _time_row(one: BookingTime, bundle: BookingBundle, desk: RoomsDesk) -> Row:
    named = {"time": one.pk}
    changeable = one.state in (TimeState.ASKED, TimeState.CONFIRMED) and one.ends_at > desk.at
    may = bundle.keeps or bundle.is_own or bundle.row.booked_by == desk.actor.account
    words = say_span(one.starts_at, one.ends_at)
    when = f"{words} *" if one.is_moved else words
    cell = Cell(when)
    if may and changeable and not bundle.line.record_kind:
        cell = Cell(when, url=reverse("staff:booking_time_move", kwargs=named))
    presses = []
    if bundle.keeps and one.state == TimeState.CONFIRMED and one.starts_at - EARLY <= desk.at < one.ends_at:
        presses.append(Press(reverse("staff:booking_time_came", kwargs=named), _("They are here")))
    if bundle.keeps and one.state == TimeState.USED and one.ended_at is None:
        presses.append(Press(reverse("staff:booking_time_undo", kwargs=named), _("They were not here"), "plain"))
        if one.ends_at > desk.at:
            presses.append(Press(reverse("staff:booking_time_back", kwargs=named), _("They have left")))
    return Row(
        cells(cell, one.room.name, Cell(TIME_STATES[one.state], tone=TIME_TONES[one.state])),
        pk=one.pk,
        presses=presses,
    )
