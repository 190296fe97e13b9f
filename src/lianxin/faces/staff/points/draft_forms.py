"""The forms of a draft of rules: its terms, and one item with its limits. Nothing is required before publishing."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.points.rules.drafts import CHOICES, DAYS, NUMBERS, TEXTS

from ..acting import VersionedForm, day_field, long_text
from .words import AWARDERS, EVERY, EXPIRY, MOVE, SPLIT, SUBJECTS, UNITS

CAP_ROWS = 4
CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
COUNT = forms.NumberInput(attrs={"inputmode": "numeric", "min": 0})


def number(label: Any, help_text: Any = "") -> forms.IntegerField:
    """Make a field for a whole number that may stay empty for now."""
    return forms.IntegerField(label=label, required=False, help_text=help_text, widget=COUNT)


class TermsForm(VersionedForm):
    """What rules say beside their items, and what the assembly decided."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120, required=False)
    expiry = forms.ChoiceField(label=gettext_lazy("Points end"), choices=list(EXPIRY.items()))
    expiry_months = number(gettext_lazy("Valid for months"), gettext_lazy("With “at the end of a year”: 0, 12 or 24."))
    second_person_above = number(
        gettext_lazy("A second person above"), gettext_lazy("Awards of more points need a second person.")
    )
    identity_check_above = number(
        gettext_lazy("A second check of identity above"),
        gettext_lazy("Who spends more points at once shows a document too."),
    )
    split = forms.ChoiceField(label=gettext_lazy("When a household splits"), choices=list(SPLIT.items()))
    move = forms.ChoiceField(label=gettext_lazy("When a household moves"), choices=list(MOVE.items()))
    estate_days = number(gettext_lazy("Points of households that ended wait for days"))
    reserve_days = number(gettext_lazy("Goods are kept for days"))
    offline_points = number(gettext_lazy("A till without network may spend"))
    objection_days = number(gettext_lazy("Public notices hang out for days"), gettext_lazy("At least 7."))
    allows_deductions = forms.BooleanField(
        label=gettext_lazy("Points may be deducted"),
        required=False,
        help_text=gettext_lazy("Most communities leave this off: a mistake is corrected by taking an award back."),
    )
    minutes_on = day_field(gettext_lazy("Day of the assembly"), required=False)
    minutes_title = forms.CharField(label=gettext_lazy("Title of the minutes"), max_length=200, required=False)
    minutes_text = long_text(gettext_lazy("What the minutes say"), most=20_000, rows=6)
    attended = number(gettext_lazy("Present"))
    in_favour = number(gettext_lazy("In favour"))
    notice_from = day_field(gettext_lazy("Public notice from"), required=False)
    notice_until = day_field(
        gettext_lazy("Public notice until"), required=False, help_text=gettext_lazy("At least 7 days.")
    )
    effective_from = day_field(gettext_lazy("Holds from"), required=False)

    def content(self) -> dict[str, Any]:
        """Give the fields as a draft keeps them."""
        entered = self.cleaned_data
        names = [*TEXTS, *NUMBERS, *CHOICES, "allows_deductions"]
        days = {name: entered[name].isoformat() if entered[name] else "" for name in DAYS}
        return {name: entered[name] for name in names} | days


def terms_of(content: dict[str, Any]) -> dict[str, Any]:
    """Give what a draft keeps as the form shows it."""
    known = {name: content.get(name) for name in [*TEXTS, *NUMBERS, *CHOICES, "allows_deductions"]}
    for name in DAYS:
        try:
            known[name] = date.fromisoformat(content.get(name) or "")
        except ValueError:
            known[name] = None
    return known


class ItemForm(VersionedForm):
    """What earns points, how many, and up to which limits."""

    title = forms.CharField(label=gettext_lazy("What is done"), max_length=80)
    meaning = forms.CharField(
        label=gettext_lazy("What counts"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("One sentence that residents understand."),
    )
    points = number(gettext_lazy("Points"))
    per = number(gettext_lazy("For each"), gettext_lazy("1 time, 60 minutes …"))
    unit = forms.ChoiceField(label=gettext_lazy("Counted in"), choices=list(UNITS.items()))
    most_quantity = number(gettext_lazy("At most at a time"), gettext_lazy("In the same unit. More is not counted."))
    evidence = forms.CharField(
        label=gettext_lazy("Evidence"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("What has to be named with each award. Leave it empty when nothing is needed."),
    )
    awarders = forms.MultipleChoiceField(
        label=gettext_lazy("Who may give them, beside the community's staff"),
        choices=[(code, word) for code, word in AWARDERS.items() if code != "community_staff"],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    valid_months = number(gettext_lazy("Valid for months"), gettext_lazy("Empty: as the rules say for all points."))
    code = forms.CharField(
        label=gettext_lazy("Code of the item"),
        max_length=40,
        required=False,
        help_text=gettext_lazy(
            "Small letters, digits and hyphens. It stays the same from version to version: limits go on counting."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        for place in range(CAP_ROWS):
            fields[f"cap{place}_points"] = number(_("At most"))
            fields[f"cap{place}_subject"] = forms.ChoiceField(label=_("for"), choices=list(SUBJECTS.items()))
            fields[f"cap{place}_every"] = forms.ChoiceField(label=_("in a"), choices=list(EVERY.items()))

    @property
    def plain(self) -> list[Any]:
        """The fields of the item itself."""
        return [self[name] for name in self.fields if not name.startswith("cap") and name not in ("key", "version")]

    @property
    def caps(self) -> list[list[Any]]:
        """The fields of the limits, row by row."""
        return [[self[f"cap{place}_{part}"] for part in ("points", "subject", "every")] for place in range(CAP_ROWS)]

    def clean_code(self) -> str:
        """Check the short name."""
        code = str(self.cleaned_data["code"]).strip()
        if code and not CODE.fullmatch(code):
            raise forms.ValidationError(_("Give a short name of small letters, digits and hyphens."))
        return code

    def item(self, code: str, act_kind: str) -> dict[str, Any]:
        """Give the item as a draft keeps it."""
        entered = self.cleaned_data
        names = ("title", "meaning", "points", "per", "unit", "most_quantity", "evidence", "valid_months")
        caps = [
            {
                "subject": entered[f"cap{place}_subject"],
                "every": entered[f"cap{place}_every"],
                "points": entered[f"cap{place}_points"],
            }
            for place in range(CAP_ROWS)
            if entered[f"cap{place}_points"]
        ]
        return {name: entered[name] for name in names} | {
            "code": code,
            "act_kind": act_kind or code,
            "awarders": ["community_staff", *entered["awarders"]],
            "caps": caps,
        }


def item_fields(item: dict[str, Any]) -> dict[str, Any]:
    """Give an item of a draft as the form shows it."""
    shown = dict(item)
    for place, cap in enumerate(item.get("caps", [])[:CAP_ROWS]):
        for part in ("points", "subject", "every"):
            shown[f"cap{place}_{part}"] = cap.get(part)
    return shown
