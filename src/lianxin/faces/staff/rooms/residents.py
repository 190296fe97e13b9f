"""Naming a resident at the desk: by household number, and by name where the household has several."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.policy import may_see_people
from lianxin.domain.people.queries.households import find_household_by_number
from lianxin.domain.people.queries.people import list_people
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Invalid

from .desk import RoomsDesk


def add_resident_fields(form: forms.Form, actor: Actor, *, required: bool = False) -> None:
    """Let a form name a resident, where the actor may look through residents."""
    if not may_see_people(actor):
        return
    fields: dict[str, Any] = form.fields
    fields["household_number"] = forms.CharField(
        label=gettext_lazy("For a resident: household number"), max_length=32, required=required
    )
    fields["resident_name"] = forms.CharField(
        label=gettext_lazy("Name of the resident"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Empty: the head of the household."),
    )


def resident_of(desk: RoomsDesk, community: UUID, entered: dict[str, Any]) -> UUID | None:
    """Give the resident that a form names, or None when it names nobody; raises Invalid."""
    number, name = entered.get("household_number", "").strip(), entered.get("resident_name", "").strip()
    if not number:
        if name:
            raise Invalid(fields={"household_number": [_("Enter the household number too.")]})
        return None
    home = find_household_by_number(actor=desk.actor, community=community, number=number)
    if home is None:
        raise Invalid(fields={"household_number": [_("There is no such household here.")]})
    people = list_people(actor=desk.actor, on=desk.on, query=name, household=home.pk).rows
    if name:
        if len(people) != 1:
            raise Invalid(fields={"resident_name": [_("Nobody, or more than one, has this name in the household.")]})
        return people[0].id
    heads = [row for row in people if row.relation == "head"] or people
    if not heads:
        raise Invalid(fields={"household_number": [_("Nobody lives in this household any more.")]})
    return heads[0].id
