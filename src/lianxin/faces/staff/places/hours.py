"""The declared hours of a venue: the week as text, a look at what residents will see, and days that differ."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, time
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.places import policy
from lianxin.domain.places.commands import opening as commands
from lianxin.domain.places.models import Venue
from lianxin.domain.places.queries import opening, venues
from lianxin.engines.opening import Interval, Intervals, evening_minutes, parse_intervals, weekly_minutes
from lianxin.engines.reasons import Reason
from lianxin.faces.kit.acting import actor_of, key_of, press
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.forms import add_problem
from lianxin.platform import clock
from lianxin.platform.errors import Problem

from ..access import form_page, pick, pressing
from ..acting import REASON, ActForm, ClockInput, answer_form, day_field
from .venue_access import venue_for, venue_to_edit
from .words import WEEKDAYS, days_from, minutes_words, span_words, venue_crumbs, venue_tabs, week_lines

DAY = 24 * 60
# People put a blank between two stretches as readily as a comma.
_BETWEEN = re.compile(r"(?<=\d)\s+(?=\d)")


class SpansField(forms.CharField):
    """The hours of one day as people type them; cleaned to intervals, empty for closed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=200, empty_value="", **kwargs)

    def clean(self, value: Any) -> Any:
        """Read the text, or say which part of it cannot be read."""
        found = parse_intervals(_BETWEEN.sub(",", super().clean(value)))
        if isinstance(found, Reason):
            raise forms.ValidationError(_(found.message) % found.params)
        return found


def spans_text(spans: Sequence[Interval]) -> str:
    """Write intervals as they are typed."""
    return " ".join(str(span) for span in spans)


def times_of(span: Interval) -> tuple[time, time]:
    """Give when an interval opens and closes by the clock."""
    closes = span.closes % DAY
    return time(span.opens // 60, span.opens % 60), time(closes // 60, closes % 60)


class HoursForm(ActForm):
    """The seven days of a week, and the day from which they hold."""

    from_on = day_field(gettext_lazy("From which day"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, name in enumerate(WEEKDAYS):
            self.fields[f"day_{number}"] = SpansField(label=name)
        self.order_fields(["key", *(f"day_{number}" for number in range(7)), "from_on"])

    def week(self) -> tuple[Intervals, ...]:
        """Give the week as it was entered; a day that cannot be read is empty."""
        return tuple(self.cleaned_data.get(f"day_{number}") or () for number in range(7))


class ExceptionForm(ActForm):
    """Days on which a venue is closed or keeps other hours."""

    first_on = day_field(gettext_lazy("First day"))
    last_on = day_field(gettext_lazy("Last day"), required=False, help_text=gettext_lazy("Empty: only that day."))
    opens = forms.TimeField(
        label=gettext_lazy("Opens"),
        required=False,
        widget=ClockInput,
        help_text=gettext_lazy("Leave both times empty if it stays closed."),
    )
    closes = forms.TimeField(label=gettext_lazy("Closes"), required=False, widget=ClockInput)
    reason = forms.CharField(label=REASON, max_length=200, help_text=gettext_lazy("Residents read this."))


def hours_url(venue: UUID) -> str:
    """Give the page of a venue's hours."""
    return reverse("staff:venue_hours", kwargs={"venue": venue})


@form_page
def hours(request: HttpRequest, venue: UUID) -> HttpResponse:
    """Show the week, the days ahead and the exceptions; take another week after showing how it reads."""
    at = clock.now()
    found = venue_for(request, venue)
    may_edit = policy.may_edit_venue(actor_of(request), found)
    today = clock.local_day(at)
    now = opening.declared_hours([found], around=today)[venue].week
    form = HoursForm(request.POST or None, initial=_initial(now, today))
    preview: tuple[Intervals, ...] | None = None
    if request.method == "POST":
        venue_to_edit(request, venue)
        if form.is_valid():
            preview = form.week()
            if "preview" not in request.POST:
                try:
                    _save(request, found, form)
                except Problem as problem:
                    add_problem(form, problem)
                else:
                    messages.success(request, _("Saved. This is how residents see it."))
                    return redirect(hours_url(venue))
    page = venues.venue_page(venue=venue, actor=actor_of(request), at=at)
    return render(
        request,
        "staff/places/hours.html",
        {
            "venue": found,
            "crumbs": venue_crumbs(found, (_("Hours"), "")),
            "tabs": venue_tabs("venue_hours", found, may_edit=may_edit),
            "may_edit": may_edit,
            "form": form,
            "days": [form[f"day_{number}"] for number in range(7)],
            "preview": week_lines(preview) if preview is not None and not form.errors else None,
            "preview_note": _totals(preview) if preview is not None else "",
            "week": week_lines(now),
            "week_note": _totals(now),
            "ahead": _ahead(found, today),
            "exceptions": page.exceptions,
        },
        status=422 if form.errors else 200,
    )


def _initial(week: Sequence[Intervals], today: date) -> dict[str, Any]:
    return {"from_on": today, **{f"day_{number}": spans_text(spans) for number, spans in enumerate(week)}}


def _save(request: HttpRequest, venue: Venue, form: HoursForm) -> None:
    rows = [(number, *times_of(span)) for number, spans in enumerate(form.week()) for span in spans]
    commands.set_opening_hours(
        actor=actor_of(request),
        venue=venue.pk,
        hours=rows,
        from_on=form.cleaned_data["from_on"],
        at=clock.now(),
        key=form.cleaned_data["key"],
    )


def _totals(week: Sequence[Intervals]) -> str:
    return _("%(all)s a week, %(evening)s of it in the evening") % {
        "all": minutes_words(weekly_minutes(week)),
        "evening": minutes_words(evening_minutes(week)),
    }


def _ahead(venue: Venue, today: date) -> list[tuple[str, str]]:
    days = list(days_from(today, 14))
    by_day = opening.hours_by_day([venue], days=days)[venue.pk]
    return [(spoken(day), span_words(by_day[day])) for day in days]


@form_page
def add_exception(request: HttpRequest, venue: UUID) -> HttpResponse:
    """Enter days with other hours."""
    found = venue_to_edit(request, venue)
    form = ExceptionForm(request.POST or None)

    def do(entered: dict[str, Any]) -> Any:
        return commands.add_opening_exception(
            actor=actor_of(request),
            venue=venue,
            first_on=entered["first_on"],
            last_on=entered["last_on"] or entered["first_on"],
            opens=entered["opens"],
            closes=entered["closes"],
            reason=entered["reason"],
            at=clock.now(),
            key=entered["key"],
        )

    return answer_form(
        request,
        form,
        do=do,
        then=lambda _row: hours_url(venue),
        said=_("Saved. Residents see it now."),
        title=_("Days with other hours"),
        lead=found.name,
        button=_("Save"),
        cancel_url=hours_url(venue),
        crumbs=venue_crumbs(found, (_("Hours"), hours_url(venue)), (_("Days with other hours"), "")),
    )


@pressing
def remove_exception(request: HttpRequest, venue: UUID, exception: UUID) -> HttpResponse:
    """Take days with other hours back."""
    venue_to_edit(request, venue)
    page = venues.venue_page(venue=venue, actor=actor_of(request), at=clock.now())
    row = pick(page.exceptions, exception)
    return press(
        request,
        do=lambda: commands.remove_opening_exception(
            actor=actor_of(request), exception=row.pk, at=clock.now(), key=key_of(request)
        ),
        back=hours_url(venue),
        said=_("Taken back. The usual week holds again."),
    )
