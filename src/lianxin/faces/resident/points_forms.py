"""Forms of the passbook and of public notices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.platform.ids import new_id


@dataclass(frozen=True)
class Period:
    """Days that people often ask for together."""

    label: str
    from_on: date
    until_on: date


def quick_periods(on: date) -> list[Period]:
    """Give this month, the last three months, this year and the year before."""
    first = on.replace(day=1)
    return [
        Period(_("This month"), first, on),
        Period(_("Last three months"), on - timedelta(days=91), on),
        Period(_("This year"), on.replace(month=1, day=1), on),
        Period(_("Last year"), date(on.year - 1, 1, 1), date(on.year - 1, 12, 31)),
    ]


class DayInput(forms.DateInput):
    """A day, chosen on the phone's calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class PeriodForm(forms.Form):
    """From which day until which day."""

    from_on = forms.DateField(label=gettext_lazy("From"), widget=DayInput)
    until_on = forms.DateField(label=gettext_lazy("Until"), widget=DayInput)


class ObjectionForm(forms.Form):
    """What somebody has against a notice, or against one award on it."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=new_id)
    claim = forms.UUIDField(widget=forms.HiddenInput, required=False)
    text = forms.CharField(
        label=gettext_lazy("What is not right?"),
        help_text=gettext_lazy("Say it in your own words. Your name is not shown to others."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class CodeForm(forms.Form):
    """The code that stands on a notice, a receipt or an honour roll."""

    code = forms.CharField(
        label=gettext_lazy("Code on the paper"),
        help_text=gettext_lazy("It stands at the foot, in groups of four signs."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


class PressForm(forms.Form):
    """A button that counts once, however often it is pressed."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=new_id)
