"""The board: who has which room when, a day or a week at a time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.bookings.queries.board import BoardRow, Entry, show_board
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import PER_PAGE, Column

from ..points.lists import Page, Row, answer_list, cells
from .desk import PlaceFilter, RoomsDesk, day_from, desk_of, optional_day
from .gate import reading
from .words import TIME_STATES, TIME_TONES, say_hours

DAY, WEEK = "day", "week"
SPANS = [(DAY, gettext_lazy("One day")), (WEEK, gettext_lazy("A week"))]
COLUMNS = (
    Column(gettext_lazy("Day")),
    Column(pgettext_lazy("rooms", "Hours")),
    Column(pgettext_lazy("rooms", "Place")),
    Column(gettext_lazy("Room")),
    Column(gettext_lazy("What for")),
    Column(gettext_lazy("State")),
)


class BoardFilter(PlaceFilter):
    """Which day, and where."""

    on = optional_day(gettext_lazy("Day"))
    span = forms.ChoiceField(label=gettext_lazy("How long"), required=False, choices=SPANS)


def entry_words(entry: Entry) -> str:
    """Say what a stretch is for: of a confidential room only that it is taken."""
    if entry.is_confidential:
        return _("taken")
    return entry.title


@reading
def show(request: HttpRequest) -> HttpResponse:
    """Show the board; `?as=xlsx` and `?as=print` give its entries as a list."""
    desk = desk_of(request)
    span = request.GET.get("span", DAY)
    day = day_from(request, "on", desk.on)
    data = request.GET.copy()
    data["on"] = day.isoformat()
    form = BoardFilter(data, desk=desk)
    first = day - timedelta(days=day.weekday()) if span == WEEK else day
    days = 7 if span == WEEK else 1
    board = show_board(actor=desk.actor, first_on=first, days=days, communities=form.communities, venue=form.venue_id)
    title = _("Rooms, week of %(day)s") if span == WEEK else _("Rooms on %(day)s")
    context = desk.context("rooms", title % {"day": spoken(first)})
    if request.GET.get("as") in ("xlsx", "print"):
        return answer_list(request, columns=COLUMNS, fetch=lambda _after: _entries(board), context=context)
    page = _page_of(request)
    context |= {
        "form": form,
        "is_week": span == WEEK,
        "days": [first + timedelta(days=n) for n in range(days)],
        "today": desk.on,
        "rows": [_row(one, desk) for one in board[(page - 1) * PER_PAGE : page * PER_PAGE]],
        "count": len(board),
        "page": page,
        "has_more": len(board) > page * PER_PAGE,
        "earlier": _url(request, day - timedelta(days=days)),
        "later": _url(request, day + timedelta(days=days)),
        "here": _url(request, desk.on),
        "is_today": first <= desk.on < first + timedelta(days=days),
    }
    return render(request, "staff/rooms/board.html", context)


def _row(one: BoardRow, desk: RoomsDesk) -> dict[str, Any]:
    return {
        "room": one.room.room,
        "url": reverse("staff:room_lending", kwargs={"room": one.room.room.pk}),
        "book_url": reverse("staff:booking_new", kwargs={"room": one.room.room.pk})
        if desk.books(one.room) and one.room.room.state == "in_use"
        else "",
        "is_confidential": one.room.is_confidential,
        "days": [(day, [_shown(entry) for entry in entries]) for day, entries in one.days.items()],
    }


def _shown(entry: Entry) -> dict[str, Any]:
    return {
        "hours": say_hours(entry.starts_at, entry.ends_at),
        "words": entry_words(entry),
        "state": TIME_STATES[entry.state],
        "tone": TIME_TONES[entry.state],
        "url": reverse("staff:booking", kwargs={"booking": entry.booking}) if entry.booking else "",
    }


def _entries(board: list[BoardRow]) -> Page:
    rows = [
        Row(
            cells(
                day,
                say_hours(entry.starts_at, entry.ends_at),
                one.room.room.venue.name,
                one.room.room.name,
                entry_words(entry),
                str(TIME_STATES[entry.state]),
            )
        )
        for one in board
        for day, entries in one.days.items()
        for entry in entries
    ]
    return rows, ""


def _url(request: HttpRequest, day: date) -> str:
    query = request.GET.copy()
    query["on"] = day.isoformat()
    query.pop("page", None)
    return f"{request.path}?{query.urlencode()}"


def _page_of(request: HttpRequest) -> int:
    try:
        return max(1, int(request.GET.get("page", "1")))
    except ValueError:
        return 1
