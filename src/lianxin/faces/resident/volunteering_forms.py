"""Forms of volunteering: what I can do and when, which days a certificate is for, reporting in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import get_language, gettext_lazy

from lianxin.domain.activities.queries.volunteers import list_skills
from lianxin.faces.resident.points_forms import DayInput
from lianxin.platform.ids import new_id

DAYS = (
    gettext_lazy("Mon"),
    gettext_lazy("Tue"),
    gettext_lazy("Wed"),
    gettext_lazy("Thu"),
    gettext_lazy("Fri"),
    gettext_lazy("Sat"),
    gettext_lazy("Sun"),
)
HALVES = (("am", gettext_lazy("morning")), ("pm", gettext_lazy("afternoon")), ("eve", gettext_lazy("evening")))


def suit_choices() -> list[tuple[str, str]]:
    """Give the half days of a week."""
    return [(f"{number}{half}", f"{DAYS[number]} {word}") for number in range(7) for half, word in HALVES]


class KeyForm(forms.Form):
    """A button whose second press does nothing."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=new_id)


class ProfileForm(KeyForm):
    """What I can do, and when it suits me."""

    skills = forms.MultipleChoiceField(
        label=gettext_lazy("I can do this"), required=False, widget=forms.CheckboxSelectMultiple
    )
    suits = forms.MultipleChoiceField(
        label=gettext_lazy("It suits me on"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=suit_choices,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        english = (get_language() or "").startswith("en")
        field: Any = self.fields["skills"]
        field.choices = [
            (str(skill.pk), skill.name_en if english and skill.name_en else skill.name) for skill in list_skills()
        ]

    def entries(self) -> dict[str, Any]:
        """Give the values as the command wants them."""
        return {
            "skills": [UUID(one) for one in self.cleaned_data["skills"]],
            "suits": self.cleaned_data["suits"],
            "key": self.cleaned_data["key"],
        }


class DaysForm(KeyForm):
    """From which day until which day."""

    from_on = forms.DateField(label=gettext_lazy("From"), widget=DayInput)
    until_on = forms.DateField(label=gettext_lazy("Until"), widget=DayInput)


class ReportingForm(KeyForm):
    """At which unit I work, and what I offer."""

    unit_name = forms.CharField(label=gettext_lazy("Your work unit"), max_length=120)
    offers = forms.CharField(
        label=gettext_lazy("What you would like to help with"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CodeForm(forms.Form):
    """The code that a certificate bears."""

    code = forms.CharField(
        label=gettext_lazy("Code on the certificate"),
        max_length=30,
        help_text=gettext_lazy("Twelve signs below the square code."),
    )
