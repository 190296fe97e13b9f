"""Forms of programmes, batches and memberships."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.domain.places.models import Division
from lianxin.platform.ids import new_id


def day_field(label: Any, **more: Any) -> forms.DateField:
    """Give a field for a day with the browser's own picker."""
    return forms.DateField(label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **more)


def by_subdistrict(communities: Iterable[Division]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Give communities as choices under the name of their subdistrict."""
    rows = sorted(communities, key=lambda row: row.code)
    named = groupby(rows, key=lambda row: row.parent.short_name if row.parent else "")
    return [(name, [(str(row.pk), row.official_name) for row in group]) for name, group in named]


class KeyedForm(forms.Form):
    """A form that carries the key by which sending it twice does it once."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **more: Any) -> None:
        more["initial"] = {"key": new_id(), **(more.get("initial") or {})}
        super().__init__(*args, **more)


class ProgrammeForm(KeyedForm):
    """Name and purpose."""

    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=100)
    purpose = forms.CharField(label=_("What it is for"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


class ProgrammeEditForm(forms.Form):
    """Name and purpose of a programme that is there."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=100)
    purpose = forms.CharField(label=_("What it is for"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


class EndProgrammeForm(forms.Form):
    """The day from which a programme is over."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    on = day_field(_("From the day"))
    reason = forms.CharField(label=_("Reason"), required=False, max_length=300)


class CommunitiesForm(KeyedForm):
    """Some communities of those that may join."""

    communities = forms.MultipleChoiceField(
        label=_("Communities"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only communities that are not in this programme yet are shown."),
    )

    def __init__(self, *args: Any, free: Iterable[Division], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["communities"].choices = by_subdistrict(free)  # type: ignore[attr-defined]


class MembersForm(CommunitiesForm):
    """Communities that join a batch on a day."""

    on = day_field(_("They join on"))
    reason = forms.CharField(label=_("Reason"), required=False, max_length=300)
    field_order = ("on", "reason", "communities")


class BatchForm(CommunitiesForm):
    """The next batch."""

    starts_on = day_field(_("Starts on"))
    ends_on = day_field(_("Last day"), required=False, help_text=_("Leave it empty while the end is open."))
    is_pilot = forms.BooleanField(label=_("This is a batch of pilots"), required=False, initial=True)
    note = forms.CharField(label=_("Note"), required=False, max_length=300)
    field_order = ("starts_on", "ends_on", "is_pilot", "note", "communities")

    def __init__(self, *args: Any, today: date, **more: Any) -> None:
        more["initial"] = {"starts_on": today, **(more.get("initial") or {})}
        super().__init__(*args, **more)
        self.fields["communities"].required = False


class LeaveForm(forms.Form):
    """The day a community leaves, and why."""

    on = day_field(_("They leave on"), help_text=_("That day is no longer part of the programme."))
    reason = forms.CharField(label=_("Reason"), max_length=300)
