"""Booking a room from the office: once or repeated, for the community, a resident or an organisation."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.bookings.commands.bookings import book_times
from lianxin.domain.bookings.models import Booking
from lianxin.domain.bookings.queries.terms import LentRoom
from lianxin.domain.bookings.rules import recurrence
from lianxin.domain.bookings.rules.spans import Span
from lianxin.domain.people.queries.organisations import list_names
from lianxin.platform.clock import local_moment
from lianxin.platform.errors import Invalid

from ..acting import ActForm, ClockInput, answer_form, day_field, long_text
from .bookings import booking_url
from .desk import RoomsDesk, day_from, desk_of, room_crumbs, room_url
from .gate import booking_form, open_room
from .residents import add_resident_fields, resident_of
from .words import WEEKDAYS

ONCE = "once"
EVERY = [
    (ONCE, gettext_lazy("Once")),
    (recurrence.DAY, gettext_lazy("Every day")),
    (recurrence.WEEK, gettext_lazy("Every week")),
    (recurrence.MONTH, gettext_lazy("Every month, on the same day")),
]


def clock_field(label: Any) -> forms.TimeField:
    """Make a field for a time of day."""
    return forms.TimeField(label=label, widget=ClockInput)


class BookingWordsForm(ActForm):
    """What a booking says of itself."""

    title = forms.CharField(label=gettext_lazy("What is the room used for?"), max_length=120)
    people_expected = forms.IntegerField(label=gettext_lazy("How many people are expected?"), required=False)
    set_up = forms.ChoiceField(label=gettext_lazy("How the room is arranged"), required=False)
    contact_name = forms.CharField(label=gettext_lazy("Contact"), max_length=80, required=False)
    contact_phone = forms.CharField(label=gettext_lazy("Phone"), max_length=30, required=False)
    note = long_text(gettext_lazy("Note"), most=500)

    def __init__(self, *args: Any, room: LentRoom, now: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = list(dict.fromkeys([*room.terms.set_ups, *([now] if now else [])]))
        if ways:
            field: Any = self.fields["set_up"]
            field.choices = [("", _("As it is")), *((way, way) for way in ways)]
        else:
            del self.fields["set_up"]


class NewBookingForm(BookingWordsForm):
    """When, how often, and for whom."""

    on = day_field(gettext_lazy("Day"))
    opens = clock_field(gettext_lazy("From"))
    closes = clock_field(pgettext_lazy("rooms", "To"))
    every = forms.ChoiceField(label=gettext_lazy("How often"), choices=EVERY, initial=ONCE)
    interval = forms.IntegerField(
        label=gettext_lazy("Every how many of these"), initial=1, required=False, min_value=1, max_value=52
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("On these days of the week"),
        coerce=int,
        required=False,
        choices=list(enumerate(WEEKDAYS)),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None: the day of the week of the first date."),
    )
    until = day_field(gettext_lazy("Until"), required=False, help_text=gettext_lazy("The last day, when repeated."))
    without = forms.CharField(
        label=gettext_lazy("But not on"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Days like 2026-10-01, with a space between."),
    )
    organisation = forms.ChoiceField(label=gettext_lazy("For an organisation"), required=False)

    field_order = (
        "title",
        "on",
        "opens",
        "closes",
        "every",
        "interval",
        "weekdays",
        "until",
        "without",
        "people_expected",
        "set_up",
        "household_number",
        "resident_name",
        "organisation",
        "contact_name",
        "contact_phone",
        "note",
    )

    def __init__(self, *args: Any, desk: RoomsDesk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = list_names(actor=desk.actor)
        field: Any = self.fields["organisation"]
        field.choices = [("", _("None")), *((str(pk), name) for pk, name in names)]
        if not names:
            del self.fields["organisation"]
        add_resident_fields(self, desk.actor)
        self.order_fields(self.field_order)

    def spans(self) -> list[Span]:
        """Give the dates that were entered; raises Invalid."""
        entered = self.cleaned_data
        first = span_of(entered["on"], entered["opens"], entered["closes"])
        if entered["every"] == ONCE:
            return [first]
        if not entered["until"]:
            raise Invalid(fields={"until": [_("Say until which day it is repeated.")]})
        return recurrence.dates_of(
            first=first,
            every=entered["every"],
            interval=entered["interval"] or 1,
            weekdays=entered["weekdays"],
            until=entered["until"],
            skip=days_in(entered["without"]),
        )

    def as_given(self) -> dict[str, Any]:
        """Give the recurrence as it was entered."""
        entered = self.cleaned_data
        if entered["every"] == ONCE:
            return {}
        return recurrence.as_given(
            every=entered["every"],
            interval=entered["interval"] or 1,
            weekdays=entered["weekdays"],
            until=entered["until"],
        )


def span_of(day: date, opens: time, closes: time) -> Span:
    """Give the stretch of a day; an end at midnight is the end of the day, an earlier one is refused further on."""
    ends: datetime = local_moment(day, closes)
    if closes == time(0) and opens > closes:
        ends = local_moment(day + timedelta(days=1))
    return Span(local_moment(day, opens), ends)


def days_in(text: str) -> set[date]:
    """Read days with spaces or commas between; raises Invalid."""
    found, wrong = set(), []
    for word in text.replace(",", " ").replace("，", " ").replace("、", " ").split():
        try:
            found.add(date.fromisoformat(word))
        except ValueError:
            wrong.append(word)
    if wrong:
        raise Invalid(
            fields={"without": [_("%(word)s is no day. Write it like 2026-10-01.") % {"word": wrong[0][:20]}]}
        )
    return found


@booking_form
def new(request: HttpRequest, room: UUID) -> HttpResponse:
    """Book a room."""
    desk = desk_of(request)
    one = open_room(desk.actor, room)
    initial = {"on": day_from(request, "on", desk.on)}
    form = NewBookingForm(request.POST or None, desk=desk, room=one, initial=initial)

    def do(entered: dict[str, Any]) -> Booking:
        firm = entered.get("organisation")
        return book_times(
            actor=desk.actor,
            room=room,
            times=form.spans(),
            title=entered["title"],
            person=resident_of(desk, one.room.community_id, entered),
            organisation=UUID(firm) if firm else None,
            contact_name=entered["contact_name"],
            contact_phone=entered["contact_phone"],
            people_expected=entered["people_expected"],
            set_up=entered.get("set_up", ""),
            note=entered["note"],
            recurrence=form.as_given(),
            at=desk.at,
            key=entered["key"],
        )

    return answer_form(
        request,
        form,
        do=do,
        then=lambda row: booking_url(row.pk),
        said=lambda row: _("Booked.") if row.state == Booking.State.CONFIRMED else _("Asked for."),
        title=_("Book %(room)s") % {"room": one.room.name},
        lead=one.room.venue.name,
        button=pgettext("rooms", "Book"),
        cancel_url=room_url(room),
        crumbs=room_crumbs(one, (pgettext("rooms", "Book"), "")),
    )
