"""Forms for changes of divisions."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxin.faces.district.forms.programmes import KeyedForm, day_field

Options = list[tuple[str, str]]


class ChangeForm(KeyedForm):
    """What every change says: from when, and by which decision."""

    on = day_field(_("Takes effect on"), help_text=_("Today or an earlier day."))
    note = forms.CharField(label=_("Decision or remark"), required=False, max_length=300)

    def __init__(self, *args: Any, today: date, options: dict[str, Options] | None = None, **more: Any) -> None:
        more["initial"] = {"on": today, **(more.get("initial") or {})}
        super().__init__(*args, **more)
        for name, choices in (options or {}).items():
            if name in self.fields:
                self.fields[name].choices = choices  # type: ignore[attr-defined]


class RenameForm(ChangeForm):
    """Another official name."""

    official_name = forms.CharField(label=_("New official name"), max_length=100)
    field_order = ("official_name", "on", "note")


class RecodeForm(ChangeForm):
    """Another code."""

    code = forms.CharField(
        label=_("New 12-digit code"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    field_order = ("code", "on", "note")


class MoveForm(ChangeForm):
    """Another division above."""

    parent = forms.ChoiceField(label=_("Will lie in"))
    field_order = ("parent", "on", "note")


class MergeForm(ChangeForm):
    """This one ends and becomes part of another."""

    into = forms.ChoiceField(label=_("Becomes part of"))
    field_order = ("into", "on", "note")


class SplitForm(ChangeForm):
    """A part that is cut out, with what goes along."""

    name = forms.CharField(label=_("Official name of the new part"), max_length=100)
    code = forms.CharField(
        label=_("12-digit code of the new part"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    children = forms.MultipleChoiceField(
        label=_("Divisions that go along"), required=False, widget=forms.CheckboxSelectMultiple
    )
    venues = forms.MultipleChoiceField(
        label=_("Centres and stations that go along"), required=False, widget=forms.CheckboxSelectMultiple
    )
    field_order = ("name", "code", "children", "venues", "on", "note")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name in ("children", "venues"):
            if not self.fields[name].choices:  # type: ignore[attr-defined]
                del self.fields[name]


class AliasForm(KeyedForm):
    """A further name under which people look for a division."""

    name = forms.CharField(label=_("Also called"), max_length=100)
    on = day_field(_("In use since"))


class EndAliasForm(KeyedForm):
    """When a further name went out of use."""

    on = day_field(_("Out of use since"))
