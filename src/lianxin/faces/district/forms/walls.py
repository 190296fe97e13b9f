"""What a wall screen's address needs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.reporting.rules.walls import LONGEST_NAME, MOST_DAYS, USUAL_DAYS
from lianxin.faces.district.places_in_scope import Choices
from lianxin.platform.ids import new_id


class KeyForm(forms.Form):
    """One press; its key makes a second sending of the same form do nothing."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=new_id)


class WallForm(forms.Form):
    """Where the screen hangs, what it shows, for how long its address is good."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=new_id)
    name = forms.CharField(
        label=gettext_lazy("Where does the screen hang?"),
        max_length=LONGEST_NAME,
        help_text=gettext_lazy("Such as: hall of the district, ground floor."),
    )
    subdistrict = forms.ChoiceField(label=gettext_lazy("What does it show?"), required=False)
    days = forms.IntegerField(
        label=pgettext_lazy("wall screen", "For how many days?"),
        min_value=1,
        max_value=MOST_DAYS,
        initial=USUAL_DAYS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, parts: Choices, whole: str, **kwargs: Any) -> None:
        """Offer `parts`, and everything where it has a name."""
        super().__init__(*args, **kwargs)
        everything = [("", whole)] if whole else []
        self.fields["subdistrict"].choices = [*everything, *(one for one in parts if one[0])]  # type: ignore[attr-defined]
        self.fields["subdistrict"].required = not whole
