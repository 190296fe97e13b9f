"""My rooms: what I booked, what I wait for, and the seat on which I sit."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.domain.bookings.commands import arrivals, bookings, waits
from lianxin.domain.bookings.models import BookingTime, SlotWait
from lianxin.domain.bookings.queries.bookings import BookingBundle, find_booking, find_time, list_mine
from lianxin.domain.bookings.queries.waiting import find_my_wait, list_my_waits, my_stay
from lianxin.faces.kit.acting import press
from lianxin.faces.kit.dates import day_words
from lianxin.faces.resident.rooms_standing import Booker, booker_of, bookers_only
from lianxin.faces.resident.standing import key_from
from lianxin.faces.resident.views.me import my_crumbs
from lianxin.platform.clock import LOCAL, local_day, now
from lianxin.platform.errors import Missing

State = BookingTime.State
WORDS: dict[str, Any] = {
    State.ASKED: gettext_lazy("the community looks at it"),
    State.CONFIRMED: gettext_lazy("it is yours"),
    State.USED: gettext_lazy("you are there"),
    State.RELEASED: pgettext_lazy("booking", "given back"),
    State.CANCELLED: pgettext_lazy("booking", "cancelled"),
    State.REFUSED: gettext_lazy("not this time"),
}
TONES: dict[str, str] = {
    State.ASKED: "due",
    State.CONFIRMED: "done",
    State.USED: "done",
    State.RELEASED: "quiet",
    State.CANCELLED: "quiet",
    State.REFUSED: "quiet",
}


def say(starts_at: datetime, ends_at: datetime) -> str:
    """Say a time: day, from, until."""
    starts, ends = starts_at.astimezone(LOCAL), ends_at.astimezone(LOCAL)
    return f"{day_words(starts.date(), this_year=local_day(now()).year)} {starts:%H:%M}–{ends:%H:%M}"


@bookers_only
@require_safe
def browse(request: HttpRequest) -> HttpResponse:
    """List what I booked and wait for, or what is past."""
    at = now()
    who = booker_of(request, at=at)
    past = request.GET.get("all") == "on"
    rows = list_mine(actor=who.actor, person=who.person, at=at, past=past)
    waiting = [] if past else list_my_waits(actor=who.actor, person=who.person, at=at)
    context = {
        "past": past,
        "times": [_time(row, at=at) for row in rows],
        "waits": [_wait(row, place) for row, place in waiting],
        "seat": None if past or who.is_for_another else my_stay(actor=who.actor),
        "crumbs": my_crumbs(_("My rooms")),
    }
    return render(request, "resident/rooms/mine.html", context)


def _time(row: BookingTime, *, at: datetime) -> dict[str, Any]:
    live = row.state in (State.ASKED, State.CONFIRMED) and row.ends_at > at
    near = row.starts_at - arrivals.EARLY <= at < row.ends_at
    return {
        "row": row,
        "when": say(row.starts_at, row.ends_at),
        "where": f"{row.room.venue.name} {row.room.name}",
        "title": row.booking.title,
        "state": WORDS[row.state],
        "tone": TONES[row.state],
        "answer": row.booking.answer,
        "may_come": row.state == State.CONFIRMED and near,
        "may_cancel": live and not row.booking.record_kind and row.starts_at > at,
        "may_leave": row.state == State.USED and row.starts_at <= at < row.ends_at and row.ended_at is None,
    }


def _wait(row: SlotWait, place: int) -> dict[str, Any]:
    return {
        "row": row,
        "when": say(row.starts_at, row.ends_at),
        "where": f"{row.room.venue.name} {row.room.name}",
        "title": row.title,
        "place": place,
        "is_offered": row.state == SlotWait.State.OFFERED,
        "until": row.offered_until,
    }


def _own_time(request: HttpRequest, time: UUID) -> tuple[Booker, BookingBundle, BookingTime]:
    at = now()
    who = booker_of(request, at=at)
    bundle, row = find_time(actor=who.actor, time=time, on=local_day(at))
    if not bundle.is_own:
        raise Missing
    return who, bundle, row


def _visiting(who: Booker, bundle: BookingBundle) -> Any:
    return who.actor.visiting(bundle.row.community_id)


@bookers_only
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, time: UUID) -> HttpResponse:
    """Give up one date, after asking."""
    who, bundle, row = _own_time(request, time)
    back = reverse("resident:my_rooms")
    if request.method == "POST" and request.POST.get("confirmed") == "yes":
        return press(
            request,
            do=lambda: bookings.cancel_time(actor=_visiting(who, bundle), time=time, at=now(), key=key_from(request)),
            back=back,
            said=_("Cancelled. Thank you for giving it back."),
        )
    context = {
        "question": _("Cancel this booking?"),
        "text": say(row.starts_at, row.ends_at),
        "consequences": [_("Others can have the room then.")],
        "hidden": None,
        "button_text": _("Cancel the booking"),
        "danger": True,
        "cancel_url": back,
        "crumbs": [*my_crumbs(_("My rooms"))[:1], (_("My rooms"), back), (_("Cancel"), "")],
    }
    return render(request, "resident/shop/confirm.html", context)


@bookers_only
@require_POST
def came(request: HttpRequest, time: UUID) -> HttpResponse:
    """Say that one is there."""
    who, bundle, _row = _own_time(request, time)
    return press(
        request,
        do=lambda: arrivals.note_arrival(actor=_visiting(who, bundle), time=time, at=now(), key=key_from(request)),
        back=reverse("resident:my_rooms"),
        said=_("Noted. Have a good time."),
    )


@bookers_only
@require_POST
def left(request: HttpRequest, time: UUID) -> HttpResponse:
    """Say that one leaves early, so that others can have the rest."""
    who, bundle, _row = _own_time(request, time)
    return press(
        request,
        do=lambda: arrivals.give_back(actor=_visiting(who, bundle), time=time, at=now(), key=key_from(request)),
        back=reverse("resident:my_rooms"),
        said=_("Thank you. The room is free for others now."),
    )


@bookers_only
@require_http_methods(["GET", "HEAD", "POST"])
def cancel_all(request: HttpRequest, booking: UUID) -> HttpResponse:
    """Give up all dates of a repeated booking, after asking."""
    at = now()
    who = booker_of(request, at=at)
    bundle = find_booking(actor=who.actor, booking=booking, on=local_day(at))
    if not bundle.is_own:
        raise Missing
    back = reverse("resident:my_rooms")
    if request.method == "POST" and request.POST.get("confirmed") == "yes":
        return press(
            request,
            do=lambda: bookings.cancel_booking(
                actor=_visiting(who, bundle), booking=booking, at=at, key=key_from(request)
            ),
            back=back,
            said=_("Cancelled. Thank you for giving it back."),
        )
    ahead = [row for row in bundle.times if row.state in (State.ASKED, State.CONFIRMED) and row.ends_at > at]
    context = {
        "question": _("Cancel all dates of this booking?"),
        "text": bundle.line.title,
        "consequences": [say(row.starts_at, row.ends_at) for row in ahead[:20]],
        "hidden": None,
        "button_text": _("Cancel them"),
        "danger": True,
        "cancel_url": back,
        "crumbs": [*my_crumbs(_("My rooms"))[:1], (_("My rooms"), back), (_("Cancel"), "")],
    }
    return render(request, "resident/shop/confirm.html", context)


def _own_wait(request: HttpRequest, wait: UUID) -> tuple[Any, SlotWait]:
    at = now()
    who = booker_of(request, at=at)
    row = find_my_wait(actor=who.actor, person=who.person, wait=wait)
    return who.actor.visiting(row.community_id), row


@bookers_only
@require_POST
def take(request: HttpRequest, wait: UUID) -> HttpResponse:
    """Take the time that was offered."""
    actor, _row = _own_wait(request, wait)
    return press(
        request,
        do=lambda: waits.take_offer(actor=actor, wait=wait, at=now(), key=key_from(request)),
        back=reverse("resident:my_rooms"),
        said=_("Taken. You find it among your rooms."),
    )


@bookers_only
@require_POST
def leave(request: HttpRequest, wait: UUID) -> HttpResponse:
    """Leave a waiting list, or say no to what was offered."""
    actor, _row = _own_wait(request, wait)
    return press(
        request,
        do=lambda: waits.leave_list(actor=actor, wait=wait, at=now(), key=key_from(request)),
        back=reverse("resident:my_rooms"),
        said=_("You are off the list. The next one is asked."),
    )
