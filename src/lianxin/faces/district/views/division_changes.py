"""Rename, recode, move, split and merge divisions: a form, then a page that says what follows, then the deed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.places import policy
from lianxin.domain.places.commands.division_changes import move_division, recode_division, rename_division
from lianxin.domain.places.commands.division_splits import NewPart, merge_divisions, split_division
from lianxin.domain.places.models import Division, Level
from lianxin.domain.places.queries import division_previews as previews
from lianxin.domain.places.queries.divisions import find_division, list_divisions
from lianxin.domain.places.queries.venues import list_venues
from lianxin.faces.district.forms import divisions as forms
from lianxin.faces.district.gate import form_for
from lianxin.faces.district.views.divisions import crumbs_below
from lianxin.faces.kit.forms import add_problem
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now
from lianxin.platform.errors import Missing, Problem

Values = dict[str, Any]
Options = dict[str, list[tuple[str, str]]]


@dataclass(frozen=True)
class Change:
    """One kind of change: its words, form, choices, preview and command."""

    title: Any
    button: Any
    done: Any
    form: type[forms.ChangeForm]
    options: Callable[[Division], Options]
    preview: Callable[[Division, Values], list[str]]
    do: Callable[[Actor, Division, Values, Any], Any]


def _ids(values: Values, name: str) -> frozenset[UUID]:
    return frozenset(UUID(pk) for pk in values.get(name) or ())


def _as_options(rows: Any) -> list[tuple[str, str]]:
    return [(str(row.pk), f"{row.official_name} ({row.code})") for row in rows]


def _nothing(found: Division) -> Options:
    return {}


def _above(found: Division) -> Options:
    """Give the divisions of the level above, but for the one that it lies in."""
    if found.parent is None:
        raise Missing
    rows = list_divisions(level=found.parent.level)
    return {"parent": _as_options(row for row in rows if row.pk != found.parent_id)}


def _beside(found: Division) -> Options:
    if found.parent is None:
        raise Missing
    return {"into": _as_options(row for row in list_divisions(level=found.level) if row.pk != found.pk)}


def _inside(found: Division) -> Options:
    if found.parent is None:
        raise Missing
    if found.level == Level.COMMUNITY:
        return {"venues": [(str(row.pk), row.name) for row in list_venues(communities=[found.pk])]}
    levels = list(Level.values)
    below = levels[levels.index(found.level) + 1]
    return {"children": _as_options(list_divisions(level=below, parent=found.pk))}


def _split(actor: Actor, found: Division, values: Values, at: Any) -> Any:
    part = NewPart(values["name"], values["code"], _ids(values, "children"), _ids(values, "venues"))
    return split_division(
        actor=actor,
        division=found.pk,
        parts=[part],
        on=values["on"],
        note=values["note"],
        key=values["key"],
        at=at,
    )


def _common(values: Values) -> Values:
    return {"on": values["on"], "note": values["note"], "key": values["key"]}


CHANGES = {
    "rename": Change(
        gettext_lazy("Rename %(name)s"),
        gettext_lazy("Rename"),
        gettext_lazy("The new name is entered."),
        forms.RenameForm,
        _nothing,
        lambda found, v: previews.preview_rename(division=found.pk, official_name=v["official_name"], on=v["on"]),
        lambda actor, found, v, at: rename_division(
            actor=actor, division=found.pk, official_name=v["official_name"], at=at, **_common(v)
        ),
    ),
    "recode": Change(
        gettext_lazy("Recode %(name)s"),
        gettext_lazy("Recode"),
        gettext_lazy("The new code is entered."),
        forms.RecodeForm,
        _nothing,
        lambda found, v: previews.preview_recode(division=found.pk, code=v["code"], on=v["on"]),
        lambda actor, found, v, at: recode_division(
            actor=actor, division=found.pk, code=v["code"], at=at, **_common(v)
        ),
    ),
    "move": Change(
        gettext_lazy("Move %(name)s"),
        pgettext_lazy("division", "Move"),
        gettext_lazy("The move is entered."),
        forms.MoveForm,
        _above,
        lambda found, v: previews.preview_move(division=found.pk, parent=UUID(v["parent"]), on=v["on"]),
        lambda actor, found, v, at: move_division(
            actor=actor, division=found.pk, parent=UUID(v["parent"]), at=at, **_common(v)
        ),
    ),
    "merge": Change(
        gettext_lazy("Merge %(name)s into another"),
        gettext_lazy("Merge"),
        gettext_lazy("The merger is entered."),
        forms.MergeForm,
        _beside,
        lambda found, v: previews.preview_merge(divisions=[found.pk], into=UUID(v["into"]), on=v["on"]),
        lambda actor, found, v, at: merge_divisions(
            actor=actor, divisions=[found.pk], into=UUID(v["into"]), at=at, **_common(v)
        ),
    ),
    "split": Change(
        gettext_lazy("Split %(name)s"),
        pgettext_lazy("division", "Split"),
        gettext_lazy("The new part is entered."),
        forms.SplitForm,
        _inside,
        lambda found, v: previews.preview_split(
            division=found.pk, children=_ids(v, "children"), venues=_ids(v, "venues"), on=v["on"]
        ),
        _split,
    ),
}


@form_for(policy.may_change_divisions)
def change(request: HttpRequest, division: UUID, change: str) -> HttpResponse:
    """Ask for the change, show what follows from it, and do it when that was confirmed."""
    chosen = CHANGES.get(change)
    found = find_division(division)
    if chosen is None or found.ended_on is not None:
        raise Missing
    at = now()
    form = chosen.form(request.POST or None, today=local_day(at), options=chosen.options(found))
    if request.method != "POST" or not form.is_valid():
        return _ask(request, found, chosen, form)
    try:
        if request.POST.get("confirmed") != "yes":
            if not request.POST.get("back"):
                sentences = chosen.preview(found, form.cleaned_data)
                return _confirm(request, found, chosen, form, sentences, form.cleaned_data["on"])
        else:
            chosen.do(request.actor, found, form.cleaned_data, at)  # type: ignore[attr-defined]
            messages.success(request, str(chosen.done))
            return redirect("district:division", found.pk)
    except Missing:
        raise
    except Problem as problem:
        add_problem(form, problem)
    return _ask(request, found, chosen, form)


def _ask(request: HttpRequest, found: Division, chosen: Change, form: forms.ChangeForm) -> HttpResponse:
    context = {
        "form": form,
        "title": chosen.title % {"name": found.official_name},
        "text": _("Now %(name)s, code %(code)s.") % {"name": found.official_name, "code": found.code},
        "button_text": _("Show what follows"),
        "cancel_url": reverse("district:division", args=[found.pk]),
        "crumbs": crumbs_below(found, chosen.button),
        "wide": chosen.form is forms.SplitForm,
    }
    return render(request, "district/form.html", context, status=422 if form.errors else 200)


def _confirm(
    request: HttpRequest, found: Division, chosen: Change, form: forms.ChangeForm, sentences: list[str], on: date
) -> HttpResponse:
    hidden = [(name, value) for name in form.fields for value in request.POST.getlist(name)]
    context = {
        "title": chosen.title % {"name": found.official_name},
        "on": on,
        "consequences": sentences,
        "hidden": hidden,
        "button_text": chosen.button,
        "cancel_url": reverse("district:division", args=[found.pk]),
        "crumbs": crumbs_below(found, chosen.button),
    }
    return render(request, "district/division_confirm.html", context)
