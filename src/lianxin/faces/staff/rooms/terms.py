"""Terms, lending hours and closings of a room."""

from __future__ import annotations

from datetime import time
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.bookings.commands import closings
from lianxin.domain.bookings.commands import terms as commands
from lianxin.domain.bookings.queries.terms import LentRoom, find_closing, list_hours
from lianxin.engines.opening import Interval, Intervals, parse_intervals
from lianxin.engines.reasons import Reason
from lianxin.faces.kit.acting import key_of, press
from lianxin.platform import scope
from lianxin.platform.errors import Invalid

from ..acting import ActForm, VersionedForm, answer_form, day_field, long_text
from .booking_new import clock_field, span_of
from .desk import desk_of, room_crumbs, room_url
from .gate import keeper_presses, keeping, open_room
from .words import OPEN_TO, WEEKDAYS

NUMBERS = (
    "buffer_before",
    "buffer_after",
    "shortest_minutes",
    "longest_minutes",
    "days_ahead",
    "most_a_week",
    "release_after",
    "offer_minutes",
)
PLAIN = ("open_to", "needs_approval", "is_confidential", *NUMBERS, "house_rules")


def _number(label: Any, *, required: bool = True, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, required=required, help_text=help_text)


class TermsForm(VersionedForm):
    """On which terms a room is lent."""

    open_to = forms.ChoiceField(label=gettext_lazy("Who may book it"), choices=list(OPEN_TO.items()))
    needs_approval = forms.BooleanField(label=gettext_lazy("Bookings need approval"), required=False)
    is_confidential = forms.BooleanField(
        label=gettext_lazy("Confidential: lists, calendars and exports only say that it is taken"), required=False
    )
    buffer_before = _number(gettext_lazy("Minutes kept free before"))
    buffer_after = _number(gettext_lazy("Minutes kept free after, to tidy up"))
    shortest_minutes = _number(gettext_lazy("Shortest time, minutes"))
    longest_minutes = _number(gettext_lazy("Longest time, minutes"))
    days_ahead = _number(gettext_lazy("Can be booked so many days ahead"))
    most_a_week = _number(
        gettext_lazy("Times a week for a household"), required=False, help_text=gettext_lazy("Empty: no limit.")
    )
    release_after = _number(
        gettext_lazy("Given back by itself when nobody came, after minutes"),
        required=False,
        help_text=gettext_lazy("Empty: it is kept. What is booked for an activity is always kept."),
    )
    offer_minutes = _number(gettext_lazy("A slot that became free is held for who waits, minutes"))
    set_ups = long_text(
        gettext_lazy("Ways of arranging the room"), most=800, help_text=gettext_lazy("One on each line.")
    )
    house_rules = long_text(gettext_lazy("House rules"), most=500)


def _values(one: LentRoom) -> dict[str, Any]:
    values = {name: getattr(one.terms, name) for name in PLAIN}
    return values | {"set_ups": "\n".join(one.terms.set_ups), "version": one.version}


@keeping
def edit(request: HttpRequest, room: UUID) -> HttpResponse:
    """Say on which terms a room is lent."""
    desk = desk_of(request)
    one = open_room(desk.actor, room)
    form = TermsForm(request.POST or None, initial=_values(one))
    if one.room.confidential:
        form.fields["is_confidential"].help_text = _("The room is confidential by its kind.")
    return answer_form(
        request,
        form,
        do=lambda entered: commands.set_terms(
            actor=desk.actor,
            room=room,
            values=form.values(*PLAIN) | {"set_ups": entered["set_ups"].splitlines()},
            version=entered["version"],
            at=desk.at,
            key=entered["key"],
        ),
        then=lambda _row: room_url(room),
        said=_("Saved. What is booked already keeps its times."),
        fresh=lambda: _values(open_room(desk.actor, room)),
        title=_("Terms of %(room)s") % {"room": one.room.name},
        lead=one.room.venue.name,
        button=_("Save"),
        cancel_url=room_url(room),
        crumbs=room_crumbs(one, (pgettext("rooms", "Terms"), "")),
    )


class HoursForm(ActForm):
    """The hours of each weekday, typed like 09:00-12:00、14:00-17:30."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, word in enumerate(WEEKDAYS):
            self.fields[f"day{number}"] = forms.CharField(label=word, required=False, max_length=120)

    def hours(self) -> list[tuple[int, time, time]]:
        """Give the hours that were entered; raises Invalid."""
        found: list[tuple[int, time, time]] = []
        problems: dict[str, list[str]] = {}
        for number in range(7):
            read: Intervals | Reason = parse_intervals(self.cleaned_data[f"day{number}"])
            if isinstance(read, Reason):
                problems[f"day{number}"] = [_(read.message) % read.params if read.params else _(read.message)]
                continue
            for one in read:
                if one.closes >= 24 * 60:
                    problems[f"day{number}"] = [_("Lending hours end before midnight.")]
                else:
                    found.append((number, _clock(one.opens), _clock(one.closes)))
        if problems:
            raise Invalid(fields=problems)
        return found


def _clock(minute: int) -> time:
    return time(minute // 60, minute % 60)


@keeping
def hours(request: HttpRequest, room: UUID) -> HttpResponse:
    """Say at which hours a room is lent."""
    desk = desk_of(request)
    one = open_room(desk.actor, room)
    with scope.within(desk.actor.communities):
        now = list_hours(room)
    initial: dict[str, Any] = {}
    for number in range(7):
        spans = [
            Interval(row.opens.hour * 60 + row.opens.minute, row.closes.hour * 60 + row.closes.minute)
            for row in now
            if row.weekday == number
        ]
        initial[f"day{number}"] = "、".join(str(span) for span in spans)
    form = HoursForm(request.POST or None, initial=initial)
    return answer_form(
        request,
        form,
        do=lambda entered: commands.set_lending_hours(
            actor=desk.actor, room=room, hours=form.hours(), at=desk.at, key=entered["key"]
        ),
        then=lambda _rows: room_url(room),
        said=_("Saved."),
        title=_("Lending hours of %(room)s") % {"room": one.room.name},
        lead=_("Write hours like 09:00-12:00、14:00-17:30. All empty: whenever the place is open."),
        button=_("Save"),
        cancel_url=room_url(room),
        crumbs=room_crumbs(one, (_("Lending hours"), "")),
    )


class CloseForm(ActForm):
    """From when until when, and why."""

    first_on = day_field(gettext_lazy("From day"))
    opens = clock_field(gettext_lazy("From"))
    last_on = day_field(gettext_lazy("To day"))
    closes = clock_field(pgettext_lazy("rooms", "To"))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)
    cancel_bookings = forms.BooleanField(
        label=gettext_lazy("Cancel what is booked then, and tell who booked"), required=False
    )


@keeping
def close(request: HttpRequest, room: UUID) -> HttpResponse:
    """Close a room for a time."""
    desk = desk_of(request)
    one = open_room(desk.actor, room)
    form = CloseForm(request.POST or None, initial={"opens": time(0), "closes": time(23, 59)})

    def do(entered: dict[str, Any]) -> Any:
        first = span_of(entered["first_on"], entered["opens"], time(23, 59))
        last = span_of(entered["last_on"], time(0), entered["closes"])
        return closings.close_room(
            actor=desk.actor,
            room=room,
            starts_at=first.starts_at,
            ends_at=last.ends_at,
            reason=entered["reason"],
            cancel_bookings=entered["cancel_bookings"],
            at=desk.at,
            key=entered["key"],
        )

    return answer_form(
        request,
        form,
        do=do,
        then=lambda _row: room_url(room),
        said=_("Closed. Nobody can book it in this time."),
        title=_("Close %(room)s for a time") % {"room": one.room.name},
        lead=one.room.venue.name,
        button=pgettext("rooms", "Close"),
        cancel_url=room_url(room),
        crumbs=room_crumbs(one, (pgettext("rooms", "Close"), "")),
    )


@keeper_presses
def lift(request: HttpRequest, closing: UUID) -> HttpResponse:
    """Lend a closed room again."""
    desk = desk_of(request)
    with scope.within(desk.actor.communities):
        row = find_closing(closing)
    open_room(desk.actor, row.room_id)
    return press(
        request,
        do=lambda: closings.lift_closing(actor=desk.actor, closing=closing, at=desk.at, key=key_of(request)),
        back=room_url(row.room_id),
        said=_("It can be booked again."),
    )
