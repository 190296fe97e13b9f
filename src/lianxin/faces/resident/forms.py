"""Forms of the resident pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxin.domain.people.rules.proxies import ACTS
from lianxin.domain.places.models import AmenityKind, StationType, VenueKind
from lianxin.faces.kit.dates import in_english

STATION = "station:"


class PlacesForm(forms.Form):
    """What kind of place somebody looks for."""

    q = forms.CharField(
        label=_("Name or address"),
        required=False,
        max_length=50,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label=_("Kind of place"), required=False)
    amenity = forms.ChoiceField(label=_("With"), required=False)
    open = forms.BooleanField(label=_("Open now"), required=False)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    lng = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)

    def __init__(self, *args: Any, amenities: Sequence[AmenityKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            ("", _("All places")),
            (VenueKind.CENTRE.value, _("Centres")),
            (VenueKind.STATION.value, _("All stations")),
            *((f"{STATION}{value}", label) for value, label in StationType.choices),
        ]
        self.fields["amenity"].choices = [  # type: ignore[attr-defined]
            ("", _("Anything")),
            *((kind.code, local_name(kind)) for kind in amenities),
        ]

    def narrowed(self) -> dict[str, Any]:
        """Give what was filled in and can be read; a filter that says something unknown is left out."""
        return getattr(self, "cleaned_data", {}) if self.is_bound else {}


class FamilyForm(forms.Form):
    """Who of the household may act for me, in what and until when."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    agent = forms.ChoiceField(label=_("Who may act for you?"), widget=forms.RadioSelect)
    acts = forms.MultipleChoiceField(
        label=_("In which matters?"), choices=list(ACTS.items()), widget=forms.CheckboxSelectMultiple
    )
    until_on = forms.TypedChoiceField(label=_("Until when?"), coerce=date.fromisoformat)

    def __init__(self, *args: Any, members: Sequence[tuple[UUID, str]], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agent"].choices = [(str(pk), name) for pk, name in members]  # type: ignore[attr-defined]
        spans = ((30, _("one month")), (182, _("half a year")), (365, _("one year")), (3 * 365, _("three years")))
        self.fields["until_on"].choices = [  # type: ignore[attr-defined]
            ((today + timedelta(days=days)).isoformat(), label) for days, label in spans
        ]


class NewPhoneForm(forms.Form):
    """The new mobile number."""

    phone = forms.CharField(
        label=_("New mobile number"),
        max_length=20,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )


class NewPhoneCodeForm(forms.Form):
    """The code that came to the new number."""

    code = forms.CharField(
        label=_("One-time code"),
        help_text=_("The 6 digits from the message."),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


def local_name(kind: Any) -> str:
    """Give the name of a kind, room or category in the language of the page."""
    return (kind.name_en or kind.name) if in_english() else kind.name
