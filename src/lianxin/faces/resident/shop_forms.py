"""The form by which something is reserved or redeemed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxin.platform.ids import new_id

MOST_PIECES = 10


class TakeForm(forms.Form):
    """How many, and where they are collected."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=new_id)
    quantity = forms.TypedChoiceField(label=_("How many?"), coerce=int)
    venue = forms.TypedChoiceField(label=_("Where will you collect it?"), coerce=UUID, widget=forms.RadioSelect)

    def __init__(self, *args: Any, most: int, places: Sequence[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pieces = range(1, max(min(most, MOST_PIECES), 1) + 1)
        self.fields["quantity"].choices = [(str(n), str(n)) for n in pieces]  # type: ignore[attr-defined]
        if len(pieces) == 1:
            self.fields["quantity"].widget = forms.HiddenInput()
            self.fields["quantity"].initial = "1"
        self.fields["venue"].choices = [(str(pk), name) for pk, name in places]  # type: ignore[attr-defined]
        if not places:
            del self.fields["venue"]
        elif len(places) == 1:
            self.fields["venue"].widget = forms.HiddenInput()
            self.fields["venue"].initial = str(places[0][0])
