"""Signing up: one form, and the ticket as the answer to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lianxin.domain.activities.commands.sign_ups import sign_up
from lianxin.domain.activities.models import Occurrence, SignUp
from lianxin.domain.activities.queries.public import (
    Choice,
    list_choices,
    next_change,
    window_of,
)
from lianxin.domain.activities.queries.tickets import tickets_of
from lianxin.faces.kit.forms import add_problem
from lianxin.faces.resident import page_cache
from lianxin.faces.resident.activity_words import STATES, fullness, span_words
from lianxin.faces.resident.community import actor_of
from lianxin.faces.resident.kept_dates import KeptDate, known, standing_lately
from lianxin.faces.resident.sign_up_forms import FamilyForm, GuestForm
from lianxin.faces.resident.views.tickets import show_tickets
from lianxin.platform.clock import now
from lianxin.platform.errors import Missing, NotAllowed, Problem
from lianxin.platform.ids import new_id

TEMPLATE = "resident/activities/sign_up.html"


@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, occurrence: UUID) -> HttpResponse:
    """Ask who comes, and answer with the ticket; without JavaScript, without a second page."""
    at = now()
    standing = standing_lately(occurrence, at=at)
    if standing is None:
        raise Missing
    date = known(occurrence, standing.edition)
    if request.method == "POST":
        return _take(request, date, at=at)
    if not page_cache.may_keep(request) or request.GET:
        return _ask(request, date, at=at)
    return page_cache.answer(
        request,
        edition=standing.edition,
        at=at,
        until=next_change(date.row, at=at),
        make=lambda: render_to_string(TEMPLATE, _kept(date, at=at), request=request),
        put_in={"token": lambda: get_token(request), "key": lambda: str(new_id())},
    )


def _kept(date: KeptDate, *, at: datetime) -> dict[str, Any]:
    """Give a form whose key and token are put in for each visitor."""
    blank = GuestForm(limits=date.limits, questions=date.questions)
    blank.initial["key"] = page_cache.hole("key")
    return _context(date.row, blank, (), at=at) | {"token_hole": page_cache.hole("token")}


def _ask(request: HttpRequest, date: KeptDate, *, at: datetime) -> HttpResponse:
    choices, blank = _form_for(request, date, at=at)
    response = render(request, TEMPLATE, _context(date.row, blank, choices, at=at))
    patch_cache_control(response, private=True, no_store=True)
    return response


def _take(request: HttpRequest, date: KeptDate, *, at: datetime) -> HttpResponse:
    choices, sent = _form_for(request, date, at=at)
    if sent.is_valid():
        actor = actor_of(request).visiting(date.row.community_id)
        try:
            made = sign_up(
                actor=actor, occurrence=date.row.pk, people=sent.people(), at=at, key=sent.cleaned_data["key"]
            )
        except (Missing, NotAllowed):
            raise
        except Problem as problem:
            add_problem(sent, problem)
        else:
            names = {choice.person: choice.name for choice in choices}
            limits = {limit.pk: limit.name for limit in date.limits}
            tickets = tickets_of(made, place=date.row, names=names, limits=limits)
            return show_tickets(request, tickets, is_new=True)
    response = render(request, TEMPLATE, _context(date.row, sent, choices, at=at), status=422)
    patch_cache_control(response, private=True, no_store=True)
    return response


def _form_for(request: HttpRequest, date: KeptDate, *, at: datetime) -> tuple[Sequence[Choice], GuestForm | FamilyForm]:
    """Give the form of a resident with the family, or of a guest."""
    asks: dict[str, Any] = {"limits": date.limits, "questions": date.questions}
    actor = actor_of(request)
    if actor.person is not None and request.GET.get("as") != "guest":
        choices = list_choices(actor=actor, occurrence=date.row.pk, at=at)
        if choices:
            return choices, FamilyForm(request.POST or None, choices=choices, **asks)
    return (), GuestForm(request.POST or None, **asks)


def _context(
    row: Occurrence, form: GuestForm | FamilyForm, choices: Sequence[Choice], *, at: datetime
) -> dict[str, Any]:
    title = row.title or row.activity.title
    full = fullness(row, window_of(row), taken=row.taken, waiting=row.waiting, at=at)
    here = reverse("resident:activity", args=[row.pk])
    return {
        "place": row,
        "title": title,
        "span": span_words(row.starts_at, row.ends_at),
        "form": form,
        "is_family": isinstance(form, FamilyForm),
        "already": [(choice, STATES[SignUp.State(choice.state)]) for choice in choices if choice.state],
        "all_signed_up": bool(choices) and all(choice.state for choice in choices),
        "is_closed": not full.button,
        "full": full,
        "restricted": row.activity.open_to != "everybody",
        "household_most": row.household_most,
        "crumbs": [(_("Activities"), reverse("resident:activities")), (title, here), (_("Sign up"), "")],
    }
