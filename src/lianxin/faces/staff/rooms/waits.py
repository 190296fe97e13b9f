"""The waiting list of a room's slots, kept at the desk."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.bookings.commands import waits
from lianxin.domain.bookings.models import SlotWait
from lianxin.domain.bookings.queries.waiting import find_wait
from lianxin.domain.people.queries.organisations import list_names
from lianxin.faces.kit.acting import key_of, press
from lianxin.platform import scope

from ..acting import ActForm, answer_form, day_field
from .booking_new import clock_field, span_of
from .desk import RoomsDesk, desk_of, room_crumbs, room_url
from .gate import keeper_presses, keeping, open_room
from .residents import add_resident_fields, resident_of


class WaitForm(ActForm):
    """For which slot, what for, and who."""

    title = forms.CharField(label=gettext_lazy("What is the room used for?"), max_length=120)
    on = day_field(gettext_lazy("Day"))
    opens = clock_field(gettext_lazy("From"))
    closes = clock_field(pgettext_lazy("rooms", "To"))
    organisation = forms.ChoiceField(label=gettext_lazy("For an organisation"), required=False)

    def __init__(self, *args: Any, desk: RoomsDesk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = list_names(actor=desk.actor)
        field: Any = self.fields["organisation"]
        field.choices = [("", _("None")), *((str(pk), name) for pk, name in names)]
        add_resident_fields(self, desk.actor)


@keeping
def new(request: HttpRequest, room: UUID) -> HttpResponse:
    """Put somebody on the waiting list of a slot."""
    desk = desk_of(request)
    one = open_room(desk.actor, room)
    form = WaitForm(request.POST or None, desk=desk, initial={"on": desk.on})

    def do(entered: dict[str, Any]) -> SlotWait:
        span = span_of(entered["on"], entered["opens"], entered["closes"])
        return waits.wait_for_slot(
            actor=desk.actor,
            room=room,
            starts_at=span.starts_at,
            ends_at=span.ends_at,
            title=entered["title"],
            person=resident_of(desk, one.room.community_id, entered),
            organisation=UUID(entered["organisation"]) if entered["organisation"] else None,
            at=desk.at,
            key=entered["key"],
        )

    return answer_form(
        request,
        form,
        do=do,
        then=lambda _row: room_url(room),
        said=_("On the list. When the slot becomes free it is held for them."),
        title=_("Put somebody on the waiting list"),
        lead=f"{one.room.venue.name} {one.room.name}",
        button=_("Put on the list"),
        cancel_url=room_url(room),
        crumbs=room_crumbs(one, (pgettext("rooms", "Waiting list"), "")),
    )


def _open(request: HttpRequest, wait: UUID) -> tuple[RoomsDesk, SlotWait]:
    desk = desk_of(request)
    with scope.within(desk.actor.communities):
        row = find_wait(wait)
    open_room(desk.actor, row.room_id)
    return desk, row


@keeper_presses
def take(request: HttpRequest, wait: UUID) -> HttpResponse:
    """Take an offered slot for somebody who said so on the phone or at the desk."""
    desk, row = _open(request, wait)
    return press(
        request,
        do=lambda: waits.take_offer(actor=desk.actor, wait=wait, at=desk.at, key=key_of(request)),
        back=room_url(row.room_id),
        said=_("Booked for them."),
    )


@keeper_presses
def leave(request: HttpRequest, wait: UUID) -> HttpResponse:
    """Take somebody off the list; an offered slot goes to the next."""
    desk, row = _open(request, wait)
    return press(
        request,
        do=lambda: waits.leave_list(actor=desk.actor, wait=wait, at=desk.at, key=key_of(request)),
        back=room_url(row.room_id),
        said=_("Off the list."),
    )
