"""Forms of the standard: its versions and its items."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.domain.places.models import StandardItem
from lianxin.domain.places.rules.standards import MEASURES
from lianxin.faces.district.forms.programmes import KeyedForm, day_field


class NewStandardForm(KeyedForm):
    """The name of a standard that starts without a model."""

    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=100)
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3}))


class EditStandardForm(forms.Form):
    """What a draft says of itself."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    adopted_by = forms.CharField(
        label=_("Adopted by"), required=False, max_length=100, help_text=_("The office that decided, and the document.")
    )
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3}))


class PublishForm(KeyedForm):
    """From when a version holds."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    valid_from = day_field(_("Holds from"), help_text=_("Scores of earlier days stay as they were."))
    adopted_by = forms.CharField(label=_("Adopted by"), required=False, max_length=100)


class EndStandardForm(forms.Form):
    """From when a version no longer holds."""

    valid_until = day_field(_("Ends on"), help_text=_("That day is no longer part of it."))
    reason = forms.CharField(label=_("Reason"), max_length=300)


class ItemForm(forms.Form):
    """One line of a standard."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    code = forms.SlugField(
        label=_("Code"), max_length=50, help_text=_("A short name in Latin letters, the same in every version.")
    )
    label = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=100)
    label_en = forms.CharField(label=_("English name"), required=False, max_length=100)
    measure = forms.ChoiceField(label=_("Measure"))
    comparison = forms.ChoiceField(label=_("Comparison"), choices=StandardItem.Comparison.choices)
    threshold = forms.CharField(
        label=_("Threshold"), max_length=16, widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=_("Hours are entered in minutes."),
    )  # fmt: skip
    group = forms.ChoiceField(label=_("A miss means"), choices=StandardItem.Group.choices)
    weight = forms.IntegerField(label=_("Weight"), min_value=1, max_value=100, initial=1)
    kind = forms.ChoiceField(label=_("Must or should"), choices=StandardItem.Kind.choices)
    applies_to = forms.ChoiceField(
        label=_("Applies to"), choices=StandardItem.AppliesTo.choices, initial=StandardItem.AppliesTo.CENTRE
    )
    source = forms.CharField(label=_("Source"), required=False, max_length=300)
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, code: str = "", **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["measure"].choices = [  # type: ignore[attr-defined]
            (name, f"{info.label} ({info.unit})" if str(info.unit) else str(info.label))
            for name, info in MEASURES.items()
        ]
        if code:
            # The code ties an item to the same one of other versions, so it is not changed here.
            self.fields["code"].disabled = True
            self.fields["code"].initial = code
