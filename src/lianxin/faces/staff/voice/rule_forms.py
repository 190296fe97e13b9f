"""The forms of a draft of the rules of tiers: terms and limits, one criterion, and what publishing asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.domain.voice.models import Subject, Tier
from lianxin.domain.voice.rules.limits import SPANS, limits_of
from lianxin.domain.voice.rules.terms import DANGER, NAMES

from ..acting import ActForm, day_field, long_text

NUMBER = forms.NumberInput(attrs={"inputmode": "numeric", "min": 0})
UNITS = [("days", pgettext_lazy("term", "working days")), ("hours", pgettext_lazy("term", "hours, through the night"))]
BETWEEN = re.compile(r"[\s,，、;；]+")
TERM_LABELS = {
    "simple": _("A simple case may take"),
    "fast": _("A fast case may take"),
    "full": _("A case for all may take"),
    "danger": _("A danger may take, in hours"),
}
LIMIT_LABELS = {
    "confirm_days": _("Days for the reporters to say whether it is solved"),
    "reopen_days": _("Days in which a reporter may open it again"),
    "urge_every_days": _("Days between two reminders of one case"),
    "urge_most": _("Reminders of one case at most"),
}


def _number(label: Any, *, required: bool = True, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, required=required, min_value=0, widget=NUMBER, help_text=help_text)


class TermsForm(ActForm):
    """How long each tier may take, and the other limits."""

    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=80)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for tier in NAMES:
            self.fields[tier] = _number(TERM_LABELS[tier], required=tier != DANGER)
            if tier != DANGER:
                self.fields[f"{tier}_unit"] = forms.ChoiceField(
                    label=_("Counted in"), choices=UNITS, widget=forms.RadioSelect
                )
        for limit in SPANS:
            self.fields[limit] = _number(LIMIT_LABELS[limit])
        stays = ("", _("stays where it is; the office above is told"))
        for before, choices in ((Tier.SIMPLE, (Tier.FAST, Tier.FULL)), (Tier.FAST, (Tier.FULL,))):
            self.fields[f"lift_{before.value}"] = forms.ChoiceField(
                label=_("A late simple case becomes") if before == Tier.SIMPLE else _("A late fast case becomes"),
                required=False,
                choices=[stays, *((one.value, one.label) for one in choices)],
            )

    def terms(self) -> dict[str, dict[str, int]]:
        """Give the terms as rules keep them."""
        entered = self.cleaned_data
        found = {tier: {entered[f"{tier}_unit"]: entered[tier]} for tier in NAMES if tier != DANGER}
        return found | ({DANGER: {"hours": entered[DANGER]}} if entered[DANGER] else {})

    def limits(self) -> dict[str, Any]:
        """Give the limits as rules keep them."""
        entered = self.cleaned_data
        lifts = {tier: entered[f"lift_{tier}"] for tier in ("simple", "fast") if entered[f"lift_{tier}"]}
        return {name: entered[name] for name in SPANS} | {"lift_to": lifts}


def terms_fields(name: str, terms: Mapping[str, Mapping[str, int]], limits: Mapping[str, Any]) -> dict[str, Any]:
    """Give what rules keep as the form shows it."""
    held = limits_of(limits)
    shown: dict[str, Any] = {"name": name} | {one: getattr(held, one) for one in SPANS}
    shown |= {f"lift_{before}": after for before, after in held.lift_to.items()}
    for tier in NAMES:
        for unit, number in terms.get(tier, {}).items():
            shown |= {tier: number, f"{tier}_unit": unit}
    return shown


class CriterionForm(ActForm):
    """What has to hold, all of it, and the tier that a case then has."""

    tier = forms.ChoiceField(label=_("Then the case is"), choices=Tier.choices, widget=forms.RadioSelect)
    danger = forms.BooleanField(label=_("If somebody is in danger"), required=False)
    subject = forms.MultipleChoiceField(
        label=_("If it is about one of these"),
        choices=Subject.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    words = long_text(
        _("If it says one of these words"),
        most=1000,
        rows=2,
        help_text=_("Words with a space or 、 between them, for example 漏电 停水"),
    )
    voices = _number(_("If at least so many people say it"), required=False, help_text=_("From 2 on; empty: any."))
    parties = _number(
        _("If at least so many sides have to agree"),
        required=False,
        help_text=_("Owners, the property company, a builder … as the deliberation names them. From 2 on; empty: any."),
    )

    def when(self) -> dict[str, Any]:
        """Give the conditions as rules keep them; what is empty is not asked for."""
        entered = self.cleaned_data
        given = {
            "danger": entered["danger"],
            "subject": entered["subject"],
            "words": [word for word in BETWEEN.split(entered["words"]) if word],
            "voices": entered["voices"],
            "parties": entered["parties"],
        }
        return {name: value for name, value in given.items() if value or (value == 0 and name in ("voices", "parties"))}


def criterion_fields(criterion: Mapping[str, Any]) -> dict[str, Any]:
    """Give a criterion as the form shows it."""
    when = dict(criterion.get("when", {}))
    return {**when, "words": "、".join(when.get("words", [])), "tier": criterion.get("tier", "fast")}


class PublishForm(ActForm):
    """Where the rules were adopted, and from when they hold."""

    adopted_words = long_text(
        _("Where were they adopted?"),
        most=300,
        required=True,
        help_text=_("The meeting and the day of its minutes, or the number of the notice."),
    )
    valid_from = day_field(_("They hold for cases from"))
