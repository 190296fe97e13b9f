"""What happens to a resident: a death, moving out, coming back, another household; each told before it is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people import policy
from lianxin.domain.people.commands.leaving import (
    preview_death,
    preview_move_out,
    record_death,
    record_move_out,
    return_person,
)
from lianxin.domain.people.commands.moving import move_person, preview_move_person
from lianxin.domain.people.models import Person
from lianxin.domain.people.queries.people import PersonBundle, find_person
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.staff.acting import ActForm, confirm_first
from lianxin.faces.staff.people.choices import HouseholdChoice, chosen, today_field
from lianxin.faces.staff.people.gate import form_for, writing
from lianxin.faces.staff.people.tabs import person_crumbs
from lianxin.platform.clock import local_day, now


class DayForm(ActForm):
    """The day on which something happened."""

    on = today_field(gettext_lazy("Day"))


class MoveForm(HouseholdChoice):
    """The household somebody moves to."""

    relation = chosen(gettext_lazy("Relation to the head there"), Person.Relation.choices)
    on = today_field(gettext_lazy("Since"))


class ReturnForm(HouseholdChoice):
    """The household in which somebody lives again."""

    relation = chosen(gettext_lazy("Relation to the head there"), Person.Relation.choices)
    on = today_field(gettext_lazy("Since"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Needed when a death was entered by mistake."),
    )


def _ask(
    request: HttpRequest,
    person: UUID,
    form: ActForm,
    *,
    preview: Callable[[dict[str, Any]], list[str]],
    do: Callable[[dict[str, Any]], Any],
    said: str,
    question: str,
    button: str,
    step: str,
    text: str = "",
    danger: bool = False,
) -> HttpResponse:
    name = _bundle(request, person).person.masked_name
    back = reverse("staff:person", args=[person])
    return confirm_first(
        request,
        form,
        do=do,
        preview=preview,
        then=lambda _done: back,
        said=said,
        question=question % {"name": name},
        text=text,
        button=button,
        cancel_url=back,
        crumbs=person_crumbs(person, name, step),
        danger=danger,
    )


def _bundle(request: HttpRequest, person: UUID) -> PersonBundle:
    return find_person(actor=actor_of(request), person=person, on=local_day(now()))


@writing
def death(request: HttpRequest, person: UUID) -> HttpResponse:
    """Record that somebody died."""
    actor = actor_of(request)
    return _ask(
        request,
        person,
        DayForm(request.POST or None),
        preview=lambda values: preview_death(actor=actor, person=person, on=values["on"]),
        do=lambda values: record_death(actor=actor, person=person, at=now(), **values),
        said=_("The death was recorded."),
        question=_("Record that %(name)s died?"),
        button=_("Record the death"),
        step=_("Death"),
        danger=True,
    )


@writing
def move_out(request: HttpRequest, person: UUID) -> HttpResponse:
    """Record that somebody moved out of the district."""
    actor = actor_of(request)
    return _ask(
        request,
        person,
        DayForm(request.POST or None),
        preview=lambda values: preview_move_out(actor=actor, person=person, on=values["on"]),
        do=lambda values: record_move_out(actor=actor, person=person, at=now(), **values),
        said=_("The moving out was recorded."),
        question=_("Record that %(name)s moved out of the district?"),
        button=_("Record the moving out"),
        step=_("Moving out"),
        text=_("For another household of this district choose “Move to another household” instead."),
    )


@form_for(policy.may_move_people)
def move(request: HttpRequest, person: UUID) -> HttpResponse:
    """Move somebody to another household, in this or another community."""
    actor = actor_of(request)
    form = MoveForm(request.POST or None, actor=actor)
    return _ask(
        request,
        person,
        form,
        preview=lambda values: preview_move_person(
            actor=actor, person=person, household=form.household, on=values["on"]
        ),
        do=lambda values: move_person(
            actor=actor,
            person=person,
            household=form.household,
            at=now(),
            **_only(values, "relation", "on", "key"),
        ),
        said=_("The resident was moved."),
        question=_("To which household does %(name)s move?"),
        button=_("Move"),
        step=_("Move"),
    )


@writing
def come_back(request: HttpRequest, person: UUID) -> HttpResponse:
    """Record that somebody lives here again, or that a death was entered by mistake."""
    actor = actor_of(request)
    row = _bundle(request, person).person
    start = {"community": str(row.community), "number": row.household_number, "relation": row.relation}
    form = ReturnForm(request.POST or None, actor=actor, initial=start)
    return _ask(
        request,
        person,
        form,
        preview=lambda values: [_("The resident counts as living here from this day on.")],
        do=lambda values: return_person(
            actor=actor,
            person=person,
            household=form.household,
            at=now(),
            **_only(values, "relation", "on", "reason", "key"),
        ),
        said=_("The resident is back on record."),
        question=_("Does %(name)s live here again?"),
        button=_("Record the return"),
        step=_("Return"),
    )


def _only(values: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: values[name] for name in names}
