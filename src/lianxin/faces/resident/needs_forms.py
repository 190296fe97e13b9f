"""The forms by which a resident says what is needed, opens a receipt and says how it went."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.needs.models import NeedReport
from lianxin.domain.needs.rules import times
from lianxin.platform.ids import new_id


class WishForm(forms.Form):
    """One sentence is enough; everything else may be left as it is."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=new_id)
    words = forms.CharField(
        label=gettext_lazy("What do you need, or what would you like to tell us?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One sentence is enough."),
    )
    channel = forms.ChoiceField(label=gettext_lazy("How shall we answer you?"))
    guest_phone = forms.CharField(
        label=gettext_lazy("Your phone number"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        help_text=gettext_lazy("Only to answer you. You may leave it empty."),
    )
    suits = forms.MultipleChoiceField(
        label=gettext_lazy("When does it suit you?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(name, label) for name, (label, _mask) in times.SPOKEN.items()],
        help_text=gettext_lazy("Nothing chosen: any time."),
    )
    is_urgent = forms.BooleanField(label=gettext_lazy("It is urgent"), required=False)
    is_anonymous = forms.BooleanField(label=gettext_lazy("Do not note my name"), required=False)

    def __init__(self, *args: Any, is_known: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        ways = {
            "sms": _("By text message"),
            "phone": _("Call me"),
            "none": _("I look it up myself with the receipt number"),
        }
        if is_known:
            ways = {"sms": ways["sms"], "phone": ways["phone"], "paper": _("On paper"), "none": ways["none"]}
            del self.fields["guest_phone"]
        else:
            del self.fields["is_anonymous"]
        fields["channel"].choices = list(ways.items())
        fields["channel"].initial = "sms" if is_known else "none"


class ReceiptForm(forms.Form):
    """The number of the slip, and the four digits that go with it."""

    number = forms.CharField(
        label=gettext_lazy("Receipt number"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=gettext_lazy("Eight or nine digits, on the slip or in the message."),
    )
    word = forms.CharField(
        label=gettext_lazy("Last four digits of your phone number"),
        max_length=8,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=gettext_lazy("If you left no number: the four digits on the slip."),
    )


class MetForm(forms.Form):
    """Whether it was met, and what there is to say about it."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=new_id)
    met = forms.ChoiceField(choices=NeedReport.Met.choices)
    words = forms.CharField(
        label=gettext_lazy("What would you like to add?"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
