"""How much the rooms are used."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.bookings.queries.use import RoomUse, show_use
from lianxin.faces.kit.tables import Column

from ..points.lists import Page, Row, answer_list, cells, leads
from .desk import PlaceFilter, day_from, desk_of, optional_day
from .gate import reading

MONTH = timedelta(days=30)
COLUMNS = (
    Column(gettext_lazy("Room")),
    Column(pgettext_lazy("rooms", "Place")),
    Column(pgettext_lazy("rooms", "Booked"), numeric=True),
    Column(gettext_lazy("Seen in use"), numeric=True),
    Column(pgettext_lazy("rooms", "Given back"), numeric=True),
    Column(pgettext_lazy("rooms", "Cancelled"), numeric=True),
    Column(gettext_lazy("Hours booked"), numeric=True),
    Column(gettext_lazy("Of the lending hours")),
)


class UseFilter(PlaceFilter):
    """Which days, and where."""

    since = optional_day(gettext_lazy("From"))
    until = optional_day(pgettext_lazy("rooms", "To"))


@reading
def show(request: HttpRequest) -> HttpResponse:
    """List the rooms with their use, the most used first; what is still ahead does not count."""
    desk = desk_of(request)
    first = day_from(request, "since", desk.on - MONTH)
    last = day_from(request, "until", desk.on)
    data = request.GET.copy()
    data.setdefault("since", first.isoformat())
    data.setdefault("until", last.isoformat())
    form = UseFilter(data, desk=desk)
    found = show_use(
        actor=desk.actor,
        from_on=first,
        until_on=last + timedelta(days=1),
        at=desk.at,
        communities=form.communities,
        venue=form.venue_id,
    )

    def fetch(after: str) -> Page:
        start = int(after) if after.isdigit() else 0
        part = found[start : start + 50]
        return [_row(one) for one in part], str(start + 50) if start + 50 < len(found) else ""

    context = desk.context("rooms_use", _("Use of the rooms"), waiting=False)
    context |= {
        "form": form,
        "lead": _("What is still ahead does not count. A room is seen in use when somebody noted that they came."),
        "empty_title": _("There is nothing to count."),
        "empty_text": _("Choose days that have begun, and a place with rooms."),
    }
    return answer_list(request, columns=COLUMNS, fetch=fetch, context=context, count=len(found))


def _row(one: RoomUse) -> Row:
    return Row(
        cells(
            leads(one.room.room.name, "room_lending", room=one.room.room.pk),
            one.room.room.venue.name,
            one.booked,
            one.seen,
            one.given_back,
            one.cancelled,
            round(one.minutes / 60),
            "" if one.percent is None else f"{one.percent}%",
        ),
        pk=one.room.room.pk,
    )
