"""The calendar of working days, a year at a time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.faces.kit.acting import actor_of, press
from lianxin.platform import clock, workcalendar
from lianxin.platform.errors import Invalid, Missing

from .. import sheets
from ..acting import ActForm, answer_form, day_field
from .gate import button, form_page, is_office_or_administrator, may_edit_calendar, reading
from .words import crumbs

FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST = 20
# The public holidays of the State Council's rules (Order 795): each year's list has days under all of these names.
EXPECTED = (
    ("元旦", gettext_lazy("New Year's Day")),
    ("春节", gettext_lazy("Spring Festival")),
    ("清明", gettext_lazy("Qingming Festival")),
    ("劳动节", gettext_lazy("Labour Day")),
    ("端午", gettext_lazy("Dragon Boat Festival")),
    ("中秋", gettext_lazy("Mid-Autumn Festival")),
    ("国庆", gettext_lazy("National Day")),
)


class DaysForm(ActForm):
    """Some days in a row that are not what their weekday says."""

    first_on = day_field(gettext_lazy("First day"))
    last_on = day_field(gettext_lazy("Last day"), required=False, help_text=gettext_lazy("Empty for a single day."))
    kind = forms.ChoiceField(
        label=gettext_lazy("These days are"),
        choices=[("holiday", gettext_lazy("off")), ("makeup", gettext_lazy("workdays (make-up)"))],
        widget=forms.RadioSelect,
        initial="holiday",
    )
    name = forms.CharField(
        label=pgettext_lazy("of a thing", "Name"), max_length=40, help_text=gettext_lazy("For example 春节")
    )
    source = forms.CharField(
        label=gettext_lazy("Source"), max_length=120, help_text=gettext_lazy("The notice that says so, with its number")
    )


def _year(request: HttpRequest) -> int:
    asked = request.GET.get("year", "")
    this = clock.local_day(clock.now()).year
    return int(asked) if asked.isdecimal() and FIRST_YEAR <= int(asked) <= LAST_YEAR else this


def _missing(year: int, names: set[str]) -> list[Any]:
    return [label for word, label in EXPECTED if not any(word in name for name in names)]


@reading(is_office_or_administrator)
def show(request: HttpRequest) -> HttpResponse:
    """Show the entered days of a year, and what is missing of this and the next one."""
    year = _year(request)
    this = clock.local_day(clock.now()).year
    may_edit = may_edit_calendar(actor_of(request))
    days = workcalendar.list_calendar_days(year=year)
    following = workcalendar.list_calendar_days(year=this + 1) if year != this + 1 else days
    return render(
        request,
        "staff/settings/calendar.html",
        {
            "year": year,
            "days": days,
            "missing": _missing(year, {day.name for day in days if not day.is_workday}),
            "next_year": this + 1,
            "next_missing": _missing(this + 1, {day.name for day in following if not day.is_workday}),
            "years": [
                (str(each), f"{reverse('staff:calendar')}?year={each}", each == year, "")
                for each in range(this - 1, this + 3)
            ],
            "may_edit": may_edit,
            "new_url": reverse("staff:calendar_new") if may_edit else "",
            "export_url": f"{reverse('staff:calendar_export')}?year={year}",
            "print_url": f"{reverse('staff:calendar_print')}?year={year}",
            "crumbs": crumbs((_("Working days"), "")),
        },
    )


HEADINGS = (
    gettext_lazy("Day"),
    pgettext_lazy("of a thing", "Name"),
    gettext_lazy("These days are"),
    gettext_lazy("Source"),
)


def _lines(year: int) -> list[list[Any]]:
    return [
        [day.day_on, day.name, _("workdays (make-up)") if day.is_workday else _("off"), day.source]
        for day in workcalendar.list_calendar_days(year=year)
    ]


@reading(is_office_or_administrator)
def export(request: HttpRequest) -> HttpResponse:
    """Give a year as XLSX."""
    year = _year(request)
    title = _("Working days %(year)d") % {"year": year}
    return sheets.workbook(title=title, headings=HEADINGS, rows=_lines(year))


@reading(is_office_or_administrator)
def print_list(request: HttpRequest) -> HttpResponse:
    """Give a year as a sheet of paper."""
    year = _year(request)
    title = _("Working days %(year)d") % {"year": year}
    back = f"{reverse('staff:calendar')}?year={year}"
    return sheets.paper(request, title=title, headings=HEADINGS, rows=_lines(year), back_url=back)


@form_page(may_edit_calendar)
def new(request: HttpRequest) -> HttpResponse:
    """Enter days."""

    def enter(wanted: dict[str, Any]) -> int:
        first, last = wanted["first_on"], wanted["last_on"] or wanted["first_on"]
        if not 0 <= (last - first).days < LONGEST:
            raise Invalid(fields={"last_on": [_("From the first to the last day are 1 to %s days.") % LONGEST]})
        if not FIRST_YEAR <= first.year <= LAST_YEAR:
            raise Invalid(fields={"first_on": [_("Please check the year.")]})
        days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
        is_workday = wanted["kind"] == "makeup"
        workcalendar.set_calendar_days(
            actor=actor_of(request),
            days=[(day, is_workday, wanted["name"].strip()) for day in days],
            source=wanted["source"],
            at=clock.now(),
        )
        return int(first.year)

    back = reverse("staff:calendar")
    return answer_form(
        request,
        DaysForm(request.POST or None),
        do=enter,
        then=lambda year: f"{back}?year={year}",
        said=_("The days were entered. Deadlines in working days reckon with them from now on."),
        title=_("Enter days"),
        button=_("Enter"),
        cancel_url=back,
        crumbs=crumbs((_("Working days"), back), (_("Enter days"), "")),
    )


@button(may_edit_calendar)
def remove(request: HttpRequest, day: str) -> HttpResponse:
    """Let a day be again what its weekday says."""
    try:
        on = date.fromisoformat(day)
    except ValueError:
        raise Missing from None
    return press(
        request,
        do=lambda: workcalendar.remove_calendar_day(actor=actor_of(request), on=on, at=clock.now()),
        back=f"{reverse('staff:calendar')}?year={on.year}",
        said=_("The day is again what its weekday says."),
    )
