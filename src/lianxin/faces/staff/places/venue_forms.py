"""Forms about a venue itself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.domain.people.queries.organisations import list_organisations
from lianxin.domain.places.models import StationType, Venue, VenueKind
from lianxin.platform.actors import Actor

from ..acting import REASON, ActForm, VersionedForm, day_field, long_text
from ..choices import CHOOSE, Choices, community_choices

DETAILS = (
    "name",
    "station_type",
    "address",
    "phone",
    "area_m2",
    "resident_area_m2",
    "lng",
    "lat",
    "position_is_approximate",
    "closed_on_holidays",
    "description",
)
MOST_OFFERED = 200


def details_of(venue: Venue) -> dict[str, Any]:
    """Give what the form of a venue starts with."""
    return {"version": venue.version, **{name: getattr(venue, name) for name in DETAILS}}


class VenueForm(VersionedForm):
    """What a venue says of itself."""

    name = forms.CharField(label=pgettext_lazy("places", "Name"), max_length=100)
    station_type = forms.ChoiceField(
        label=_("Type of station"), required=False, choices=[("", "—"), *StationType.choices]
    )
    address = forms.CharField(label=pgettext_lazy("places", "Address"), max_length=200, required=False)
    phone = forms.CharField(label=pgettext_lazy("places", "Phone"), max_length=30, required=False)
    area_m2 = forms.DecimalField(label=_("Area, m²"), required=False, decimal_places=2)
    resident_area_m2 = forms.DecimalField(label=_("For residents, m²"), required=False, decimal_places=2)
    lng = forms.FloatField(label=_("Longitude"), required=False, help_text=_("As on the map, for example 116.71."))
    lat = forms.FloatField(label=_("Latitude"), required=False, help_text=_("As on the map, for example 23.36."))
    position_is_approximate = forms.BooleanField(label=_("The position is only roughly known"), required=False)
    closed_on_holidays = forms.BooleanField(label=_("Closed on public holidays"), required=False)
    description = long_text(_("Description"), most=5000, rows=4, help_text=_("Residents read this."))


class NewVenueForm(VenueForm):
    """A venue that is entered for the first time."""

    field_order = ("community", "kind", "name", "station_type", "opened_on")
    community = forms.ChoiceField(label=_("Community"))
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", CHOOSE), *VenueKind.choices])
    opened_on = day_field(_("At work since"), required=False, help_text=_("Leave empty while it is only planned."))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["community"]
        field.choices = community_choices(actor, subdistricts=False, alone=True)
        if actor.communities is None or len(actor.communities) > 1:
            field.choices = [("", CHOOSE), *field.choices]


class StepForm(ActForm):
    """From which day a step holds, and why."""

    on = day_field(_("From which day"))
    reason = forms.CharField(
        label=REASON,
        max_length=300,
        help_text=_("Residents read this: say also where they can go meanwhile."),
    )

    def __init__(self, *args: Any, step: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if step not in ("pause", "close"):
            del self.fields["reason"]


class MoveForm(ActForm):
    """To which community a venue goes, and from which day."""

    community = forms.ChoiceField(label=_("Community"))
    on = day_field(_("From which day"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["community"]
        field.choices = [("", CHOOSE), *community_choices(actor, subdistricts=False, alone=True)]


class HostForm(VersionedForm):
    """Who looks after a venue."""

    organisation = forms.ChoiceField(label=_("Organisation of the list"), required=False)
    host_name = forms.CharField(
        label=_("Name as shown"), max_length=100, required=False, help_text=_("Empty: the venue has no host.")
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["organisation"]
        field.choices = organisation_choices(actor)


def organisation_choices(actor: Actor) -> Choices:
    """Give the organisations that an actor may name, with none first."""
    rows = list_organisations(actor=actor, limit=MOST_OFFERED).rows
    return [("", _("None of the list")), *((str(row.id), row.name) for row in rows)]
