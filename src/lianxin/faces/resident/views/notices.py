"""Public notices: what a community shows for some days, and saying what is not right about it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.domain.places.queries.divisions import find_division
from lianxin.domain.points.commands.objections import raise_objection
from lianxin.domain.points.models import Notice
from lianxin.domain.points.queries.honour_rolls import verify_roll
from lianxin.domain.points.queries.notices import (
    NoticePage,
    ShownAward,
    find_notice,
    list_notices,
    list_own_objections,
)
from lianxin.domain.points.queries.public_take_overs import ShownTakeOver, shown_take_over
from lianxin.domain.points.queries.seals import find_seal
from lianxin.faces.kit.forms import add_problem
from lianxin.faces.resident.homes import maybe_at_home
from lianxin.faces.resident.points_forms import CodeForm, ObjectionForm
from lianxin.faces.resident.standing import linked_only, standing
from lianxin.faces.resident.views.me import my_crumbs
from lianxin.faces.resident.views.public import page
from lianxin.platform.clock import local_day, now
from lianxin.platform.errors import Missing, NotAllowed, Problem

A_PAGE = 40
EVERY_AWARD = 5_000


@require_safe
def browse(request: HttpRequest, community: UUID) -> HttpResponse:
    """List what is on show now, or also what was."""
    on = local_day(now())
    division = find_division(community)
    with_ended = request.GET.get("all") == "on"
    context = {
        "community": division,
        "notices": [
            (card, str(Notice.Kind(card.kind).label), card.days_left(on))
            for card in list_notices(community=community, on=on, with_ended=with_ended)
        ],
        "with_ended": with_ended,
        "crumbs": _crumbs(division, (_("Public notices"), "")),
    }
    return page(request, "resident/points/notices.html", context)


@require_safe
def show(request: HttpRequest, community: UUID, notice: UUID) -> HttpResponse:
    """Show a notice with its awards, whose they are only masked."""
    at = now()
    on = local_day(at)
    division = find_division(community)
    found = find_notice(community=community, notice=notice, on=on, after=_place(request), limit=A_PAGE)
    mine = maybe_at_home(request, at=at)
    context = {
        "community": division,
        "found": found,
        "kind": str(Notice.Kind(found.card.kind).label),
        "days_left": found.card.days_left(on),
        "papers": _papers(request, found, community=community, on=on),
        "subject_url": _subject_url(found, community),
        "may_object": mine is not None and mine.home.community == community,
        "is_visitor": mine is None,
        "crumbs": _crumbs(division, (_("Public notices"), _list_url(community)), (found.card.title, "")),
    }
    return page(request, "resident/points/notice.html", context)


@linked_only
@require_http_methods(["GET", "HEAD", "POST"])
def objection(request: HttpRequest, community: UUID, notice: UUID) -> HttpResponse:
    """Say what is not right about a notice, or about one award on it."""
    at = now()
    on = local_day(at)
    division = find_division(community)
    who = standing(request, at=at)
    found = find_notice(community=community, notice=notice, on=on, limit=EVERY_AWARD)
    wanted = request.POST.get("claim") or request.GET.get("claim") or ""
    award = _award(found, wanted)
    form = ObjectionForm(request.POST or None, initial={"claim": award.claim if award else None})
    if request.method == "POST" and form.is_valid():
        try:
            raise_objection(
                actor=who.actor,
                notice=notice,
                claim=award.claim if award else None,
                text=form.cleaned_data["text"],
                at=at,
                key=form.cleaned_data["key"],
            )
        except (Missing, NotAllowed):
            raise
        except Problem as problem:
            add_problem(form, problem)
        else:
            messages.success(request, _("Thank you. You will be answered within five working days."))
            return HttpResponseRedirect(reverse("resident:objections"))
    back = reverse("resident:notice", args=[community, notice])
    context = {
        "form": form,
        "found": found,
        "award": award,
        "is_on_show": found.card.days_left(on) > 0,
        "back": back,
        "crumbs": _crumbs(division, (found.card.title, back), (_("Raise an objection"), "")),
    }
    return render(request, "resident/points/objection.html", context, status=422 if form.errors else 200)


@linked_only
@require_safe
def own_objections(request: HttpRequest) -> HttpResponse:
    """List what I objected to and how it was answered."""
    who = standing(request, at=now())
    tones = {"open": "due", "upheld": "done", "rejected": "quiet"}
    words = {"open": _("is looked into"), "upheld": _("you were right"), "rejected": _("stays as it is")}
    context = {
        "objections": [(one, words[one.state], tones[one.state]) for one in list_own_objections(actor=who.actor)],
        "crumbs": my_crumbs(_("My objections")),
    }
    return render(request, "resident/points/objections.html", context)


@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """Look up the code that a notice, a receipt or an honour roll bears."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    seal = roll = None
    if form.is_valid():
        seal = find_seal(form.cleaned_data["code"])
        roll = None if seal else verify_roll(form.cleaned_data["code"])
    context = {
        "form": form,
        "seal": seal,
        "roll": roll,
        "is_unknown": form.is_valid() and seal is None and roll is None,
        "crumbs": [(_("Home"), reverse("resident:home")), (_("Check a code"), "")],
    }
    return page(request, "resident/points/check.html", context)


def _crumbs(division: Any, *more: tuple[Any, str]) -> list[tuple[Any, str]]:
    return [(division.short_name, reverse("resident:community", args=[division.pk])), *more]


def _list_url(community: UUID) -> str:
    return reverse("resident:notices", args=[community])


def _place(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.GET.get("after", ""))
    except ValueError:
        return None


def _award(found: NoticePage, wanted: str) -> ShownAward | None:
    """Find the award that an objection is about; raises Missing for one that the notice does not show."""
    if not wanted:
        return None
    for line in found.lines:
        if str(line.claim) == wanted:
            return line
    raise Missing


def _papers(request: HttpRequest, found: NoticePage, *, community: UUID, on: date) -> ShownTakeOver | None:
    if found.card.kind != Notice.Kind.TAKE_OVER or found.card.subject is None:
        return None
    return shown_take_over(
        community=community, take_over=found.card.subject, on=on, after=request.GET.get("after", ""), limit=A_PAGE
    )


def _subject_url(found: NoticePage, community: UUID) -> str:
    """Give the page of the rules or the honour roll that a notice shows."""
    pages = {Notice.Kind.RULES: "resident:rules_version", Notice.Kind.HONOURS: "resident:honour_roll"}
    if found.card.kind not in pages or found.card.subject is None:
        return ""
    return reverse(pages[Notice.Kind(found.card.kind)], args=[community, found.card.subject])
