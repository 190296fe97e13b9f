"""What is done with a booking and with one of its dates."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.bookings.commands import approvals, arrivals, bookings
from lianxin.domain.bookings.models import BookingTime
from lianxin.domain.bookings.queries.bookings import BookingBundle, find_booking, find_time
from lianxin.domain.bookings.queries.terms import list_rooms
from lianxin.faces.kit.acting import key_of, press
from lianxin.platform import scope
from lianxin.platform.clock import LOCAL

from ..acting import ActForm, Crumbs, answer_form, confirm_first, day_field, long_text
from .booking_new import BookingWordsForm, clock_field, span_of
from .bookings import booking_url
from .desk import RoomsDesk, desk_of
from .gate import booking_form, booking_press, keeper_presses, keeping, open_room
from .words import say_span

WORDS = ("title", "contact_name", "people_expected", "set_up", "note")


def _open(request: HttpRequest, booking: UUID) -> tuple[RoomsDesk, BookingBundle]:
    desk = desk_of(request)
    return desk, find_booking(actor=desk.actor, booking=booking, on=desk.on)


def _open_time(request: HttpRequest, time: UUID) -> tuple[RoomsDesk, BookingBundle, BookingTime]:
    desk = desk_of(request)
    bundle, row = find_time(actor=desk.actor, time=time, on=desk.on)
    return desk, bundle, row


def way(bundle: BookingBundle, last: Any) -> Crumbs:
    """Give the way to a page about a booking."""
    return [
        (_("Bookings"), reverse("staff:bookings")),
        (bundle.line.title, booking_url(bundle.line.id)),
        (last, ""),
    ]


class EditForm(BookingWordsForm):
    """What a booking says of itself, with the version it was opened with."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


@booking_form
def edit(request: HttpRequest, booking: UUID) -> HttpResponse:
    """Change what a booking says of itself."""
    desk, bundle = _open(request, booking)
    row = bundle.row
    room = open_room(desk.actor, row.room_id)
    initial = {name: getattr(row, name) for name in WORDS} | {"version": row.version}
    form = EditForm(request.POST or None, room=room, now=row.set_up, initial=initial)
    if row.contact_phone is not None:
        form.fields["contact_phone"].help_text = _("Empty: %(phone)s stays.") % {"phone": bundle.masked_phone}

    def do(entered: dict[str, Any]) -> Any:
        words = {name: entered.get(name, row.set_up) for name in WORDS}
        return bookings.edit_booking(
            actor=desk.actor,
            booking=booking,
            contact_phone=entered["contact_phone"] or None,
            version=entered["version"],
            at=desk.at,
            key=entered["key"],
            **words,
        )

    return answer_form(
        request,
        form,
        do=do,
        then=lambda _row: booking_url(booking),
        said=_("Saved."),
        fresh=lambda: _fresh(desk, booking),
        title=_("Change the booking"),
        lead=f"{bundle.line.venue_name} {bundle.line.room_name}",
        button=_("Save"),
        cancel_url=booking_url(booking),
        crumbs=way(bundle, _("Change")),
    )


def _fresh(desk: RoomsDesk, booking: UUID) -> dict[str, Any]:
    row = find_booking(actor=desk.actor, booking=booking, on=desk.on).row
    return {name: getattr(row, name) for name in WORDS} | {"version": row.version}


@keeper_presses
def approve(request: HttpRequest, booking: UUID) -> HttpResponse:
    """Let a booking have its room."""
    desk, _bundle = _open(request, booking)
    return press(
        request,
        do=lambda: approvals.approve(actor=desk.actor, booking=booking, at=desk.at, key=key_of(request)),
        back=booking_url(booking),
        said=_("Approved. Who asked is told."),
    )


class RefuseForm(ActForm):
    """Why, and what could be done instead."""

    answer = long_text(
        gettext_lazy("Why, and what could be done instead?"),
        most=300,
        required=True,
        help_text=gettext_lazy("Who asked reads this."),
    )


@keeping
def refuse(request: HttpRequest, booking: UUID) -> HttpResponse:
    """Refuse a booking with a reason."""
    desk, bundle = _open(request, booking)
    return answer_form(
        request,
        RefuseForm(request.POST or None),
        do=lambda entered: approvals.refuse(
            actor=desk.actor, booking=booking, answer=entered["answer"], at=desk.at, key=entered["key"]
        ),
        then=lambda _row: booking_url(booking),
        said=_("Refused. Who asked is told why."),
        title=_("Refuse the booking"),
        lead=f"{bundle.line.venue_name} {bundle.line.room_name}",
        button=_("Refuse"),
        cancel_url=booking_url(booking),
        crumbs=way(bundle, _("Refuse")),
    )


class ReasonForm(ActForm):
    """Why something is given up."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Who booked reads this."),
    )


@booking_form
def cancel(request: HttpRequest, booking: UUID) -> HttpResponse:
    """Cancel all dates of a booking that are ahead."""
    desk, bundle = _open(request, booking)
    ahead = [row for row in bundle.times if row.state in ("asked", "confirmed") and row.ends_at > desk.at]

    def preview(_entered: dict[str, Any]) -> list[str]:
        return [say_span(row.starts_at, row.ends_at) for row in ahead[:10]] + (
            [_("and %(count)d more dates") % {"count": len(ahead) - 10}] if len(ahead) > 10 else []
        )

    return confirm_first(
        request,
        ReasonForm(request.POST or None),
        do=lambda entered: bookings.cancel_booking(
            actor=desk.actor, booking=booking, reason=entered["reason"], at=desk.at, key=entered["key"]
        ),
        preview=preview,
        then=lambda _row: booking_url(booking),
        said=_("Cancelled."),
        question=_("Cancel this booking?"),
        text=bundle.line.title,
        button=_("Cancel the booking"),
        cancel_url=booking_url(booking),
        crumbs=way(bundle, _("Cancel")),
        danger=True,
    )


@booking_form
def cancel_time(request: HttpRequest, time: UUID) -> HttpResponse:
    """Cancel one date of a booking."""
    desk, bundle, row = _open_time(request, time)
    return answer_form(
        request,
        ReasonForm(request.POST or None),
        do=lambda entered: bookings.cancel_time(
            actor=desk.actor, time=time, reason=entered["reason"], at=desk.at, key=entered["key"]
        ),
        then=lambda _row: booking_url(bundle.line.id),
        said=_("This date is cancelled."),
        title=_("Cancel this date"),
        lead=say_span(row.starts_at, row.ends_at),
        button=_("Cancel this date"),
        cancel_url=booking_url(bundle.line.id),
        crumbs=way(bundle, _("Cancel a date")),
    )


class MoveForm(ActForm):
    """Another time or room for one date."""

    on = day_field(gettext_lazy("Day"))
    opens = clock_field(gettext_lazy("From"))
    closes = clock_field(pgettext_lazy("rooms", "To"))
    room = forms.ChoiceField(label=gettext_lazy("Room"))


@booking_form
def move(request: HttpRequest, time: UUID) -> HttpResponse:
    """Bring one date to another time or room; it keeps this when the rest is changed."""
    desk, bundle, row = _open_time(request, time)
    starts, ends = row.starts_at.astimezone(LOCAL), row.ends_at.astimezone(LOCAL)
    initial = {"on": starts.date(), "opens": starts.time(), "closes": ends.time(), "room": str(row.room_id)}
    form = MoveForm(request.POST or None, initial=initial)
    with scope.within(desk.actor.communities):
        there = list_rooms(communities=[row.community_id])
    choices = [(str(one.room.pk), f"{one.room.venue.name} {one.room.name}") for one in there if desk.books(one)]
    form.fields["room"].choices = choices or [(str(row.room_id), row.room.name)]  # type: ignore[attr-defined]
    named = {"time": row.pk}

    def do(entered: dict[str, Any]) -> Any:
        span = span_of(entered["on"], entered["opens"], entered["closes"])
        return bookings.move_time(
            actor=desk.actor,
            time=time,
            starts_at=span.starts_at,
            ends_at=span.ends_at,
            room=UUID(entered["room"]),
            at=desk.at,
            key=entered["key"],
        )

    also = [(reverse("staff:booking_time_cancel", kwargs=named), _("Cancel this date"), "danger")]
    if len(bundle.times) > 1:
        also.append((reverse("staff:booking_time_end", kwargs=named), _("Cancel this and all later dates"), "danger"))
    return answer_form(
        request,
        form,
        do=do,
        then=lambda _row: booking_url(bundle.line.id),
        said=_("Moved. This date keeps its change when the others are changed."),
        title=_("Move this date"),
        lead=say_span(row.starts_at, row.ends_at),
        button=pgettext("rooms", "Move"),
        also=also,
        cancel_url=booking_url(bundle.line.id),
        crumbs=way(bundle, _("Move a date")),
    )


@keeper_presses
def came(request: HttpRequest, time: UUID) -> HttpResponse:
    """Note that who booked is there."""
    desk, bundle, _row = _open_time(request, time)
    return press(
        request,
        do=lambda: arrivals.note_arrival(actor=desk.actor, time=time, at=desk.at, key=key_of(request)),
        back=booking_url(bundle.line.id),
        said=_("Noted that they are here."),
    )


@keeper_presses
def undo(request: HttpRequest, time: UUID) -> HttpResponse:
    """Take back that somebody came."""
    desk, bundle, _row = _open_time(request, time)
    return press(
        request,
        do=lambda: arrivals.undo_arrival(actor=desk.actor, time=time, at=desk.at, key=key_of(request)),
        back=booking_url(bundle.line.id),
        said=_("Taken back."),
    )


@booking_press
def give_back(request: HttpRequest, time: UUID) -> HttpResponse:
    """Give a room back before its time is over."""
    desk, bundle, _row = _open_time(request, time)
    return press(
        request,
        do=lambda: arrivals.give_back(actor=desk.actor, time=time, at=desk.at, key=key_of(request)),
        back=booking_url(bundle.line.id),
        said=_("The room is free again."),
    )
