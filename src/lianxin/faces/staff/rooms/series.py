"""A repeated booking as a whole."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from lianxin.domain.bookings.commands import series
from lianxin.domain.bookings.models import BookingTime
from lianxin.domain.bookings.queries.bookings import find_booking, find_time
from lianxin.platform.clock import LOCAL

from ..acting import ActForm, answer_form, confirm_first, day_field
from .booking_acts import ReasonForm, way
from .booking_new import clock_field, days_in
from .bookings import booking_url
from .desk import desk_of
from .gate import booking_form
from .words import say_span

LIVE = (BookingTime.State.ASKED, BookingTime.State.CONFIRMED)


class SeriesForm(ActForm):
    """Other hours, other days, from which date on."""

    opens = clock_field(gettext_lazy("From"))
    closes = clock_field(pgettext_lazy("rooms", "To"))
    days = forms.IntegerField(
        label=gettext_lazy("So many days later"),
        initial=0,
        required=False,
        min_value=-31,
        max_value=31,
        help_text=gettext_lazy("1 brings each Monday to Tuesday; -1 to Sunday."),
    )
    first = forms.ChoiceField(label=gettext_lazy("Beginning with"))
    edited_too = forms.BooleanField(
        label=gettext_lazy("Also the dates that were moved by hand"),
        required=False,
        help_text=gettext_lazy("Otherwise they stay where they are."),
    )


@booking_form
def change(request: HttpRequest, booking: UUID) -> HttpResponse:
    """Change the hours or days of all dates ahead, or of those from one on."""
    desk = desk_of(request)
    bundle = find_booking(actor=desk.actor, booking=booking, on=desk.on)
    ahead = [row for row in bundle.times if row.state in LIVE and row.starts_at > desk.at]
    initial: dict[str, Any] = {"days": 0}
    if ahead:
        shown = next((row for row in ahead if not row.is_moved), ahead[0])
        initial |= {
            "opens": shown.starts_at.astimezone(LOCAL).time(),
            "closes": shown.ends_at.astimezone(LOCAL).time(),
        }
    form = SeriesForm(request.POST or None, initial=initial)
    first: Any = form.fields["first"]
    first.choices = [(str(row.pk), say_span(row.starts_at, row.ends_at)) for row in ahead]

    def do(entered: dict[str, Any]) -> Any:
        return series.change_series(
            actor=desk.actor,
            booking=booking,
            opens=entered["opens"],
            closes=entered["closes"],
            days=entered["days"] or 0,
            first=UUID(entered["first"]),
            edited_too=entered["edited_too"],
            at=desk.at,
            key=entered["key"],
        )

    return answer_form(
        request,
        form,
        do=do,
        then=lambda _rows: booking_url(booking),
        said=lambda rows: (
            ngettext("%(count)d date changed.", "%(count)d dates changed.", len(rows)) % {"count": len(rows)}
        ),
        title=_("Change the hours of all dates"),
        lead=bundle.line.title,
        button=_("Change"),
        cancel_url=booking_url(booking),
        crumbs=way(bundle, _("All dates")),
    )


class ExtendForm(ActForm):
    """Until which day, and on which days not."""

    until = day_field(gettext_lazy("Until"))
    without = forms.CharField(
        label=gettext_lazy("But not on"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Days like 2026-10-01, with a space between."),
    )


@booking_form
def extend(request: HttpRequest, booking: UUID) -> HttpResponse:
    """Add the further dates of a repeated booking."""
    desk = desk_of(request)
    bundle = find_booking(actor=desk.actor, booking=booking, on=desk.on)
    return answer_form(
        request,
        ExtendForm(request.POST or None),
        do=lambda entered: series.extend_series(
            actor=desk.actor,
            booking=booking,
            until=entered["until"],
            without=sorted(days_in(entered["without"])),
            at=desk.at,
            key=entered["key"],
        ),
        then=lambda _rows: booking_url(booking),
        said=lambda rows: ngettext("%(count)d date added.", "%(count)d dates added.", len(rows)) % {"count": len(rows)},
        title=_("Add further dates"),
        lead=f"{bundle.line.title} · {bundle.line.recurrence}",
        button=_("Add"),
        cancel_url=booking_url(booking),
        crumbs=way(bundle, _("Further dates")),
    )


@booking_form
def end(request: HttpRequest, time: UUID) -> HttpResponse:
    """Cancel a date and all that follow."""
    desk = desk_of(request)
    bundle, row = find_time(actor=desk.actor, time=time, on=desk.on)
    booking = bundle.line.id
    ahead = [one for one in bundle.times if one.state in LIVE and one.starts_at >= row.starts_at]

    def preview(_entered: dict[str, Any]) -> list[str]:
        return [say_span(one.starts_at, one.ends_at) for one in ahead[:10]] + (
            [_("and %(count)d more dates") % {"count": len(ahead) - 10}] if len(ahead) > 10 else []
        )

    return confirm_first(
        request,
        ReasonForm(request.POST or None),
        do=lambda entered: series.end_series(
            actor=desk.actor, booking=booking, first=time, reason=entered["reason"], at=desk.at, key=entered["key"]
        ),
        preview=preview,
        then=lambda _count: booking_url(booking),
        said=_("These dates are cancelled."),
        question=_("Cancel this and all later dates?"),
        text=bundle.line.title,
        button=_("Cancel these dates"),
        cancel_url=booking_url(booking),
        crumbs=way(bundle, _("Cancel dates")),
        danger=True,
    )
