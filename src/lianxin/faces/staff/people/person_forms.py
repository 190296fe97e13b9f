"""Forms about one resident."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxin.domain.people.models import Person
from lianxin.domain.people.rules.new_people import NewPerson
from lianxin.faces.staff.acting import VersionedForm, day_field
from lianxin.faces.staff.people.choices import HouseholdChoice, chosen, reason_field
from lianxin.faces.staff.people.labels import REVEALED
from lianxin.platform.ids import new_id

NUMBER_INPUT = {"autocomplete": "off", "inputmode": "text", "spellcheck": "false"}
MEMBER_FIELDS = (
    "name",
    "relation",
    "id_number",
    "birth_on",
    "sex",
    "phone",
    "no_phone",
    "residence",
    "name_latin",
    "prefers_teochew",
    "prefers_large_print",
)


class MemberForm(forms.Form):
    """Somebody who is registered: with an ID number, birthday and sex need not be typed."""

    id = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=new_id)
    name = forms.CharField(label=_("Name"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    relation = chosen(_("Relation to the head"), Person.Relation.choices)
    id_number = forms.CharField(
        label=_("ID number"),
        max_length=24,
        required=False,
        help_text=_("With it, birthday and sex need not be entered."),
        widget=forms.TextInput(attrs=NUMBER_INPUT),
    )
    birth_on = day_field(_("Date of birth"), required=False)
    sex = chosen(_("Sex"), [choice for choice in Person.Sex.choices if choice[0]], required=False)
    phone = forms.CharField(label=_("Phone"), max_length=24, required=False, widget=forms.TextInput(attrs=NUMBER_INPUT))
    no_phone = forms.BooleanField(label=_("Has no phone"), required=False)
    residence = forms.ChoiceField(label=_("Residence"), choices=Person.Residence.choices, initial="registered")
    name_latin = forms.CharField(label=_("Name in Latin letters"), max_length=120, required=False)
    prefers_teochew = forms.BooleanField(label=_("Prefers to speak Teochew"), required=False)
    prefers_large_print = forms.BooleanField(label=_("Prefers large print"), required=False)

    @property
    def is_blank(self) -> bool:
        """Tell whether nobody was entered here."""
        return not any(self.data.get(self.add_prefix(name), "").strip() for name in ("name", "id_number", "phone"))

    def new_person(self) -> NewPerson:
        """Give what was entered; the id came with the form, so that sending it twice makes nobody twice."""
        values = {name: self.cleaned_data[name] for name in MEMBER_FIELDS}
        return NewPerson(**values, id=self.cleaned_data["id"] or new_id())


class NewMemberForm(HouseholdChoice, MemberForm):
    """Somebody who joins a household that exists."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["community", "number", *MEMBER_FIELDS])


class EditForm(VersionedForm):
    """The plain part of a record; what is masked on the page is left empty to keep it."""

    name = forms.CharField(label=_("Name"), max_length=40, required=False)
    relation = forms.ChoiceField(label=_("Relation to the head"), choices=Person.Relation.choices)
    residence = forms.ChoiceField(label=_("Residence"), choices=Person.Residence.choices)
    sex = chosen(_("Sex"), [choice for choice in Person.Sex.choices if choice[0]], required=False)
    birth_on = day_field(_("Date of birth"), required=False)
    name_latin = forms.CharField(label=_("Name in Latin letters"), max_length=120, required=False)
    prefers_teochew = forms.BooleanField(label=_("Prefers to speak Teochew"), required=False)
    prefers_large_print = forms.BooleanField(label=_("Prefers large print"), required=False)
    no_phone = forms.BooleanField(label=_("Has no phone"), required=False)


class PhoneForm(VersionedForm):
    """Another phone number, or none."""

    phone = forms.CharField(
        label=_("New phone number"),
        max_length=24,
        required=False,
        help_text=_("Leave it empty when the person no longer has a number."),
        widget=forms.TextInput(attrs={**NUMBER_INPUT, "inputmode": "tel"}),
    )


class IdNumberForm(VersionedForm):
    """An ID number that is recorded or mended."""

    id_number = forms.CharField(
        label=_("ID number"),
        max_length=24,
        required=False,
        help_text=_("Birthday and sex follow the number. Leave it empty to take a wrong number away."),
        widget=forms.TextInput(attrs=NUMBER_INPUT),
    )
    reason = reason_field(_("Why does it change?"))


class RevealForm(forms.Form):
    """Which masked field to look at, and why."""

    field = forms.ChoiceField(label=_("Show in full"))
    reason = forms.CharField(label=_("Why do you need it?"), max_length=200)

    def __init__(self, *args: Any, fields: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field"].choices = [(name, REVEALED[name]) for name in fields]  # type: ignore[attr-defined]
