"""Rooms that residents may use: which there are, when one is free, booking it, waiting for it, study seats."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.domain.bookings.commands import bookings, seats, waits
from lianxin.domain.bookings.models import Booking
from lianxin.domain.bookings.queries.free import free_spans
from lianxin.domain.bookings.queries.terms import LentRoom, find_open_room, is_lent_to, list_open_rooms
from lianxin.domain.bookings.queries.waiting import my_stay
from lianxin.domain.bookings.rules.spans import Span
from lianxin.domain.places.queries.divisions import find_division
from lianxin.faces.kit.acting import carry_out, press
from lianxin.faces.kit.dates import day_words
from lianxin.faces.resident.community import actor_of
from lianxin.faces.resident.rooms_forms import RoomForm, lengths_of, starts_in
from lianxin.faces.resident.rooms_standing import booker_of, bookers_only, is_firm
from lianxin.faces.resident.standing import key_from, linked_only
from lianxin.faces.resident.views.public import page
from lianxin.platform.clock import LOCAL, local_day, local_moment, now
from lianxin.platform.errors import Missing

A_WEEK = 7


@dataclass(frozen=True)
class OneRoom:
    """A room on one day: what is free, and the half hours at which something may begin."""

    one: LentRoom
    on: date
    days: list[date]
    free: list[Span]
    free_by_day: dict[date, bool]
    starts: list[datetime]
    is_lent: bool


@require_safe
def browse(request: HttpRequest, community: UUID) -> HttpResponse:
    """List the rooms of a community that residents may use."""
    division = find_division(community)
    actor = actor_of(request)
    rooms = list_open_rooms(community=community, actor=actor)
    context = {
        "community": division,
        "rooms": [(one, is_lent_to(actor, one), _free_seats(one)) for one in rooms],
        "crumbs": [(division.short_name, reverse("resident:community", args=[community])), (_("Rooms to use"), "")],
    }
    return page(request, "resident/rooms/rooms.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, room: UUID) -> HttpResponse:
    """Show when a room is free on a day, and book it with one form."""
    if request.method == "POST":
        return _book(request, room=room)
    return _page(request, room=room)


@bookers_only
def _book(request: HttpRequest, *, room: UUID) -> HttpResponse:
    return _page(request, room=room)


def _page(request: HttpRequest, *, room: UUID) -> HttpResponse:
    at = now()
    found = _open(request, room, at=at)
    form = RoomForm(request.POST or None, on=found.on, starts=found.starts, terms=found.one.terms)
    if request.method == "POST":
        who = booker_of(request, at=at)
        place = found.one.room

        def do(entered: dict[str, Any]) -> Booking:
            return bookings.book_times(
                actor=who.actor.visiting(place.community_id),
                room=room,
                times=[form.span()],
                title=entered["title"],
                person=who.person,
                people_expected=entered["people_expected"],
                set_up=entered.get("set_up", ""),
                at=at,
                key=entered["key"],
            )

        done = carry_out(request, form, do=do, then=lambda _row: reverse("resident:my_rooms"), said=_said)
        if done is not None:
            return done
    seat = my_stay(actor=actor_of(request)) if found.one.seats is not None else None
    context = _context(request, found) | {
        "form": form,
        "wait_url": f"{reverse('resident:room_wait', args=[room])}?on={found.on.isoformat()}",
        "ask_text": pgettext("rooms", "Ask for it"),
        "seats": found.one.seats,
        "free_seats": _free_seats(found.one),
        "my_seat": seat,
        "sits_here": seat is not None and seat.room_id == room,
    }
    return page(request, "resident/rooms/room.html", context, status=422 if form.errors else 200)


def _said(row: Booking) -> str:
    if row.state == Booking.State.CONFIRMED:
        return _("Booked. If you cannot come, please give it back so that others can use it.")
    return _("Asked for. The community looks at it and tells you.")


@bookers_only
@require_http_methods(["GET", "HEAD", "POST"])
def wait(request: HttpRequest, room: UUID) -> HttpResponse:
    """Wait for a time that is taken."""
    at = now()
    found = _open(request, room, at=at)
    if not found.is_lent:
        raise Missing
    taken = _taken_starts(found, at=at)
    form = RoomForm(request.POST or None, on=found.on, starts=taken, terms=found.one.terms)
    for name in ("people_expected", "set_up"):
        form.fields.pop(name, None)
    who = booker_of(request, at=at)

    def do(entered: dict[str, Any]) -> Any:
        span = form.span()
        return waits.wait_for_slot(
            actor=who.actor.visiting(found.one.room.community_id),
            room=room,
            starts_at=span.starts_at,
            ends_at=span.ends_at,
            title=entered["title"],
            person=who.person,
            at=at,
            key=entered["key"],
        )

    said = _("You are on the list. When the time becomes free, it is held for you and you are told.")
    done = carry_out(request, form, do=do, then=lambda _row: reverse("resident:my_rooms"), said=said)
    if done is not None:
        return done
    context = _context(request, found) | {"form": form, "has_taken": bool(taken)}
    context["crumbs"] = [*context["crumbs"][:-1], (found.one.room.name, found_url(found)), (_("Wait for a time"), "")]
    return page(request, "resident/rooms/wait.html", context, status=422 if form.errors else 200)


@linked_only
@require_POST
def sit_down(request: HttpRequest, room: UUID) -> HttpResponse:
    """Take a study seat for oneself."""
    one = find_open_room(room)
    if one is None or one.seats is None:
        raise Missing
    actor = actor_of(request).visiting(one.room.community_id)
    return press(
        request,
        do=lambda: seats.sit_down(actor=actor, room=room, at=now(), key=key_from(request)),
        back=reverse("resident:room", args=[room]),
        said=_("The seat is yours. Please press “I am leaving” when you go."),
    )


@linked_only
@require_POST
def get_up(request: HttpRequest) -> HttpResponse:
    """Give the own study seat back."""
    actor = actor_of(request)
    seat = my_stay(actor=actor)
    back = reverse("resident:room", args=[seat.room_id]) if seat else reverse("resident:my_rooms")
    if seat is None:
        messages.info(request, _("You have no seat just now."))
        return HttpResponseRedirect(back)
    visiting = actor.visiting(seat.community_id)
    return press(
        request,
        do=lambda: seats.get_up(actor=visiting, at=now(), key=key_from(request)),
        back=back,
        said=_("Given back. See you next time."),
    )


def found_url(found: OneRoom) -> str:
    """Give the page of a room on its day."""
    return f"{reverse('resident:room', args=[found.one.room.pk])}?on={found.on.isoformat()}"


def _free_seats(one: LentRoom) -> int | None:
    return one.seats.seats - one.seats.taken if one.seats is not None else None


def _open(request: HttpRequest, room: UUID, *, at: datetime) -> OneRoom:
    one = find_open_room(room)
    if one is None:
        raise Missing
    today = local_day(at)
    last = today + timedelta(days=one.terms.days_ahead)
    on = _day(request, today, last)
    first = today + timedelta(days=(on - today).days // A_WEEK * A_WEEK)
    days = [day for n in range(A_WEEK) if (day := first + timedelta(days=n)) <= last]
    free: list[Span] = []
    is_lent = is_lent_to(actor_of(request), one)
    if is_lent:
        free = free_spans([one.room], first_on=days[0], last_on=days[-1], at=at, terms={one.room.pk: one.terms})[
            one.room.pk
        ]
    shortest = lengths_of(one.terms)[0]
    starts = starts_in(free, shortest=shortest)
    by_day = {day: any(local_day(start) == day for start in starts) for day in days}
    midnight, ends = local_moment(on), local_moment(on + timedelta(days=1))
    return OneRoom(
        one=one,
        on=on,
        days=days,
        free=[span for span in free if span.starts_at < ends and span.ends_at > midnight],
        free_by_day=by_day,
        starts=[start for start in starts if local_day(start) == on],
        is_lent=is_lent,
    )


def _day(request: HttpRequest, today: date, last: date) -> date:
    try:
        day = date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return today
    return min(max(day, today), last)


def _taken_starts(found: OneRoom, *, at: datetime) -> list[datetime]:
    """Give the half hours ahead on the day; whether somebody has one of them the command says."""
    free = {start.astimezone(LOCAL) for start in found.starts}
    hours = [local_moment(found.on).astimezone(LOCAL) + timedelta(minutes=30 * n) for n in range(12, 44)]
    return [start for start in hours if start > at and start not in free]


def _context(request: HttpRequest, found: OneRoom) -> dict[str, Any]:
    room, year = found.one.room, found.on.year
    base = request.path
    tabs = [
        (
            day_words(day, this_year=year) if found.free_by_day[day] else _("%(day)s, full") % {"day": _short(day)},
            f"{base}?on={day.isoformat()}",
            day == found.on,
            "",
        )
        for day in found.days
    ]
    following = found.days[-1] + timedelta(days=1)
    before = found.days[0] - timedelta(days=A_WEEK)
    last = local_day(now()) + timedelta(days=found.one.terms.days_ahead)
    return {
        "one": found.one,
        "room": room,
        "on": found.on,
        "is_lent": found.is_lent,
        "tabs": tabs,
        "next_week": f"{base}?on={following.isoformat()}" if following <= last else "",
        "week_before": f"{base}?on={before.isoformat()}" if before >= local_day(now()) else "",
        "free": [
            f"{span.starts_at.astimezone(LOCAL):%H:%M}–{span.ends_at.astimezone(LOCAL):%H:%M}" for span in found.free
        ],
        "starts": found.starts,
        "is_visitor": actor_of(request).is_anonymous,
        "is_firm": is_firm(actor_of(request)),
        "crumbs": [
            (room.venue.community.short_name, reverse("resident:community", args=[room.community_id])),
            (_("Rooms to use"), reverse("resident:rooms", args=[room.community_id])),
            (room.name, ""),
        ],
    }


def _short(day: date) -> str:
    return day_words(day, this_year=day.year)
