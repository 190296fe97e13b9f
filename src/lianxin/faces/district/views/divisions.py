"""The tree of divisions on any day, one division with its history, and the names people use."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.domain.places import policy
from lianxin.domain.places.commands.divisions import add_division_alias, end_division_alias
from lianxin.domain.places.models import Committee, Division, Level, LineageKind, NameKind
from lianxin.domain.places.queries import divisions as queries
from lianxin.faces.district.acting import answer_form, answer_question
from lianxin.faces.district.forms.divisions import AliasForm, EndAliasForm
from lianxin.faces.district.forms.filters import DayFilter
from lianxin.faces.district.gate import form_for, shown_to_offices
from lianxin.faces.district.places_in_scope import is_in_reach
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.dates import spoken
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now
from lianxin.platform.errors import Missing


@shown_to_offices
def show(request: HttpRequest) -> HttpResponse:
    """Show the tree as it was on the day that the address asks for."""
    today = local_day(now())
    form = DayFilter(request.GET or None)
    asked = form.cleaned_data.get("on") if form.is_bound and form.is_valid() else None
    on = asked or today
    roots = queries.list_tree(on=on)
    actor = request.actor  # type: ignore[attr-defined]
    upper = [
        (node, [child for child in node.children if child.level == Level.COMMUNITY and is_in_reach(actor, child)])
        for root in roots
        for node in root.walk()
        if node.level != Level.COMMUNITY and is_in_reach(actor, node)
    ]
    return render(
        request,
        "district/divisions.html",
        {
            "form": form if form.is_bound else DayFilter(initial={"on": on}),
            "on": on,
            "is_today": on == today,
            "upper": [(node, Level(node.level).label, children) for node, children in upper],
            "communities": sum(len(children) for _node, children in upper),
            "crumbs": [(_("Overview"), reverse("district:overview")), (_("Divisions"), "")],
        },
    )


@shown_to_offices
def division(request: HttpRequest, division: UUID) -> HttpResponse:
    """Show a division with its names, what became of it, and what lies in it."""
    today = local_day(now())
    found = queries.find_division(division)
    require_in_reach(request.actor, found, today)  # type: ignore[attr-defined]
    may_change = policy.may_change_divisions(request.actor)  # type: ignore[attr-defined]
    below = []
    if found.level != Level.COMMUNITY:
        below = list(queries.list_divisions(level=_next_level(found.level), parent=found.pk))
    return render(
        request,
        "district/division.html",
        {
            "division": found,
            "level": Level(found.level).label,
            "is_community": found.level == Level.COMMUNITY,
            "may_change": may_change and found.ended_on is None,
            "may_split": found.parent_id is not None,
            "changes": _changes(found),
            "names": [(row, NameKind(row.kind).label) for row in queries.list_names(found.pk)],
            "steps": [(row, LineageKind(row.kind).label, _other(row, found)) for row in queries.list_history(found.pk)],
            "below": below,
            "facts": _facts(found),
            "crumbs": crumbs_of(found),
        },
    )


def _next_level(level: str) -> str:
    levels = list(Level.values)
    return levels[levels.index(level) + 1]


def require_in_reach(actor: Actor, found: Division, on: date) -> None:
    """Raise Missing for a division in which the actor answers for no community."""
    if actor.communities is None or (found.level == Level.COMMUNITY and actor.covers(found.pk)):
        return
    day = on if found.ended_on is None else date.fromordinal(found.ended_on.toordinal() - 1)
    for root in queries.list_tree(on=day):
        for node in root.walk():
            if node.id == found.pk and is_in_reach(actor, node):
                return
    raise Missing


def _other(row: Any, found: Division) -> Division | None:
    other = row.to_division if row.from_division_id == found.pk else row.from_division
    return None if other.pk == found.pk else other


def _facts(found: Division) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = [(_("Code"), found.code), (_("Level"), Level(found.level).label)]
    if found.level == Level.COMMUNITY:
        rows.append((_("Committee"), Committee(found.committee).label))
    if found.parent is not None:
        rows.append((_("Lies in"), found.parent.official_name, reverse("district:division", args=[found.parent_id])))
    rows.append((_("On record since"), spoken(found.created_on)))
    if found.ended_on is not None:
        rows.append((_("Ended on"), spoken(found.ended_on)))
    return rows


def _changes(found: Division) -> list[tuple[str, str]]:
    offered = [("rename", _("Rename")), ("recode", _("Recode"))]
    if found.parent_id is not None:
        offered += [("move", pgettext("division", "Move")), ("split", pgettext("division", "Split"))]
        offered.append(("merge", _("Merge")))
    return [(label, reverse("district:division_change", args=[found.pk, name])) for name, label in offered]


def crumbs_of(found: Division) -> list[tuple[Any, str]]:
    """Give the way to a division."""
    return [
        (_("Overview"), reverse("district:overview")),
        (_("Divisions"), reverse("district:divisions")),
        (found.official_name, ""),
    ]


def crumbs_below(found: Division, here: Any) -> list[tuple[Any, str]]:
    """Give the way to a page below a division."""
    page = reverse("district:division", args=[found.pk])
    return [*crumbs_of(found)[:-1], (found.official_name, page), (here, "")]


@form_for(policy.may_change_divisions)
def add_alias(request: HttpRequest, division: UUID) -> HttpResponse:
    """Record another name of a division."""
    actor = actor_of(request)
    found = queries.find_division(division)
    page = reverse("district:division", args=[found.pk])
    form = AliasForm(request.POST or None, initial={"on": local_day(now())})
    return answer_form(
        request,
        form,
        do=lambda values: add_division_alias(actor=actor, division=found.pk, at=now(), **values),
        then=lambda _done: page,
        said=_("People now find it under this name too."),
        cancel_url=page,
        title=_("Another name for %(name)s") % {"name": found.official_name},
        button_text=_("Add the name"),
        crumbs=crumbs_below(found, _("Another name")),
    )


@form_for(policy.may_change_divisions)
def end_alias(request: HttpRequest, division: UUID, alias: UUID) -> HttpResponse:
    """Stop showing another name."""
    actor = actor_of(request)
    found = queries.find_division(division)
    row = next((one for one in queries.list_names(found.pk) if one.pk == alias), None)
    if row is None or row.valid_until is not None or row.kind not in (NameKind.ALIAS, NameKind.FORMER):
        raise Missing
    page = reverse("district:division", args=[found.pk])
    form = EndAliasForm(request.POST or None, initial={"on": local_day(now())})
    return answer_question(
        request,
        form,
        do=lambda values: end_division_alias(actor=actor, alias=alias, at=now(), **values),
        back=page,
        said=_("The name is no longer shown."),
        question=_("Stop showing the name “%(name)s”?") % {"name": row.name},
        consequences=[_("For days before it stays a name under which the division is found.")],
        button_text=_("Stop showing it"),
        crumbs=crumbs_below(found, row.name),
    )
