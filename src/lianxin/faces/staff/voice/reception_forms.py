"""The forms of reception days: a series, a day's changes, somebody's place, what was said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.voice.models import Channel, Confidentiality, ReceptionSeries, Subject
from lianxin.domain.voice.rules import receptions as rules

from ..acting import ActForm, ClockInput, VersionedForm, day_field, long_text
from ..choices import CHOOSE

WEEK, MONTH, DATE = "week", "month", "date"
CHANNELS = [one for one in Channel.choices if one[0] != "wechat"]


def clock_field(label: Any, **more: Any) -> forms.TimeField:
    """Make a field for a time of day."""
    return forms.TimeField(label=label, widget=ClockInput, **more)


class SeriesForm(VersionedForm):
    """What kind of day, how often, when, who receives, where."""

    community = forms.ChoiceField(label=gettext_lazy("Community"))
    kind = forms.ChoiceField(
        label=gettext_lazy("What kind of day is it?"),
        choices=[("", CHOOSE), *ReceptionSeries.Kind.choices],
    )
    title = forms.CharField(label=gettext_lazy("What it is called"), max_length=60)
    unit = forms.ChoiceField(
        label=gettext_lazy("How often?"),
        choices=[
            (WEEK, gettext_lazy("on weekdays of each week")),
            (MONTH, gettext_lazy("on a weekday of each month")),
            (DATE, gettext_lazy("on a day of each month")),
        ],
    )
    interval = forms.IntegerField(
        label=gettext_lazy("Every how many weeks or months?"), min_value=1, max_value=rules.MOST_INTERVAL, initial=1
    )
    weekdays = forms.MultipleChoiceField(
        label=gettext_lazy("On which weekdays?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(str(number), name) for number, name in enumerate(rules.WEEKDAYS)],
    )
    nth = forms.ChoiceField(
        label=gettext_lazy("Which one of the month?"),
        required=False,
        choices=[("", CHOOSE), *((str(number), name) for number, name in rules.NTH.items())],
        help_text=gettext_lazy("Only for a weekday of each month."),
    )
    month_day = forms.IntegerField(
        label=gettext_lazy("On which day of the month?"),
        required=False,
        min_value=1,
        max_value=31,
        help_text=gettext_lazy("Only for a day of each month."),
    )
    from_on = day_field(gettext_lazy("From"))
    until_on = day_field(gettext_lazy("Until"), required=False, help_text=gettext_lazy("Empty: until further notice."))
    starts_time = clock_field(gettext_lazy("Begins at"), initial=time(15))
    minutes = forms.IntegerField(label=gettext_lazy("How many minutes in all?"), min_value=5, initial=120)
    slot_minutes = forms.IntegerField(label=gettext_lazy("How many minutes for each?"), min_value=5, initial=20)
    leader_name = forms.CharField(label=gettext_lazy("Who receives people"), max_length=40)
    leader_title = forms.CharField(label=gettext_lazy("Their office"), max_length=40, required=False)
    leader_account = forms.ChoiceField(
        label=gettext_lazy("Who is reminded"),
        required=False,
        help_text=gettext_lazy("Nobody chosen: everybody of the community's office."),
    )
    room = forms.ChoiceField(label=gettext_lazy("Room"), required=False)
    place_words = forms.CharField(
        label=gettext_lazy("Or another place"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Where there is no room to book: under the banyan, at the gate."),
    )
    notice = long_text(gettext_lazy("What people should know beforehand"), most=300, rows=2)

    def __init__(
        self,
        *args: Any,
        communities: Sequence[tuple[Any, Any]],
        rooms: Sequence[tuple[str, Any]] = (),
        workers: Sequence[tuple[str, Any]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        listed = [one for _group, some in communities for one in some]
        fields: dict[str, Any] = self.fields
        if len(listed) == 1:
            fields["community"] = forms.ChoiceField(choices=listed, widget=forms.HiddenInput, initial=listed[0][0])
        else:
            fields["community"].choices = [("", CHOOSE), *communities]
        fields["room"].choices = [("", CHOOSE), *rooms]
        fields["leader_account"].choices = [("", CHOOSE), *workers]
        for name, offered in (("room", rooms), ("leader_account", workers)):
            if not offered:
                del self.fields[name]

    def recurrence(self) -> str:
        """Give what was chosen as RFC 5545 writes it; what is missing is told by the command."""
        asked = self.cleaned_data
        weekdays = tuple(sorted(int(one) for one in asked["weekdays"]))
        if asked["unit"] == DATE:
            days = (asked["month_day"],) if asked["month_day"] else ()
            return rules.Every("month", asked["interval"], days=days).write()
        nth = int(asked["nth"] or 0) if asked["unit"] == MONTH else 0
        if asked["unit"] == MONTH and not nth:
            return "FREQ=MONTHLY"
        return rules.Every(asked["unit"], asked["interval"], weekdays=weekdays, nth=nth).write()


def recurrence_initial(text: str) -> dict[str, Any]:
    """Give a kept recurrence as the fields of the form."""
    every = rules.read(text)
    unit = WEEK if every.unit == "week" else DATE if every.days else MONTH
    return {
        "unit": unit,
        "interval": every.interval,
        "weekdays": [str(day) for day in every.weekdays],
        "nth": str(every.nth) if every.nth else "",
        "month_day": every.days[0] if every.days else None,
    }


class WhyForm(VersionedForm):
    """Why, as everybody reads it in the calendar."""

    words = forms.CharField(
        label=gettext_lazy("Why?"),
        max_length=300,
        help_text=gettext_lazy("Everybody reads it in the calendar, and who has a place is told."),
    )


class MoveForm(WhyForm):
    """To which day and hour, and why."""

    to_day = day_field(gettext_lazy("New day"))
    starts_time = clock_field(gettext_lazy("Begins at"))
    field_order = ("key", "version", "to_day", "starts_time", "words")


class LeaderForm(VersionedForm):
    """Who receives on this day."""

    leader_name = forms.CharField(label=gettext_lazy("Who receives people"), max_length=40)


class CloseForm(VersionedForm):
    """Whether the leader came, and what came of the day."""

    leader_came = forms.TypedChoiceField(
        label=gettext_lazy("Did who was to receive come?"),
        coerce=lambda text: text == "yes",
        empty_value=None,
        choices=[("yes", pgettext_lazy("reception", "yes")), ("no", pgettext_lazy("reception", "no"))],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=gettext_lazy("If not, why?"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Everybody reads it in the calendar."),
    )
    summary = long_text(gettext_lazy("What came of it"), most=1000)


class TalkForm(ActForm):
    """What they said and were answered."""

    said = long_text(gettext_lazy("What they said"), most=1000, required=True)
    answered = long_text(gettext_lazy("What they were answered"), most=1000)


class GuestForm(ActForm):
    """Who it is: somebody on record, or a guest, and how they are told."""

    guest_name = forms.CharField(
        label=gettext_lazy("Name of somebody who is not on record"), max_length=40, required=False
    )
    guest_phone = forms.CharField(label=gettext_lazy("Phone number"), max_length=30, required=False)
    channel = forms.ChoiceField(label=gettext_lazy("How are they told?"), choices=CHANNELS, initial="phone")
    helper_name = forms.CharField(label=gettext_lazy("Who speaks for them"), max_length=40, required=False)


class PlaceForm(GuestForm):
    """Somebody's place on a day."""

    slot = forms.TypedChoiceField(label=gettext_lazy("When?"), coerce=int, required=False, empty_value=None)
    about = forms.CharField(label=gettext_lazy("What it is about"), max_length=300, required=False)

    def __init__(self, *args: Any, slots: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["slot"].choices = [("", gettext_lazy("The earliest free time")), *slots]
        if not slots:
            del self.fields["slot"]


class WalkInForm(GuestForm):
    """Somebody who came by, and what they said."""

    said = long_text(gettext_lazy("What they said"), most=1000, required=True)
    answered = long_text(gettext_lazy("What they were answered"), most=1000)


class CaseOfForm(ActForm):
    """What the case is about."""

    subject = forms.ChoiceField(label=gettext_lazy("What is it about?"), choices=Subject.choices)
    words = long_text(gettext_lazy("In their words"), most=1000, required=True)
    confidentiality = forms.ChoiceField(
        label=gettext_lazy("Who may know?"), choices=Confidentiality.choices, initial=Confidentiality.OPEN
    )
    is_danger = forms.BooleanField(label=gettext_lazy("Somebody is in danger"), required=False)


class PromiseForm(ActForm):
    """What was promised, by whom, by when."""

    words = long_text(gettext_lazy("What was promised"), most=500, required=True)
    owner_name = forms.CharField(label=gettext_lazy("Who promised it"), max_length=80)
    due_by = day_field(gettext_lazy("By when?"))
    is_public = forms.BooleanField(label=gettext_lazy("Everybody may read it"), required=False)
