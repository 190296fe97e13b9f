"""Planning the dates of an activity: from how it repeats, one by one, those that took place, several at once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from lianxin.domain.activities.commands.occurrences import add_date, enter_past_date, plan_dates
from lianxin.domain.activities.commands.series import change_series
from lianxin.domain.activities.queries.occurrences import list_of_activity
from lianxin.domain.activities.rules import plans, recurrence
from lianxin.platform.clock import local_moment, now
from lianxin.platform.errors import Invalid

from ..acting import ActForm, ClockInput, VersionedForm, answer_form, day_field, long_text
from .desk import ActivityDesk, activity_desk
from .forms import rooms_of, whole
from .gate import planning
from .listing import venues_of
from .words import when_words

EVERY = [
    ("", gettext_lazy("once")),
    ("week", gettext_lazy("every week or every few weeks, on days of the week")),
    ("day", gettext_lazy("every day or every few days")),
    ("month", gettext_lazy("each month on days of the month")),
    ("month_weekday", gettext_lazy("each month on a day of the week, such as the second Saturday")),
    ("lunar", gettext_lazy("each lunar month on lunar days, such as the 1st and the 15th")),
    ("festival", gettext_lazy("each year at a festival")),
]


def _weekdays() -> list[tuple[str, str]]:
    return [(str(number), name) for number, name in enumerate(recurrence.weekday_names())]


class DatesForm(VersionedForm):
    """From which day on, and how it repeats."""

    first_on = day_field(gettext_lazy("First day"))
    every = forms.ChoiceField(label=gettext_lazy("It takes place"), choices=EVERY, required=False)
    interval = whole(gettext_lazy("After how many days, weeks, months or years again"), least=1, most=12)
    weekdays = forms.MultipleChoiceField(
        label=gettext_lazy("Days of the week"),
        required=False,
        choices=_weekdays,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen: that of the first day."),
    )
    days = forms.CharField(
        label=gettext_lazy("Days of the month"),
        required=False,
        max_length=60,
        help_text=gettext_lazy(
            "Numbers with commas between; lunar days in a lunar month. None: that of the first day."
        ),
    )
    nth = forms.ChoiceField(
        label=gettext_lazy("Which one of the month"),
        required=False,
        choices=lambda: [("", "—"), *((str(number), word) for number, word in recurrence.nth_names().items())],
    )
    festival = forms.ChoiceField(
        label=gettext_lazy("Festival"),
        required=False,
        choices=lambda: [("", "—"), *((code, recurrence.festival_name(code)) for code in recurrence.FESTIVALS)],
    )
    until = day_field(gettext_lazy("Until (this day included)"), required=False)
    times = whole(gettext_lazy("or so many times"), least=1, most=recurrence.MOST_DATES)

    def repeats(self) -> dict[str, Any] | None:
        """Give how it repeats; what was left open is taken from the first day."""
        data = self.cleaned_data
        if not data["every"]:
            return None
        first: date = data["first_on"]
        weekdays = [int(day) for day in data["weekdays"]]
        values: dict[str, Any] = {
            "every": data["every"],
            "interval": data["interval"] or 1,
            "until": data["until"],
            "times": data["times"],
        }
        if data["every"] in ("week", "month_weekday"):
            values["weekdays"] = weekdays or [first.weekday()]
        elif data["every"] == "day":
            values["weekdays"] = weekdays
        if data["every"] == "month_weekday":
            values["nth"] = data["nth"] or min((first.day - 1) // 7 + 1, 4)
        if data["every"] in ("month", "lunar"):
            values["days"] = _numbers(data["days"]) or [_day_of(first, data["every"])]
        if data["every"] == "festival":
            values["festival"] = data["festival"]
        return values


def _day_of(first: date, every: str) -> int:
    from lianxin.engines.lunar import lunar_day

    return lunar_day(first) if every == "lunar" else first.day


def _numbers(text: str) -> list[int]:
    plain = text.replace("，", ",").replace("、", ",").replace(" ", ",")
    try:
        return [int(part) for part in plain.split(",") if part]
    except ValueError:
        raise Invalid(fields={"days": [_("Write numbers with commas between, such as 1, 15.")]}) from None


def _crumbs(desk: ActivityDesk, last: Any) -> Any:
    return desk.crumbs((desk.row.title, desk.url("activity")), (last, ""))


@planning
def plan(request: HttpRequest, activity: UUID) -> HttpResponse:
    """Plan dates from how the activity repeats."""
    desk = activity_desk(request, activity)
    stored = desk.row.recurrence
    initial: dict[str, Any] = {"version": desk.row.version, "first_on": request.GET.get("first_on") or None}
    if stored:
        initial |= {name: stored.get(name) for name in ("every", "interval", "nth", "festival", "until", "times")}
        initial["weekdays"] = [str(day) for day in stored.get("weekdays", ())]
        initial["days"] = ", ".join(map(str, stored.get("days", ())))
    form = DatesForm(request.POST or None, initial=initial)

    def do(data: dict[str, Any]) -> Any:
        return plan_dates(
            actor=desk.actor,
            activity=activity,
            first_on=data["first_on"],
            repeats=form.repeats(),
            version=data["version"],
            at=now(),
            key=data["key"],
        )

    def said(made: list[Any]) -> str:
        if not made:
            return _("These dates stand already; nothing was added.")
        words = ngettext("%(count)d date is drafted.", "%(count)d dates are drafted.", len(made))
        return words % {"count": len(made)}

    starts = ", ".join(f"{start:%H:%M}" for start in plans.read(desk.row.plan).starts)
    return answer_form(
        request,
        form,
        do=do,
        then=lambda _made: desk.url("activity"),
        said=said,
        title=_("Dates of “%(title)s”") % {"title": desk.row.title},
        lead=_("Each date begins at %(starts)s and stands on its own afterwards: it can be moved or taken out.")
        % {"starts": starts},
        button=_("Draft the dates"),
        cancel_url=desk.url("activity"),
        crumbs=_crumbs(desk, _("Plan dates")),
    )


class OneDateForm(ActForm):
    """One more date."""

    on = day_field(gettext_lazy("Day"))
    start = forms.TimeField(label=pgettext_lazy("activity", "Starts at"), widget=ClockInput)
    minutes = whole(gettext_lazy("Minutes"), least=5, most=4320, help_text=gettext_lazy("Empty: as the others."))


@planning
def add(request: HttpRequest, activity: UUID) -> HttpResponse:
    """Add one date."""
    desk = activity_desk(request, activity)
    form = OneDateForm(request.POST or None, initial={"start": plans.read(desk.row.plan).starts[0]})
    return answer_form(
        request,
        form,
        do=lambda data: add_date(actor=desk.actor, activity=activity, at=now(), **data),
        then=lambda _row: desk.url("activity"),
        said=_("The date is drafted."),
        title=_("One more date of “%(title)s”") % {"title": desk.row.title},
        button=_("Draft the date"),
        cancel_url=desk.url("activity"),
        crumbs=_crumbs(desk, _("Add one date")),
    )


class PastDateForm(ActForm):
    """A date that took place."""

    on = day_field(gettext_lazy("Day"))
    start = forms.TimeField(label=pgettext_lazy("activity", "Started at"), widget=ClockInput)
    end = forms.TimeField(label=pgettext_lazy("activity", "Ended at"), widget=ClockInput)
    venue = forms.ChoiceField(label=gettext_lazy("Venue"), required=False)
    place = forms.CharField(label=pgettext_lazy("activity", "Where exactly"), max_length=120, required=False)
    note = long_text(gettext_lazy("Why it was not entered before"), most=300, rows=2, required=True)


@planning
def past(request: HttpRequest, activity: UUID) -> HttpResponse:
    """Enter a date that took place without having been published."""
    desk = activity_desk(request, activity)
    form = PastDateForm(request.POST or None, initial={"venue": str(plans.read(desk.row.plan).venue or "")})
    fields: dict[str, Any] = form.fields
    fields["venue"].choices = [("", _("elsewhere")), *venues_of(desk.actor)]

    def do(data: dict[str, Any]) -> Any:
        return enter_past_date(
            actor=desk.actor,
            activity=activity,
            starts_at=_moment(data["on"], data["start"]),
            ends_at=_moment(data["on"], data["end"]),
            venue=UUID(data["venue"]) if data["venue"] else None,
            place=data["place"],
            note=data["note"],
            at=now(),
            key=data["key"],
        )

    return answer_form(
        request,
        form,
        do=do,
        then=lambda _row: desk.url("activity"),
        said=_("The date is entered. Now type in the sheet of those who came."),
        title=_("A date of “%(title)s” that took place") % {"title": desk.row.title},
        lead=_("For what was held before it was entered. Who came is typed in from the paper sheet, name by name."),
        button=_("Enter it"),
        cancel_url=desk.url("activity"),
        crumbs=_crumbs(desk, _("Enter a date that took place")),
    )


def _moment(on: date, clock: Any) -> datetime:
    return local_moment(on, clock)


KEEP = gettext_lazy("no change")


class SeriesForm(VersionedForm):
    """What changes on several dates; an empty field leaves things as they are."""

    scope = forms.ChoiceField(
        label=gettext_lazy("Which dates"),
        choices=[
            ("all", gettext_lazy("all dates still to come")),
            ("following", gettext_lazy("from one date on")),
        ],
    )
    occurrence = forms.ChoiceField(label=gettext_lazy("From which date on"), required=False)
    start = forms.TimeField(label=pgettext_lazy("activity", "Starts at"), required=False, widget=ClockInput)
    minutes = whole(gettext_lazy("Minutes"), least=5, most=4320)
    days_later = forms.IntegerField(
        label=gettext_lazy("So many days later"),
        required=False,
        min_value=-60,
        max_value=60,
        help_text=gettext_lazy("With a minus: earlier."),
    )
    place_change = forms.ChoiceField(label=gettext_lazy("Venue and room"), required=False)
    place = forms.CharField(label=pgettext_lazy("activity", "Where exactly"), max_length=120, required=False)
    size = whole(pgettext_lazy("activity", "Places"), least=1)
    by_hand = forms.ChoiceField(
        label=gettext_lazy("Dates that were changed by hand"),
        required=False,
        choices=[
            ("", gettext_lazy("ask me")),
            ("keep", gettext_lazy("keep their own change")),
            ("replace", gettext_lazy("follow the series again")),
        ],
    )

    def change(self) -> dict[str, Any]:
        """Give what is to change."""
        data = self.cleaned_data
        names = ("start", "minutes", "days_later", "size")
        change = {name: data[name] for name in names if data[name] not in (None, "")}
        if data["place"].strip():
            change["place"] = data["place"]
        if data["place_change"]:
            venue, _sep, room = data["place_change"].partition("/")
            change["venue"] = UUID(venue) if venue else None
            change["room"] = UUID(room) if room else None
        if not change:
            raise Invalid(_("Nothing would change. Fill in what is to be different."))
        return change


@planning
def series(request: HttpRequest, activity: UUID) -> HttpResponse:
    """Change several dates at once."""
    desk = activity_desk(request, activity)
    at = now()
    ahead = [
        one
        for one in list_of_activity(actor=desk.actor, activity=activity)
        if one.state in ("draft", "published") and one.starts_at > at
    ]
    form = SeriesForm(request.POST or None, initial={"version": desk.row.version})
    fields: dict[str, Any] = form.fields
    fields["occurrence"].choices = [
        ("", "—"),
        *((str(one.pk), when_words(one.starts_at, one.ends_at)) for one in ahead),
    ]
    fields["place_change"].choices = [("", KEEP), *_places(desk)]

    def do(data: dict[str, Any]) -> Any:
        return change_series(
            actor=desk.actor,
            activity=activity,
            scope=data["scope"],
            occurrence=UUID(data["occurrence"]) if data["occurrence"] else None,
            change=form.change(),
            by_hand=data["by_hand"],
            version=data["version"],
            at=now(),
            key=data["key"],
        )

    def said(rows: list[Any]) -> str:
        words = ngettext("%(count)d date has changed.", "%(count)d dates have changed.", len(rows))
        return words % {"count": len(rows)}

    return answer_form(
        request,
        form,
        do=do,
        then=lambda _rows: desk.url("activity"),
        said=said,
        title=_("Change several dates of “%(title)s”") % {"title": desk.row.title},
        lead=_("Fill in only what is to be different. All dates change or none. Everybody who signed up is told."),
        button=_("Change these dates"),
        cancel_url=desk.url("activity"),
        crumbs=_crumbs(desk, _("Change several dates")),
    )


def _places(desk: ActivityDesk) -> list[tuple[str, str]]:
    """Give the venues with their rooms as one choice, those of the activity's own venue first."""
    found = venues_of(desk.actor)
    own = str(plans.read(desk.row.plan).venue or "")
    found.sort(key=lambda pair: pair[0] != own)
    choices: list[tuple[str, str]] = []
    for pk, name in found[:12]:
        choices.append((f"{pk}/", _("%(venue)s, no room") % {"venue": name}))
    if own:
        rooms = rooms_of(found, own)
        name = dict(found).get(own, "")
        choices = [(f"{own}/{room}", f"{name} · {label}") for room, label in rooms] + choices
    return choices
