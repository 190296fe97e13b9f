"""Study seats of a room: how many there are, and who comes and goes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.bookings.commands import seats
from lianxin.faces.kit.acting import carry_out, key_of, press

from ..acting import VersionedForm
from ..points.lists import Press
from .desk import desk_of, room_crumbs, room_url
from .gate import keeper_presses, keeping, open_room


class SeatsForm(VersionedForm):
    """How many seats, and how long somebody sits there at most."""

    seats = forms.IntegerField(label=gettext_lazy("Study seats"), min_value=0, max_value=1000)
    longest_minutes = forms.IntegerField(
        label=gettext_lazy("A seat that nobody gave back is free after minutes"), initial=240
    )


def _values(one: Any) -> dict[str, Any]:
    row = one.seats
    if row is None:
        return {"seats": one.room.seats or 0, "longest_minutes": 240, "version": 0}
    return {"seats": row.seats, "longest_minutes": row.longest_minutes, "version": row.version}


@keeping
def edit(request: HttpRequest, room: UUID) -> HttpResponse:
    """Set how many seats there are, and count who comes and goes with one press."""
    desk = desk_of(request)
    one = open_room(desk.actor, room)
    form = SeatsForm(request.POST or None, initial=_values(one))
    done = carry_out(
        request,
        form,
        do=lambda entered: seats.set_study_seats(
            actor=desk.actor,
            room=room,
            seats=entered["seats"],
            longest_minutes=entered["longest_minutes"],
            version=entered["version"],
            at=desk.at,
            key=entered["key"],
        ),
        then=lambda _row: reverse("staff:study_seats", kwargs={"room": room}),
        said=_("Saved."),
        fresh=lambda: _values(open_room(desk.actor, room)),
    )
    if done is not None:
        return done
    named = {"room": room}
    context = {
        "form": form,
        "one": one,
        "title": _("Study seats of %(room)s") % {"room": one.room.name},
        "lead": one.room.venue.name,
        "button": _("Save"),
        "cancel_url": room_url(room),
        "crumbs": room_crumbs(one, (_("Study seats"), "")),
        "presses": [
            Press(reverse("staff:study_seat_came", kwargs=named), _("Somebody sits down"), "primary"),
            Press(reverse("staff:study_seat_left", kwargs=named), _("Somebody gets up")),
        ]
        if one.seats is not None
        else [],
    }
    return render(request, "staff/rooms/seats.html", context, status=422 if form.errors else 200)


@keeper_presses
def came(request: HttpRequest, room: UUID) -> HttpResponse:
    """Note that somebody sits down, without a name."""
    desk = desk_of(request)
    open_room(desk.actor, room)
    return press(
        request,
        do=lambda: seats.sit_down(actor=desk.actor, room=room, at=desk.at, key=key_of(request)),
        back=reverse("staff:study_seats", kwargs={"room": room}),
        said=_("One seat more is taken."),
    )


@keeper_presses
def left(request: HttpRequest, room: UUID) -> HttpResponse:
    """Note that somebody gets up: a named one, or who has sat there longest without a name."""
    desk = desk_of(request)
    open_room(desk.actor, room)
    try:
        stay = UUID(request.GET.get("stay", ""))
    except ValueError:
        stay = None
    return press(
        request,
        do=lambda: seats.get_up(actor=desk.actor, room=room, stay=stay, at=desk.at, key=key_of(request)),
        back=room_url(room) if stay else reverse("staff:study_seats", kwargs={"room": room}),
        said=_("One seat more is free."),
    )
