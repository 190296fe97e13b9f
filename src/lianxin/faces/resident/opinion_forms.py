"""The form by which somebody adds a statement of their own to an opinion map."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from lianxin.domain.voice.rules.opinion_marks import WORDS_LONGEST
from lianxin.platform.ids import new_id


class StatementForm(forms.Form):
    """One sentence."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=new_id)
    words = forms.CharField(
        label=gettext_lazy("Your statement"),
        max_length=WORDS_LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One sentence that says one thing. Please name nobody."),
    )
