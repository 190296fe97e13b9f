"""What is done with a register of owners: begun, renamed, copied, fixed, released, and its flats one by one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.voice.commands import registers
from lianxin.domain.voice.models import AssentRegister
from lianxin.domain.voice.rules.registers import square_metres
from lianxin.faces.kit.acting import key_of, press
from lianxin.platform.errors import Missing
from lianxin.platform.ids import new_id

from ..acting import ActForm, Crumbs, answer_form
from ..choices import CHOOSE, community_choices
from .vote_desk import COMMUNITY, HOMES, desk_of, only_community, register_url
from .vote_gate import keeper_presses, keeping, open_flat, open_register


class NameForm(ActForm):
    """What a register is called and where it comes from."""

    name = forms.CharField(
        label=pgettext_lazy("register", "Name"), max_length=80, help_text=gettext_lazy("The building or the estate.")
    )
    source_words = forms.CharField(
        label=gettext_lazy("Where it comes from"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("For instance: the land registry's list of 3 November 2026."),
    )


class NewForm(NameForm):
    """Where it is, and what it is called."""

    community = forms.ChoiceField(label=COMMUNITY)
    field_order = ("community", "name", "source_words")

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        if choices:
            fields["community"].choices = [("", CHOOSE), *choices]
        else:
            del fields["community"]


class FlatForm(ActForm):
    """One flat: its number, its exact area, all its owners."""

    flat = forms.CharField(label=gettext_lazy("Flat"), max_length=40)
    area = forms.CharField(
        label=gettext_lazy("Area in m²"),
        max_length=20,
        help_text=gettext_lazy("As in the property certificate, with two decimals at most"),
    )
    owners = forms.CharField(
        label=gettext_lazy("Owners"),
        max_length=400,
        help_text=gettext_lazy(
            "All owners of the flat, with 、 between; the same owners of several flats are one head."
        ),
    )
    household = forms.CharField(
        label=gettext_lazy("Household number"),
        max_length=32,
        required=False,
        help_text=gettext_lazy("Only where the owners live there and you want to find them."),
    )


def _crumbs(row: AssentRegister | None, last: Any) -> Crumbs:
    way: Crumbs = [(HOMES["registers"], reverse("staff:registers"))]
    return [*way, *([(row.name, register_url(row.pk))] if row is not None else []), (last, "")]


@keeping
def new(request: HttpRequest) -> HttpResponse:
    """Begin a register."""
    desk = desk_of(request)
    choices = community_choices(desk.actor, subdistricts=False)

    def do(entered: dict[str, Any]) -> AssentRegister:
        community = entered.get("community") or only_community(desk.actor)
        if community is None:
            raise Missing
        made: AssentRegister = registers.draft(
            actor=desk.actor,
            community=UUID(str(community)),
            name=entered["name"],
            source_words=entered["source_words"],
            at=desk.at,
            key=entered["key"],
        )
        return made

    return answer_form(
        request,
        NewForm(request.POST or None, choices=choices),
        do=do,
        then=lambda row: register_url(row.pk),
        said=_("Begun. Now send in the table of flats, or add them one by one."),
        title=_("New register"),
        button=_("Begin"),
        cancel_url=reverse("staff:registers"),
        crumbs=_crumbs(None, _("New register")),
    )


@keeping
def edit(request: HttpRequest, register: UUID) -> HttpResponse:
    """Change a register's name."""
    desk = desk_of(request)
    row = open_register(desk.actor, register)
    return answer_form(
        request,
        NameForm(request.POST or None, initial={"name": row.name, "source_words": row.source_words}),
        do=lambda entered: registers.change(
            actor=desk.actor,
            register=register,
            name=entered["name"],
            source_words=entered["source_words"],
            at=desk.at,
            key=entered["key"],
        ),
        then=lambda _row: register_url(register),
        said=_("Saved."),
        title=_("Change its name"),
        button=_("Save"),
        cancel_url=register_url(register),
        crumbs=_crumbs(row, _("Change")),
    )


@keeping
def copy(request: HttpRequest, register: UUID) -> HttpResponse:
    """Begin a register with the flats of this one."""
    desk = desk_of(request)
    row = open_register(desk.actor, register)
    form = NameForm(request.POST or None, initial={"name": row.name})
    del form.fields["source_words"]
    return answer_form(
        request,
        form,
        do=lambda entered: registers.copy(
            actor=desk.actor, register=register, name=entered["name"], at=desk.at, key=entered["key"]
        ),
        then=lambda made: register_url(made.pk),
        said=_("Copied. Change it, then fix it."),
        title=_("Copy the register"),
        button=_("Copy it"),
        cancel_url=register_url(register),
        crumbs=_crumbs(row, _("Copy it")),
    )


@keeper_presses
def fix(request: HttpRequest, register: UUID) -> HttpResponse:
    """Fix a register."""
    desk = desk_of(request)
    open_register(desk.actor, register)
    return press(
        request,
        do=lambda: registers.fix(actor=desk.actor, register=register, at=desk.at, key=key_of(request)),
        back=register_url(register),
        said=_("The register is fixed. A vote can stand on it."),
    )


@keeper_presses
def release(request: HttpRequest, register: UUID) -> HttpResponse:
    """Let a fixed register be changed again."""
    desk = desk_of(request)
    open_register(desk.actor, register)
    return press(
        request,
        do=lambda: registers.release(actor=desk.actor, register=register, at=desk.at, key=key_of(request)),
        back=register_url(register),
        said=_("It can be changed again."),
    )


@keeping
def flat_new(request: HttpRequest, register: UUID) -> HttpResponse:
    """Add one flat and come back for the next one."""
    desk = desk_of(request)
    row = open_register(desk.actor, register)
    return answer_form(
        request,
        FlatForm(request.POST or None),
        do=lambda entered: registers.add_flat(
            actor=desk.actor,
            register=register,
            at=desk.at,
            key=entered["key"],
            **{name: entered[name] for name in ("flat", "area", "owners", "household")},
        ),
        then=lambda _row: reverse("staff:register_flat_new", kwargs={"register": register}),
        said=lambda made: _("Added: %(flat)s") % {"flat": made.flat},
        title=_("Add one flat"),
        button=_("Add it"),
        cancel_url=register_url(register),
        crumbs=_crumbs(row, _("Add one flat")),
    )


@keeping
def flat(request: HttpRequest, flat: UUID) -> HttpResponse:
    """Correct one flat."""
    desk = desk_of(request)
    one = open_flat(desk.actor, flat)
    row = one.register
    back = reverse("staff:register_flats", kwargs={"register": row.pk})
    initial = {
        "flat": one.flat,
        "area": square_metres(one.area_dm2),
        "owners": one.owners.reveal(),
        "household": one.household.number if one.household else "",
    }
    return answer_form(
        request,
        FlatForm(request.POST or None, initial=initial),
        do=lambda entered: registers.edit_flat(
            actor=desk.actor,
            flat_row=flat,
            at=desk.at,
            key=entered["key"],
            **{name: entered[name] for name in ("flat", "area", "owners", "household")},
        ),
        then=lambda _row: back,
        said=_("Saved."),
        title=_("Correct a flat"),
        button=_("Save"),
        cancel_url=back,
        crumbs=_crumbs(row, one.flat),
        also=[(reverse("staff:register_flat_remove", kwargs={"flat": flat}), _("Take it out"), "plain")],
    )


class RemoveForm(ActForm):
    """Nothing to say."""


@keeping
def flat_remove(request: HttpRequest, flat: UUID) -> HttpResponse:
    """Take one flat out of a register."""
    desk = desk_of(request)
    one = open_flat(desk.actor, flat)
    back = reverse("staff:register_flats", kwargs={"register": one.register_id})
    return answer_form(
        request,
        RemoveForm(request.POST or None, initial={"key": new_id()}),
        do=lambda entered: registers.remove_flat(actor=desk.actor, flat_row=flat, at=desk.at, key=entered["key"]),
        then=lambda _row: back,
        said=_("Taken out."),
        title=_("Take %(flat)s out of the register?") % {"flat": one.flat},
        button=_("Take it out"),
        cancel_url=back,
        crumbs=_crumbs(one.register, one.flat),
    )
