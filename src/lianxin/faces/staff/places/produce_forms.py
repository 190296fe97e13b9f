"""Forms about a village's produce and the grower's consent."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianxin.domain.places.models import Produce
from lianxin.platform.actors import Actor

from ..acting import ActForm, VersionedForm, day_field, long_text
from ..choices import CHOOSE, community_choices

TEXTS = ("name", "description", "price_note", "grower_name")
MONTHS = [
    (1, _("January")),
    (2, _("February")),
    (3, _("March")),
    (4, _("April")),
    (5, _("May")),
    (6, _("June")),
    (7, _("July")),
    (8, _("August")),
    (9, _("September")),
    (10, _("October")),
    (11, _("November")),
    (12, _("December")),
]


class ProduceForm(VersionedForm):
    """What grows or is made, and who grows it."""

    name = forms.CharField(label=_("What"), max_length=60)
    description = long_text(_("Description"), most=2000)
    price_note = forms.CharField(
        label=_("Price, in words"), max_length=60, required=False, help_text=_("For example: 8 yuan a jin.")
    )
    season_months = forms.TypedMultipleChoiceField(
        label=_("Months in season"),
        choices=MONTHS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: the whole year."),
    )
    grower_name = forms.CharField(label=_("Grower's name as shown"), max_length=60)
    grower_phone = forms.CharField(label=_("Grower's phone"), max_length=30, required=False)

    def __init__(self, *args: Any, kept_phone: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kept_phone:
            self.fields["grower_phone"].help_text = _("A number is kept. Empty keeps it; type another to replace it.")


class NewProduceForm(ProduceForm):
    """Produce entered for the first time."""

    field_order = ("community", "name")
    community = forms.ChoiceField(label=_("Community"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["community"]
        field.choices = community_choices(actor, subdistricts=False, alone=True)
        if actor.communities is None or len(actor.communities) > 1:
            field.choices = [("", CHOOSE), *field.choices]


class ShowForm(VersionedForm):
    """The grower's consent to be shown."""

    consent_reference = forms.CharField(
        label=_("Reference of the consent"),
        max_length=100,
        required=False,
        help_text=_("Number of the receipt, or where the signed sheet lies. Empty: the consent on record still holds."),
    )
    consent_on = day_field(_("Given on"), required=False)
    consent_until = day_field(_("Holds until"), required=False, help_text=_("Empty: one year."))


class HideForm(ActForm):
    """Why produce is hidden."""

    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)


def produce_values(row: Produce) -> dict[str, Any]:
    """Give what the form of an entry starts with; the phone stays sealed."""
    return {
        **{name: getattr(row, name) for name in TEXTS},
        "season_months": list(row.season_months),
        "version": row.version,
    }


def season_words(months: list[int]) -> str:
    """Say which months are in season."""
    names = dict(MONTHS)
    return gettext(", ").join(str(names[month]) for month in months) if months else str(_("the whole year"))
