"""Forms about upgrades: the plan, its milestones, its money, its rooms, its opening day."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.domain.places.models import Moment, Upgrade, UpgradeFunding, Venue, VenueState
from lianxin.domain.places.queries import office
from lianxin.domain.places.queries.venues import list_room_kinds
from lianxin.platform.actors import Actor

from ..acting import REASON, ActForm, VersionedForm, day_field, long_text
from ..choices import CHOOSE, kind_name

ROOMS_OF_A_TEMPLATE = [("", _("No rooms yet")), ("one_hall_five_rooms", _("One hall, five rooms"))]
MOST_VENUES = 500


class YuanField(forms.DecimalField):
    """An amount typed in yuan and given in fen."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=kwargs.pop("label", _("Amount in yuan")), decimal_places=2, max_digits=13, **kwargs)

    def clean(self, value: Any) -> Any:
        """Give whole fen."""
        amount = super().clean(value)
        return None if amount is None else int(amount * 100)

    def prepare_value(self, value: Any) -> Any:
        """Write fen as yuan; what was typed stays as it is."""
        return Decimal(value) / 100 if isinstance(value, int) else value


def venue_options(actor: Actor, *, but: Any = None) -> list[tuple[str, str]]:
    """Give the venues that an actor works with and that are not closed."""
    rows = office.list_office_venues(actor=actor).exclude(state=VenueState.CLOSED)[:MOST_VENUES]
    return [(str(row.pk), f"{row.community.short_name} · {row.name}") for row in rows if row.pk != but]


class PlanForm(ActForm):
    """The plan of an upgrade for a venue."""

    title = forms.CharField(label=_("Title"), max_length=120)
    reason = long_text(_("Why"), most=5000, help_text=_("What the venue lacks is kept with the plan by itself."))
    planned_opening_on = day_field(_("Planned opening day"), required=False)
    template = forms.ChoiceField(label=_("Rooms to begin with"), required=False, choices=ROOMS_OF_A_TEMPLATE)


class VenueChoiceForm(forms.Form):
    """Which venue is to be upgraded."""

    venue = forms.ChoiceField(label=_("Venue"))

    def __init__(self, *args: Any, venues: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["venue"]
        field.choices = [("", CHOOSE), *venues]


class EditForm(VersionedForm):
    """The words and days of an upgrade, and where people go meanwhile."""

    title = forms.CharField(label=_("Title"), max_length=120)
    reason = long_text(_("Why"), most=5000)
    planned_opening_on = day_field(_("Planned opening day"), required=False)
    temporary_arrangement = long_text(
        _("Where people go meanwhile"), most=2000, help_text=_("Residents read this on the page of the place.")
    )
    temporary_venue = forms.ChoiceField(label=_("Venue meanwhile"), required=False)

    def __init__(self, *args: Any, venues: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["temporary_venue"]
        field.choices = [("", _("None")), *venues]


class NoteForm(VersionedForm):
    """A step with a word about it."""

    note = forms.CharField(label=_("Note"), max_length=300, required=False)


class ReasonForm(VersionedForm):
    """A step that needs a reason."""

    reason = forms.CharField(label=REASON, max_length=300)


class SendBackForm(VersionedForm):
    """What has to be changed."""

    note = forms.CharField(label=_("What has to be changed"), max_length=300)


class StartForm(VersionedForm):
    """The beginning of the work."""

    temporary_arrangement = long_text(_("Where people go meanwhile"), most=2000)


class OpeningForm(VersionedForm):
    """The opening day: from when, and how large the venue is now."""

    on = day_field(_("Opening day"))
    area_m2 = forms.DecimalField(label=_("Area now, m²"), required=False, decimal_places=2)
    resident_area_m2 = forms.DecimalField(label=_("For residents now, m²"), required=False, decimal_places=2)


class MilestoneForm(ActForm):
    """Something to reach by a day."""

    name = forms.CharField(label=_("What is to be reached"), max_length=100)
    due_on = day_field(_("By which day"))
    note = forms.CharField(label=_("Note"), max_length=300, required=False)


class PutOffForm(ActForm):
    """Another day for a milestone, with the reason."""

    due_on = day_field(_("New day"))
    reason = forms.CharField(label=REASON, max_length=300)


class DoneForm(ActForm):
    """When a milestone was reached."""

    done_on = day_field(_("Reached on"))
    note = forms.CharField(label=_("Note"), max_length=300, required=False)


class WhyForm(ActForm):
    """A reason alone."""

    reason = forms.CharField(label=REASON, max_length=300)


class FundingForm(ActForm):
    """A source of money."""

    source = forms.ChoiceField(label=_("Where it comes from"), choices=[("", CHOOSE), *UpgradeFunding.Source.choices])
    fen = YuanField()
    giver = forms.CharField(label=_("Who gives it"), max_length=100, required=False)
    document = forms.CharField(label=_("Document number"), max_length=100, required=False)


class AmountForm(ActForm):
    """Another amount for a source, with the reason."""

    fen = YuanField(label=_("New amount in yuan"))
    reason = forms.CharField(label=REASON, max_length=300)


class SpendingForm(ActForm):
    """A payment from a source."""

    fen = YuanField()
    spent_on = day_field(_("Paid on"))
    what = forms.CharField(label=_("For what"), max_length=120)
    payee = forms.CharField(label=_("Paid to"), max_length=100, required=False)


class TemplateForm(ActForm):
    """The rooms of a template."""

    template = forms.ChoiceField(label=_("Rooms"), choices=ROOMS_OF_A_TEMPLATE[1:])


class RoomForm(ActForm):
    """A room that the upgrade will open."""

    kind = forms.ChoiceField(label=_("Kind of room"))
    name = forms.CharField(label=pgettext_lazy("places", "Name"), max_length=50)
    area_m2 = forms.DecimalField(label=_("Area, m²"), required=False, decimal_places=2)
    seats = forms.IntegerField(label=_("Seats"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["kind"]
        field.choices = [("", CHOOSE), *((str(kind.pk), kind_name(kind)) for kind in list_room_kinds())]


class PictureForm(ActForm):
    """A picture from before or after."""

    picture = forms.FileField(label=_("Picture"), help_text=_("JPEG, PNG or WebP, at most 10 MB."))
    moment = forms.ChoiceField(label=_("When"), choices=Moment.choices)
    caption = forms.CharField(label=_("Caption"), max_length=100, required=False)


def edit_values(upgrade: Upgrade) -> dict[str, Any]:
    """Give what the form of an upgrade starts with."""
    names = ("title", "reason", "planned_opening_on", "temporary_arrangement", "version")
    return {name: getattr(upgrade, name) for name in names} | {"temporary_venue": str(upgrade.temporary_venue_id or "")}


def proposed_title(venue: Venue) -> str:
    """Propose the title of an upgrade."""
    return str(_("Upgrade of %(name)s") % {"name": venue.name})[:120]
