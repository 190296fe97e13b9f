"""What lists are narrowed by; each form is bound to the query of the address."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.domain.places.models import StandardItem, StationType, VenueKind, VenueState
from lianxin.faces.district.places_in_scope import Choices

ALL = ("", _("All"))
STANDINGS = [ALL, ("short", _("Falls short")), ("meets", _("Meets the standard")), ("unknown", _("Not fully known"))]
GROUPS = [ALL, *StandardItem.Group.choices]


class SubdistrictFilter(forms.Form):
    """By subdistrict; what the address says besides, and is not a choice, is left out."""

    subdistrict = forms.ChoiceField(label=_("Subdistrict"), required=False)

    def __init__(self, request: HttpRequest, subdistricts: Choices, **more: Any) -> None:
        super().__init__(request.GET or None, **more)
        self.fields["subdistrict"].choices = subdistricts  # type: ignore[attr-defined]

    def asked(self, name: str) -> str:
        """Give a value that is one of the choices, else an empty text."""
        self.is_valid()
        return str(getattr(self, "cleaned_data", {}).get(name) or "")


class CentreFilter(SubdistrictFilter):
    """Centres by what they lack."""

    shortfall = forms.ChoiceField(label=_("Shortfall"), required=False, choices=GROUPS)
    standing = forms.ChoiceField(label=_("Standing"), required=False, choices=STANDINGS)
    state = forms.ChoiceField(
        label=pgettext_lazy("of a venue", "State"),
        required=False,
        choices=[ALL, *(choice for choice in VenueState.choices if choice[0] != VenueState.CLOSED)],
    )


class MapFilter(SubdistrictFilter):
    """Places on the map."""

    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[ALL, *VenueKind.choices])
    station_type = forms.ChoiceField(label=_("Type of station"), required=False, choices=[ALL, *StationType.choices])
    shortfall = forms.ChoiceField(label=_("Shortfall"), required=False, choices=GROUPS)
    open = forms.ChoiceField(
        label=_("Open now"), required=False, choices=[ALL, ("yes", _("Open now")), ("no", _("Closed now"))]
    )
    category = forms.ChoiceField(label=_("Service"), required=False)

    def __init__(self, request: HttpRequest, subdistricts: Choices, categories: Choices) -> None:
        super().__init__(request, subdistricts)
        self.fields["category"].choices = categories  # type: ignore[attr-defined]


class UpgradeFilter(SubdistrictFilter):
    """Upgrades by place, and only the late ones; the state is chosen by a tab."""

    state = forms.CharField(required=False, widget=forms.HiddenInput)
    late = forms.ChoiceField(
        label=_("Milestones"), required=False, choices=[ALL, ("yes", _("Late")), ("no", _("None late"))]
    )


class DayFilter(forms.Form):
    """A day to look at the district on."""

    on = forms.DateField(
        label=_("On the day"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
