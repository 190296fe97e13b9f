"""Addresses of wall screens: made with a token that is shown once, listed, and ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.domain.reporting.commands import walls as commands
from lianxin.domain.reporting.models.walls import Wall
from lianxin.domain.reporting.queries import walls as queries
from lianxin.domain.reporting.queries.feeds import find_top, is_upper, list_feeds
from lianxin.faces.district.acting import answer_form, answer_question
from lianxin.faces.district.forms.walls import KeyForm, WallForm
from lianxin.faces.district.gate import form_for_offices, shown_to_offices
from lianxin.faces.district.places_in_scope import Choices, communities_of, subdistricts_of
from lianxin.faces.entrance.session import put_sealed, take_sealed
from lianxin.faces.kit.acting import actor_of
from lianxin.platform.actors import Actor
from lianxin.platform.clock import now

SHOWN_ONCE = "wall_shown"


@dataclass(frozen=True, slots=True)
class Row:
    """One wall screen of the list."""

    pk: UUID
    name: str
    shows: str
    made_at: datetime
    expires_at: datetime
    label: str
    tone: str
    is_running: bool


@shown_to_offices
def show(request: HttpRequest) -> HttpResponse:
    """List the wall screens of the actor's office."""
    at = now()
    whole = _whole()
    rows = [_row(one, at, whole) for one in queries.walls_of(actor_of(request))]
    return render(request, "district/walls.html", {"rows": rows, "crumbs": _crumbs()})


def _whole() -> str:
    """Say what a screen shows that shows everything."""
    return find_top().short_name if is_upper() else _("The whole district")


def _choices(actor: Actor) -> Choices:
    """Give what a screen may show a part of: a subdistrict, or at a city a district."""
    if is_upper():
        return [(str(feed.district_id), feed.name) for feed in list_feeds()]
    return subdistricts_of(communities_of(actor))


def _row(one: Wall, at: datetime, whole: str) -> Row:
    if one.ended_at is not None:
        label, tone = pgettext("wall screen", "ended"), "quiet"
    elif at >= one.expires_at:
        label, tone = pgettext("wall screen", "time is up"), "quiet"
    else:
        label, tone = pgettext("wall screen", "good"), "done"
    shows = one.subdistrict.short_name if one.subdistrict else whole
    return Row(one.pk, one.name, shows, one.made_at, one.expires_at, label, tone, tone == "done")


@form_for_offices
def new(request: HttpRequest) -> HttpResponse:
    """Make an address for a screen."""
    actor, at = actor_of(request), now()
    whole = _whole() if actor.communities is None else ""
    form = WallForm(request.POST or None, parts=_choices(actor), whole=whole)

    def do(entered: dict[str, Any]) -> Wall:
        asked = entered["subdistrict"]
        made = commands.make_wall(
            actor=actor,
            name=entered["name"],
            subdistrict=UUID(asked) if asked else None,
            days=entered["days"],
            at=at,
            key=entered["key"],
        )
        token = getattr(made, "secret", "")
        if token:
            put_sealed(request, SHOWN_ONCE, f"{made.pk} {token}")
        return made

    return answer_form(
        request,
        form,
        do=do,
        then=lambda made: reverse("district:wall_made", args=[made.pk]),
        said="",
        cancel_url=reverse("district:walls"),
        title=_("New wall screen"),
        text=_(
            "The screen gets an address of its own. It needs no login, shows figures without names, and can be ended."
        ),
        button_text=_("Make the address"),
        crumbs=[*_crumbs(), (_("New wall screen"), "")],
    )


@shown_to_offices
def shown_once(request: HttpRequest, wall: UUID) -> HttpResponse:
    """Show the address that was just made; afterwards nobody can see it again."""
    row = queries.find_wall(actor=actor_of(request), wall=wall)
    named, _space, token = take_sealed(request, SHOWN_ONCE).partition(" ")
    if named != str(row.pk):
        return HttpResponseRedirect(reverse("district:walls"))
    request.session.pop(SHOWN_ONCE)
    address = request.build_absolute_uri(reverse("district:wall_hung", args=[token]))
    context = {"wall": row, "address": address, "crumbs": [*_crumbs(), (row.name, "")]}
    return render(request, "district/wall_made.html", context)


@form_for_offices
def end(request: HttpRequest, wall: UUID) -> HttpResponse:
    """Let a screen's address lead nowhere."""
    actor = actor_of(request)
    row = queries.find_wall(actor=actor, wall=wall)
    return answer_question(
        request,
        KeyForm(request.POST or None),
        do=lambda values: commands.end_wall(actor=actor, wall=row.pk, at=now(), key=values["key"]),
        back=reverse("district:walls"),
        said=_("The screen's address leads nowhere any more."),
        question=_("End the address of “%(name)s”?") % {"name": row.name},
        consequences=[
            _("Within half a minute the screen shows nothing new and says so."),
            _("To hang it up again, make a new address."),
        ],
        button_text=_("End the address"),
        danger=True,
        crumbs=[*_crumbs(), (row.name, "")],
    )


def _crumbs() -> list[tuple[Any, str]]:
    return [(_("Overview"), reverse("district:overview")), (_("Wall screens"), reverse("district:walls"))]
