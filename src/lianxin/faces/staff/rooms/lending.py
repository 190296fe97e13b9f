"""All rooms with their terms, and the page of one room: terms, hours, closings, who comes, who waits, study seats."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from lianxin.domain.bookings.models import RoomTerms, SlotWait
from lianxin.domain.bookings.queries.board import list_ahead
from lianxin.domain.bookings.queries.terms import LentRoom, list_closings, list_hours, list_rooms
from lianxin.domain.bookings.queries.waiting import list_waits, open_stays
from lianxin.engines.masking import mask_name
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.platform import scope

from ..points.lists import Cell, Page, Press, Row, answer_list, cells, leads, small_table
from ..points.told import Section
from .board import entry_words
from .desk import PlaceFilter, RoomsDesk, desk_of, room_crumbs
from .gate import open_room, reading
from .words import OPEN_TO, TIME_STATES, TIME_TONES, WEEKDAYS, say_span, terms_words

DAYS_SHOWN = 14
COLUMNS = (
    Column(gettext_lazy("Room")),
    Column(pgettext_lazy("rooms", "Place")),
    Column(gettext_lazy("Seats"), numeric=True),
    Column(gettext_lazy("Who may book it")),
    Column(gettext_lazy("Approval")),
    Column(gettext_lazy("Confidential")),
    Column(gettext_lazy("Longest time")),
    Column(gettext_lazy("Study seats"), numeric=True),
)
AHEAD_COLUMNS = (Column(gettext_lazy("When")), Column(gettext_lazy("What for")), Column(gettext_lazy("State")))
CLOSING_COLUMNS = (Column(gettext_lazy("When")), Column(gettext_lazy("Reason")), Column(""))
WAIT_COLUMNS = (
    Column(gettext_lazy("Slot")),
    Column(gettext_lazy("Who")),
    Column(pgettext_lazy("rooms", "Asked on")),
    Column(gettext_lazy("State")),
    Column(""),
)
WAIT_STATES: dict[str, Any] = {
    SlotWait.State.WAITING: gettext_lazy("waits"),
    SlotWait.State.OFFERED: gettext_lazy("is offered the slot"),
}


class RoomsFilter(PlaceFilter):
    """Which rooms to see."""

    open_to = forms.ChoiceField(
        label=gettext_lazy("Who may book it"), required=False, choices=[("", gettext_lazy("All")), *OPEN_TO.items()]
    )
    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=80)


@reading
def browse(request: HttpRequest) -> HttpResponse:
    """List all rooms with the terms on which they are lent."""
    desk = desk_of(request)
    form = RoomsFilter(request.GET, desk=desk)
    venues = [form.venue_id] if form.venue_id else None
    if not desk.actor.holds("community_staff", "subdistrict_staff", "district_staff"):
        venues = [pk for pk in venues or desk.actor.venues if pk in desk.actor.venues]
    with scope.within(desk.actor.communities):
        found = list_rooms(communities=form.communities, venues=venues, text=request.GET.get("q", "")[:80])
    wanted = request.GET.get("open_to", "")
    rooms = [one for one in found if wanted not in RoomTerms.OpenTo.values or one.terms.open_to == wanted]

    def fetch(after: str) -> Page:
        start = int(after) if after.isdigit() else 0
        part = rooms[start : start + 50]
        return [_row(one) for one in part], str(start + 50) if start + 50 < len(rooms) else ""

    context = desk.context("rooms_all", _("All rooms"))
    context |= {
        "form": form,
        "empty_title": _("There are no such rooms."),
        "empty_text": _("Rooms are entered at their venue; here it is said who may book them."),
    }
    return answer_list(request, columns=COLUMNS, fetch=fetch, context=context, count=len(rooms))


def _row(one: LentRoom) -> Row:
    terms = one.terms
    lent = terms.open_to != RoomTerms.OpenTo.STAFF
    return Row(
        cells(
            leads(one.room.name, "room_lending", room=one.room.pk),
            one.room.venue.name,
            one.room.seats,
            str(OPEN_TO[terms.open_to]),
            (_("needed") if terms.needs_approval else _("booked at once")) if lent else "",
            _("yes") if one.is_confidential else "",
            minutes_words(terms.longest_minutes) if lent else "",
            one.seats.seats if one.seats else None,
        ),
        pk=one.room.pk,
    )


def minutes_words(minutes: int) -> str:
    """Say a length of time."""
    if minutes % 60 == 0:
        hours = minutes // 60
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}


@reading
def show(request: HttpRequest, room: UUID) -> HttpResponse:
    """Show one room: how it is lent, what is ahead, who waits, who studies there."""
    desk = desk_of(request)
    one = open_room(desk.actor, room)
    keeps = desk.keeps(one)
    title = one.room.name
    context = desk.context("rooms_all", title)
    context |= {
        "crumbs": room_crumbs(one),
        "heading": False,
        "subtitle": one.room.venue.name,
        "state_label": OPEN_TO[one.terms.open_to],
        "state_tone": "done" if one.terms.open_to != RoomTerms.OpenTo.STAFF else "quiet",
        "banners": [("info", _("A confidential room: lists, calendars and exports only say that it is taken."))]
        if one.is_confidential
        else [],
        "facts": _facts(one),
        "acts": _acts(one, desk),
        "sections": _sections(one, desk, keeps=keeps),
    }
    return render(request, "staff/rooms/record.html", context)


def _facts(one: LentRoom) -> list[tuple[Any, ...]]:
    terms = one.terms
    facts: list[tuple[Any, ...]] = [
        (pgettext("rooms", "Place"), one.room.venue.name, reverse("staff:venue", kwargs={"venue": one.room.venue_id})),
        (_("Seats"), one.room.seats if one.room.seats is not None else "—"),
        (pgettext("rooms", "Terms"), terms_words(one)),
    ]
    if terms.buffer_before or terms.buffer_after:
        words = _("%(before)d minutes before, %(after)d minutes after")
        facts.append((_("Kept free"), words % {"before": terms.buffer_before, "after": terms.buffer_after}))
    if terms.open_to != RoomTerms.OpenTo.STAFF:
        facts += [
            (_("Shortest time"), minutes_words(terms.shortest_minutes)),
            (_("Longest time"), minutes_words(terms.longest_minutes)),
            (_("Days ahead"), terms.days_ahead),
        ]
        if terms.most_a_week is not None:
            facts.append((_("Times a week for a household"), terms.most_a_week))
    if terms.release_after is not None:
        facts.append((_("Given back when nobody came after"), minutes_words(terms.release_after)))
    if terms.set_ups:
        facts.append((_("Arrangements"), _(", ").join(terms.set_ups)))
    if one.seats is not None:
        facts.append((_("Study seats"), f"{one.seats.taken} / {one.seats.seats}"))
    return facts


def _acts(one: LentRoom, desk: RoomsDesk) -> list[tuple[str, Any]]:
    named = {"room": one.room.pk}
    acts: list[tuple[str, Any]] = []
    if desk.books(one):
        acts.append((reverse("staff:booking_new", kwargs=named), pgettext("rooms", "Book")))
    if desk.keeps(one):
        acts += [
            (reverse("staff:slot_wait_new", kwargs=named), _("Put somebody on the waiting list")),
            (reverse("staff:room_terms", kwargs=named), pgettext("rooms", "Terms")),
            (reverse("staff:room_hours", kwargs=named), _("Lending hours")),
            (reverse("staff:room_close", kwargs=named), _("Close it for a time")),
            (reverse("staff:study_seats", kwargs=named), _("Study seats")),
        ]
    acts.append((f"{reverse('staff:bookings')}?venue={one.room.venue_id}", _("Bookings of this place")))
    return acts


def _sections(one: LentRoom, desk: RoomsDesk, *, keeps: bool) -> list[Section]:
    with scope.within(desk.actor.communities):
        entries = list_ahead(room=one, from_at=desk.at, until_at=desk.at + timedelta(days=DAYS_SHOWN))
    ahead = [
        Row(
            cells(
                leads(say_span(entry.starts_at, entry.ends_at), "booking", booking=entry.booking)
                if entry.booking
                else say_span(entry.starts_at, entry.ends_at),
                entry_words(entry),
                Cell(TIME_STATES[entry.state], tone=TIME_TONES[entry.state]),
            )
        )
        for entry in entries
    ]
    with scope.within(desk.actor.communities):
        hours, closings = list_hours(one.room.pk), list_closings([one.room.pk], from_at=desk.at)
        waits = list_waits(room=one.room.pk, at=desk.at) if keeps else []
        stays = open_stays(one.room.pk) if one.seats is not None and keeps else []
    sections = [
        Section(_("In the next two weeks"), table=small_table(AHEAD_COLUMNS, ahead), empty=_("Nothing is booked.")),
        Section(
            _("Lending hours"),
            lines=[f"{WEEKDAYS[row.weekday]} {row.opens:%H:%M}–{row.closes:%H:%M}" for row in hours]
            or [_("Whenever the place is open.")],
        ),
    ]
    if closings:
        rows = [
            Row(
                cells(say_span(row.starts_at, row.ends_at), row.reason),
                presses=[Press(reverse("staff:room_closing_lift", kwargs={"closing": row.pk}), _("Lend it again"))]
                if keeps
                else [],
            )
            for row in closings
        ]
        sections.append(Section(pgettext("rooms", "Closed"), table=small_table(CLOSING_COLUMNS, rows)))
    if waits:
        sections.append(
            Section(
                pgettext("rooms", "Waiting list"),
                table=small_table(WAIT_COLUMNS, [_wait_row(row, one) for row in waits]),
            )
        )
    if one.seats is not None and keeps:
        sections.append(_seats(one, stays))
    return sections


def _wait_row(row: SlotWait, one: LentRoom) -> Row:
    named = {"wait": row.pk}
    if one.is_confidential:
        who = "—"
    else:
        who = row.organisation.name if row.organisation else mask_name(row.person.name) if row.person else "—"
    presses = [Press(reverse("staff:slot_wait_leave", kwargs=named), _("Take off the list"), "plain")]
    if row.state == SlotWait.State.OFFERED:
        presses.insert(0, Press(reverse("staff:slot_wait_take", kwargs=named), _("They take it")))
    return Row(
        cells(say_span(row.starts_at, row.ends_at), who, row.asked_at, str(WAIT_STATES[row.state])), presses=presses
    )


def _seats(one: LentRoom, stays: list[Any]) -> Section:
    named = {"room": one.room.pk}
    rows = [
        Row(
            cells(spoken(row.came_at), mask_name(row.person.name) if row.person else _("without a name")),
            presses=[Press(f"{reverse('staff:study_seat_left', kwargs=named)}?stay={row.pk}", _("Has left"), "plain")],
        )
        for row in stays
    ]
    columns = (Column(pgettext("rooms", "Since")), Column(_("Who")), Column(""))
    return Section(
        _("On the study seats now"),
        table=small_table(columns, rows),
        empty=_("Nobody sits there now."),
        links=[(reverse("staff:study_seats", kwargs=named), _("Somebody comes or goes"))],
    )
