"""Finding who gets points: by card, by name, by the number of the household or of its passbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.commands.cards import identify_card
from lianxin.domain.people.queries.people import list_people
from lianxin.domain.points import policy
from lianxin.domain.points.queries.passbooks import PassbookRow, list_passbooks
from lianxin.faces.kit.forms import add_problem
from lianxin.faces.staff.people.labels import CHECK_CHOICES
from lianxin.platform.errors import Invalid, Missing, Problem

from .desk import Desk

CARD_DIGITS = 8
TOKEN_FROM = 21
FOUND = 20
HOLDER_SALT = "lianxin.staff.points.holder"
HOLDER_SECONDS = 1800


class FindForm(forms.Form):
    """What was typed or scanned, and for a card how its holder was known."""

    shown = forms.CharField(
        label=gettext_lazy("Card, name, household number or passbook number"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-scan-into": "", "autofocus": True}),
    )
    identity_check = forms.ChoiceField(
        label=gettext_lazy("With a card: how do you know that this is the holder?"),
        choices=[("", gettext_lazy("No card is shown")), *CHECK_CHOICES],
        required=False,
    )

    def __init__(self, *args: Any, only_cards: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if only_cards:
            self.fields["shown"].label = _("Card number")
            self.fields["shown"].help_text = _("The 8 digits on the card, or scan its code.")
            self.fields["identity_check"].required = True
            self.fields["identity_check"].label = _("How do you know that this is the holder?")
            self.fields["identity_check"].choices = [("", _("Please choose")), *CHECK_CHOICES]  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Holder:
    """Somebody whose card was shown: who, of which household, named only masked."""

    person: UUID
    household: UUID
    name: str


@dataclass(frozen=True)
class Match:
    """Somebody, or a household, who was found."""

    name: str
    number: str
    url: str


def is_card(shown: str) -> bool:
    """Tell whether this is the number or the code of a card."""
    text = shown.strip().replace(" ", "").replace("-", "")
    return len(shown.strip()) >= TOKEN_FROM or (len(text) == CARD_DIGITS and text.isdigit() and "-" not in shown)


def read_card(desk: Desk, form: FindForm) -> str:
    """Give where to go on with the holder of a shown card; nothing when the form has to be shown again."""
    entered = form.cleaned_data
    try:
        holder = identify_card(actor=desk.actor, at=desk.at, **entered)
        if holder.community != desk.community:
            raise Invalid(fields={"shown": [_("This card belongs to somebody of another community.")]})
    except Missing as problem:
        form.add_error("shown", str(problem.detail))
        return ""
    except Problem as problem:
        add_problem(form, problem)
        return ""
    told = signing.dumps([str(holder.person), str(holder.household), holder.masked_name], salt=HOLDER_SALT)
    return f"{desk.url('points_award')}?{urlencode({'holder': told})}"


def holder_of(text: str) -> Holder | None:
    """Read who was identified a moment ago; nothing when that is too long ago or was not us."""
    try:
        person, household, name = signing.loads(text, salt=HOLDER_SALT, max_age=HOLDER_SECONDS)
    except (signing.BadSignature, ValueError):
        return None
    return Holder(UUID(person), UUID(household), name)


def find(desk: Desk, shown: str) -> list[Match]:
    """Find households by number and people by name, in this community."""
    if not policy.may_see_points(desk.actor):
        return []
    text = shown.strip()
    award = desk.url("points_award")
    found: list[Match] = []
    if any(sign.isdigit() for sign in text):
        homes: list[PassbookRow] = []
        for form in dict.fromkeys((text, text.zfill(6) if text.isdigit() else text)):
            page = list_passbooks(actor=desk.actor, community=desk.community, number=form, limit=FOUND)
            homes += [row for row in page.rows if row.household not in {one.household for one in homes}]
        found += [
            Match(row.masked_head, row.household_number, f"{award}?household={row.household}") for row in homes[:FOUND]
        ]
    people = list_people(actor=desk.actor, on=desk.on, query=text, community=desk.community, limit=FOUND)
    found += [
        Match(row.masked_name, row.household_number, f"{award}?household={row.household}&person={row.id}")
        for row in people.rows
    ]
    return found[:FOUND]
