"""What is asked for a briefing and for a template."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.places.models import Division
from lianxin.domain.reporting.models import BriefingKind
from lianxin.domain.reporting.rules import briefings as rules
from lianxin.insight.periods import BadPeriod, Period, read_period
from lianxin.platform.ids import new_id


class KeyedForm(forms.Form):
    """A form whose key makes a second sending of it do nothing."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=new_id)


class VersionForm(KeyedForm):
    """A form that knows which version of the record it was opened with."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class AskForm(KeyedForm):
    """A briefing of which period, about which place."""

    period = forms.CharField(
        label=gettext_lazy("Period"),
        max_length=40,
        help_text=gettext_lazy("A month (2024-07), a quarter (2024-Q3) or a year (2024) that is over."),
    )
    area = forms.TypedChoiceField(label=pgettext_lazy("briefing", "Place"), coerce=UUID)
    office = forms.CharField(
        label=gettext_lazy("Issuing office"),
        required=False,
        max_length=rules.LONGEST_OFFICE,
        help_text=gettext_lazy("Stands under the title and at the end. Left empty: the full name of the place."),
    )
    dated_on = forms.DateField(
        label=gettext_lazy("Day on the paper"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=gettext_lazy("Its year stands in the number."),
    )

    def __init__(self, *args: Any, areas: list[Division], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        choices: dict[str, Any] = self.fields
        choices["area"].choices = [(str(row.pk), _named(row)) for row in areas]

    def clean_period(self) -> Period:
        """Read the period; only months, quarters and years have briefings."""
        try:
            found = read_period(self.cleaned_data["period"], today=self.today)
        except BadPeriod as problem:
            raise forms.ValidationError(str(problem.detail)) from None
        if found.kind not in rules.MONTHS:
            raise forms.ValidationError(
                _("A briefing is made of one whole month, quarter or year of the calendar."), code="kind"
            )
        return found


def _named(row: Division) -> str:
    return f"{row.parent.short_name} · {row.short_name}" if row.level == "community" and row.parent else row.short_name


class IssueForm(VersionForm):
    """Who approves it."""

    approved_name = forms.CharField(
        label=gettext_lazy("Approved by"),
        max_length=rules.LONGEST_NAME,
        help_text=gettext_lazy("The name of whoever answers for it. It is kept with the briefing."),
    )


class WithdrawForm(VersionForm):
    """Why it is withdrawn."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class TemplateForm(KeyedForm):
    """A template that was edited in Word."""

    kind = forms.ChoiceField(label=pgettext_lazy("briefing", "Kind"), choices=BriefingKind.choices)
    file = forms.FileField(
        label=gettext_lazy("Template"),
        widget=forms.ClearableFileInput(attrs={"accept": ".docx"}),
        help_text=gettext_lazy("A .docx document, at most 5 MB. It is tried out before it is kept."),
    )
    note = forms.CharField(
        label=gettext_lazy("What was changed"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("One line for those who look at the versions later."),
    )


class BriefingsFilter(forms.Form):
    """Which briefings to see."""

    kind = forms.ChoiceField(label=pgettext_lazy("briefing", "Kind"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)

    def __init__(self, *args: Any, states: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, Any] = self.fields
        choices["kind"].choices = [("", _("All")), *BriefingKind.choices]
        choices["state"].choices = [("", _("All")), *states]
