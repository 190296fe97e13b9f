"""Helping: what is needed near home, one shift, and taking it; whether a certificate is true."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.domain.activities.commands.shift_places import take_shift
from lianxin.domain.activities.models import Shift
from lianxin.domain.activities.queries.certificates import check_certificate
from lianxin.domain.activities.queries.shifts import (
    ShiftRow,
    find_open,
    list_open,
    my_place_on,
    origin_of,
)
from lianxin.domain.activities.rules.codes import spaced
from lianxin.domain.activities.rules.hours import plain_hours
from lianxin.domain.places.queries.divisions import names_of
from lianxin.faces.kit.forms import add_problem
from lianxin.faces.resident.community import actor_of, chosen_community
from lianxin.faces.resident.standing import linked_only, own_standing
from lianxin.faces.resident.views.public import page
from lianxin.faces.resident.volunteering_forms import CodeForm, KeyForm
from lianxin.faces.resident.words import distance_said
from lianxin.platform.clock import now
from lianxin.platform.errors import Missing, NotAllowed, Problem

AHEAD = timedelta(days=60)
SHOWN = 40


def needed(row: ShiftRow) -> dict[str, Any]:
    """Word one shift for a list: when, where, how far, how many are wanted."""
    return {
        "row": row,
        "far": distance_said(round(row.metres)) if row.metres is not None else "",
        "is_missing": row.missing > 0,
    }


@require_safe
def browse(request: HttpRequest) -> HttpResponse:
    """List the shifts that want people: my community's first, then the nearest."""
    at = now()
    community = chosen_community(request)
    origin = origin_of(community=community) if community else None
    rows = list_open(at=at, until_at=at + AHEAD, community=community, near=origin)
    only_here = request.GET.get("where") != "all" and community is not None
    here = [row for row in rows if row.community == community]
    shown = here if only_here else rows
    base = reverse("resident:volunteering")
    context = {
        "wanted": [needed(row) for row in shown[:SHOWN]],
        "community_name": names_of([community]).get(community, "") if community else "",
        "only_here": only_here,
        "elsewhere": len(rows) - len(here),
        "tabs": [
            (_("My community"), base, only_here, len(here)),
            (_("Everywhere"), f"{base}?where=all", not only_here, len(rows)),
        ]
        if community
        else [],
        "is_linked": actor_of(request).person is not None,
        "crumbs": [(_("Home"), reverse("resident:home")), (_("Helping"), "")],
    }
    return page(request, "resident/volunteering/browse.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, shift: UUID) -> HttpResponse:
    """Show one shift, and take it with one button."""
    if request.method == "POST":
        return _take(request, shift=shift)
    return _page(request, find_open(shift=shift), KeyForm())


@linked_only
def _take(request: HttpRequest, *, shift: UUID) -> HttpResponse:
    row = find_open(shift=shift)
    form = KeyForm(request.POST)
    key = form.cleaned_data["key"] if form.is_valid() else None
    actor = own_standing(request).actor
    try:
        take_shift(actor=actor.visiting(row.community), shift=shift, at=now(), key=key)
    except (Missing, NotAllowed):
        raise
    except Problem as problem:
        add_problem(form, problem)
        return _page(request, find_open(shift=shift), form)
    messages.success(request, _("The shift is yours. Thank you for helping."))
    return HttpResponseRedirect(reverse("resident:my_volunteering"))


def _page(request: HttpRequest, row: ShiftRow, form: KeyForm) -> HttpResponse:
    at = now()
    person = actor_of(request).person
    mine = my_place_on(person=person, shift=row.id) if person else None
    is_open = row.state == Shift.State.OPEN and row.starts_at > at
    context = {
        **needed(row),
        "mine": mine,
        "is_open": is_open,
        "may_take": is_open and row.free > 0 and mine is None,
        "is_visitor": actor_of(request).is_anonymous,
        "is_off": row.state == Shift.State.CANCELLED,
        "form": form,
        "crumbs": [(_("Helping"), reverse("resident:volunteering")), (row.role, "")],
    }
    return page(request, "resident/volunteering/shift.html", context, status=422 if form.errors else 200)


@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """Tell anybody whether a certificate is true; the name is masked."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    found = check_certificate(form.cleaned_data["code"]) if form.is_valid() else None
    context = {
        "form": form,
        "found": found,
        "hours": plain_hours(found.minutes) if found else "",
        "hours_now": plain_hours(found.minutes_now) if found else "",
        "is_unknown": form.is_valid() and found is None,
        "typed": spaced(form.cleaned_data["code"].upper().replace(" ", "")) if form.is_valid() else "",
        "crumbs": [(_("Home"), reverse("resident:home")), (_("Check a certificate"), "")],
    }
    return page(request, "resident/volunteering/check.html", context)
