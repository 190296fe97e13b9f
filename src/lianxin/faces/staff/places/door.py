"""The door of a venue: open, lock, count who came without names, and compare with what was promised."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.places.commands import opening as commands
from lianxin.domain.places.commands import paper_logs, visits
from lianxin.domain.places.models import OpeningLog, Venue, VenueState, VisitPurpose
from lianxin.domain.places.queries import opening
from lianxin.faces.kit.acting import actor_of, key_of, press
from lianxin.faces.kit.dates import spoken
from lianxin.platform import clock
from lianxin.platform.errors import Invalid
from lianxin.platform.ids import new_id

from .. import sheets
from ..access import form_page, pick, pressing, reading
from ..acting import ActForm, ClockInput, answer_form, day_field
from .venue_access import venue_to_edit
from .venue_page import open_words
from .words import VENUE_TONES, minutes_words, venue_crumbs, venue_tabs

AT_ONCE = (1, 2, 5, 10)
COMPARED_DAYS = 30
EXPORTED_DAYS = 366


class CountForm(ActForm):
    """How many came, what for, and when if not now."""

    purpose = forms.ChoiceField(
        label=gettext_lazy("What for"),
        choices=VisitPurpose.choices,
        initial=VisitPurpose.OTHER,
        widget=forms.RadioSelect,
    )
    count = forms.IntegerField(label=gettext_lazy("Another number"), required=False)
    day = day_field(gettext_lazy("Day, if not today"), required=False)


class PaperForm(ActForm):
    """An opening that was written on paper."""

    day = day_field(gettext_lazy("Day"))
    opened = forms.TimeField(label=pgettext_lazy("door", "Opened"), widget=ClockInput)
    closed = forms.TimeField(label=pgettext_lazy("places", "Locked"), widget=ClockInput)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)


def door_url(venue: UUID) -> str:
    """Give the page of a venue's door."""
    return reverse("staff:door", kwargs={"venue": venue})


@reading
def show(request: HttpRequest, venue: UUID) -> HttpResponse:
    """Show the door: the big button, the counting, today, the last openings, promised and seen."""
    return _door(request, venue_to_edit(request, venue), CountForm())


def _door(request: HttpRequest, venue: Venue, form: CountForm) -> HttpResponse:
    at = clock.now()
    today = clock.local_day(at)
    tomorrow = today + timedelta(days=1)
    state = opening.opening_states([venue], at=at)[venue.pk]
    current = opening.find_open_log(venue.pk)
    first = today - timedelta(days=COMPARED_DAYS - 1)
    seen = opening.observed_opening([venue], from_on=first, until_on=tomorrow, at=at)[venue.pk]
    by_day = opening.count_visits_by_day(venue.pk, from_on=first, until_on=tomorrow)
    purposes = dict(VisitPurpose.choices)
    by_purpose = opening.count_visits_by_purpose(venue.pk, from_on=today, until_on=tomorrow)
    logs = list(opening.list_openings(venue.pk, limit=30))
    return render(
        request,
        "staff/places/door.html",
        {
            "venue": venue,
            "tone": VENUE_TONES[VenueState(venue.state)],
            "crumbs": venue_crumbs(venue, (_("Door and visits"), "")),
            "tabs": venue_tabs("door", venue, may_edit=True),
            "works": venue.state == VenueState.OPEN,
            "current": current,
            "state_words": open_words(state),
            "door_key": new_id(),
            "form": form,
            "at_once": AT_ONCE,
            "today_total": by_day.get(today, 0),
            "today_purposes": [(purposes[code], number) for code, number in sorted(by_purpose.items())],
            "counts": list(opening.list_visits([venue.pk], from_on=today, until_on=tomorrow)[:20]),
            "openings": [(log, ended_by(log)) for log in logs[:15]],
            "forgotten": [log for log in logs if log.closed_by_schedule and log.undone_at is None][:5],
            "days": [by_day.get(first + timedelta(days=n), 0) for n in range(COMPARED_DAYS)],
            "figures": _figures(seen),
        },
        status=422 if form.errors else 200,
    )


def _figures(seen: opening.ObservedOpening) -> list[tuple[Any, Any, Any]]:
    """Give the figures of the last days: label, number, unit."""
    kept = "—" if seen.kept_percent is None else seen.kept_percent
    return [
        (_("Promised"), minutes_words(seen.declared_minutes), ""),
        (_("Seen open"), minutes_words(seen.observed_minutes), ""),
        (_("Of the promised hours kept"), kept, "%" if seen.kept_percent is not None else ""),
        (_("Days opened"), seen.days_opened, _("of %(days)d") % {"days": seen.days_declared}),
        (_("Visitors"), seen.visitors, _("person-times")),
    ]


@pressing
def open_door(request: HttpRequest, venue: UUID) -> HttpResponse:
    """Log that the door was opened."""
    found = venue_to_edit(request, venue)
    return press(
        request,
        do=lambda: commands.open_venue(
            actor=actor_of(request),
            venue=found.pk,
            note=request.POST.get("note", ""),
            at=clock.now(),
            key=key_of(request),
        ),
        back=door_url(venue),
        said=_("The door is open. Residents see it now."),
    )


@pressing
def lock_door(request: HttpRequest, venue: UUID) -> HttpResponse:
    """Log that the door was locked."""
    found = venue_to_edit(request, venue)
    return press(
        request,
        do=lambda: commands.lock_venue(
            actor=actor_of(request),
            venue=found.pk,
            note=request.POST.get("note", ""),
            at=clock.now(),
            key=key_of(request),
        ),
        back=door_url(venue),
        said=_("The door is locked. Thank you."),
    )


@pressing
def undo_opening(request: HttpRequest, venue: UUID, opening_log: UUID) -> HttpResponse:
    """Take back an opening that was logged by mistake."""
    found = venue_to_edit(request, venue)
    row = pick(opening.list_openings(found.pk, limit=500), opening_log)
    return press(
        request,
        do=lambda: commands.undo_opening(actor=actor_of(request), opening=row.pk, at=clock.now(), key=key_of(request)),
        back=door_url(venue),
        said=_("Taken back. It stays in the list and counts for nothing."),
    )


@form_page
def count(request: HttpRequest, venue: UUID) -> HttpResponse:
    """Count visitors: a number that was pressed, or one that was typed."""
    found = venue_to_edit(request, venue)
    if request.method != "POST":
        return _door(request, found, CountForm())
    form = CountForm(request.POST)
    if not form.is_valid():
        return _door(request, found, form)
    entered = form.cleaned_data
    pressed = request.POST.get("pressed", "")
    number = int(pressed) if pressed.isdigit() and int(pressed) in AT_ONCE else entered["count"]
    return answer_form(
        request,
        form,
        do=lambda _entered: visits.record_visits(
            actor=actor_of(request),
            venue=venue,
            count=_number(number),
            purpose=entered["purpose"],
            counted_at=_noon(entered["day"]),
            at=clock.now(),
            key=entered["key"],
        ),
        then=lambda _row: door_url(venue),
        said=_("Counted: %(number)s.") % {"number": number},
        title=_("Count visitors"),
        lead=found.name,
        button=_("Count"),
        cancel_url=door_url(venue),
        crumbs=venue_crumbs(found, (_("Door and visits"), door_url(venue)), (_("Count visitors"), "")),
    )


def _number(number: int | None) -> int:
    if number is None:
        raise Invalid(fields={"count": [_("Press a number or type one.")]})
    return number


def _noon(day: Any) -> datetime | None:
    """Let a count of an earlier day stand at its noon: nobody knows the hour."""
    if day is None or day == clock.local_day(clock.now()):
        return None
    return clock.local_moment(day) + timedelta(hours=12)


@pressing
def undo_count(request: HttpRequest, venue: UUID, visits_row: UUID) -> HttpResponse:
    """Take back a count that was entered by mistake."""
    found = venue_to_edit(request, venue)
    today = clock.local_day(clock.now())
    span = {"from_on": today - timedelta(days=EXPORTED_DAYS), "until_on": today + timedelta(days=1)}
    row = pick(opening.list_visits([found.pk], **span).filter(pk=visits_row), visits_row)
    return press(
        request,
        do=lambda: visits.undo_visits(actor=actor_of(request), visits=row.pk, at=clock.now(), key=key_of(request)),
        back=door_url(venue),
        said=_("Taken back. It counts for nothing."),
    )


@form_page
def enter_paper(request: HttpRequest, venue: UUID) -> HttpResponse:
    """Enter an opening that was written on paper."""
    found = venue_to_edit(request, venue)
    form = PaperForm(request.POST or None)

    def do(entered: dict[str, Any]) -> Any:
        opened = clock.local_moment(entered["day"], entered["opened"])
        closed = clock.local_moment(entered["day"], entered["closed"])
        if closed <= opened:
            closed += timedelta(days=1)
        entry = {"venue": venue, "opened_at": opened, "closed_at": closed, "note": entered["note"]}
        return paper_logs.record_past_openings(
            actor=actor_of(request), openings=[entry], at=clock.now(), key=entered["key"]
        )

    return answer_form(
        request,
        form,
        do=do,
        then=lambda _rows: door_url(venue),
        said=_("Entered."),
        title=_("Enter an opening from paper"),
        lead=found.name,
        button=_("Enter"),
        cancel_url=door_url(venue),
        crumbs=venue_crumbs(found, (_("Door and visits"), door_url(venue)), (_("From paper"), "")),
    )


def ended_by(log: OpeningLog) -> str:
    """Say how an opening ended."""
    if log.undone_at is not None:
        return str(_("taken back"))
    if log.closed_at is None:
        return str(_("still open"))
    return str(_("by the schedule")) if log.closed_by_schedule else str(_("by hand"))


@reading
def export(request: HttpRequest, venue: UUID) -> HttpResponse:
    """Give the openings of a venue as XLSX."""
    found = venue_to_edit(request, venue)
    headings = (_("Day"), pgettext("door", "Opened"), pgettext("places", "Locked"), _("How it ended"), _("Note"))
    rows = [
        [
            clock.local_day(log.opened_at),
            spoken(log.opened_at.astimezone(clock.LOCAL).time()),
            spoken(log.closed_at) if log.closed_at else "",
            ended_by(log),
            log.note,
        ]
        for log in opening.list_openings(found.pk, limit=sheets.MOST_ROWS)
    ]
    return sheets.workbook(title=_("Openings of %(name)s") % {"name": found.name}, headings=headings, rows=rows)
