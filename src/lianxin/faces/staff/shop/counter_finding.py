"""Finding who stands at the counter: by card, by household number, or by the code of an order or a voucher."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.commands.cards import identify_card
from lianxin.domain.people.queries.people import list_people
from lianxin.domain.points import policy as points_policy
from lianxin.domain.points.queries.passbooks import list_passbooks
from lianxin.domain.shop.queries.orders import find_by_code
from lianxin.domain.shop.rules import codes, identity
from lianxin.faces.kit.forms import add_problem
from lianxin.platform.errors import Problem

from ..acting import ActForm
from ..points.finding import is_card
from .desk import ShopDesk

SALT = "lianxin.staff.shop.shown"
SECONDS = 1_800
FOUND = 20


class FindForm(forms.Form):
    """What was typed or scanned."""

    shown = forms.CharField(
        label=gettext_lazy("Card, household number, or the code of an order or voucher"),
        max_length=120,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "data-scan-into": "", "autofocus": True, "enterkeyhint": "search"}
        ),
    )

    def __init__(self, *args: Any, reads: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not reads:
            self.fields["shown"].label = _("Card, or the code of an order")


class TakeForm(ActForm):
    """A voucher's code."""

    code = forms.CharField(
        label=gettext_lazy("Code of the voucher"),
        max_length=20,
        help_text=gettext_lazy("The 10 digits on the resident's phone or paper."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "inputmode": "numeric", "data-scan-into": "", "autofocus": True}
        ),
    )


@dataclass(frozen=True)
class Shown:
    """Which household was found, by whom of it, and by what."""

    household: UUID
    person: UUID | None
    how: str


@dataclass(frozen=True)
class Found:
    """Where to go on, a voucher's code, or several to choose from."""

    url: str = ""
    voucher_code: str = ""
    matches: list[tuple[str, str, str]] = field(default_factory=list)


def sign(desk: ShopDesk, *, household: UUID, person: UUID | None, how: str) -> str:
    """Give the address of the counter with a household on it; the signature keeps it from being made up."""
    told = signing.dumps([str(household), str(person or ""), how], salt=SALT)
    return f"{desk.url('shop_counter')}?{urlencode({'who': told})}"


def read(text: str) -> Shown | None:
    """Read who was found a moment ago; nothing when that is too long ago or was not us."""
    try:
        household, person, how = signing.loads(text, salt=SALT, max_age=SECONDS)
    except (signing.BadSignature, ValueError):
        return None
    return Shown(UUID(household), UUID(person) if person else None, how)


def find(desk: ShopDesk, form: FindForm) -> Found | None:
    """Find what was shown; None with a sentence on the form when there is no such thing."""
    typed = form.cleaned_data["shown"].strip()
    digits = typed.replace(" ", "").replace("-", "")
    try:
        if digits.isdecimal() and codes.is_voucher_code(digits):
            return Found(voucher_code=digits)
        if digits.isdecimal() and codes.is_pick_up_code(digits):
            order = find_by_code(actor=desk.actor, community=desk.community, code=digits)
            collect = reverse("staff:shop_collect", kwargs={"order": order})
            return Found(url=f"{collect}?{urlencode({'shown': identity.CODE})}")
        if is_card(typed):
            return _by_card(desk, form, typed)
    except Problem as problem:
        _say(form, problem)
        return None
    return _by_number(desk, form, typed)


def _say(form: FindForm, problem: Problem) -> None:
    if problem.fields:
        add_problem(form, problem)
    else:
        form.add_error("shown", str(problem.detail))


def _by_card(desk: ShopDesk, form: FindForm, typed: str) -> Found | None:
    holder = identify_card(actor=desk.actor, shown=typed, identity_check=identity.CARD, at=desk.at)
    if holder.community != desk.community:
        form.add_error("shown", _("This card belongs to somebody of another community."))
        return None
    return Found(url=sign(desk, household=holder.household, person=holder.person, how=identity.CARD))


def _by_number(desk: ShopDesk, form: FindForm, typed: str) -> Found | None:
    if not points_policy.may_see_points(desk.actor):
        form.add_error("shown", _("Type the 8 digits of the card or the 7 digits of the order."))
        return None
    found: dict[UUID, tuple[str, str]] = {}
    if any(letter.isdigit() for letter in typed):
        for number in dict.fromkeys((typed, typed.zfill(6) if typed.isdigit() else typed)):
            page = list_passbooks(actor=desk.actor, community=desk.community, number=number, limit=FOUND)
            found |= {row.household: (row.household_number, row.masked_head) for row in page.rows}
    else:
        people = list_people(actor=desk.actor, on=desk.on, query=typed, community=desk.community, limit=FOUND)
        found = {row.household: (row.household_number, row.masked_name) for row in people.rows}
    if len(found) == 1:
        return Found(url=sign(desk, household=next(iter(found)), person=None, how=""))
    if not found:
        form.add_error("shown", _("Nobody is found for this. Look at the digits again."))
        return None
    return Found(
        matches=[
            (number, name, sign(desk, household=household, person=None, how=""))
            for household, (number, name) in list(found.items())[:FOUND]
        ]
    )
