"""What is on: the list with its filters, one date of an activity, and the proof of a draw."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianxin.domain.activities.models import Occurrence, SignUp
from lianxin.domain.activities.queries.occurrences import (
    Filter,
    OccurrenceLine,
    find_public,
    list_public,
)
from lianxin.domain.activities.queries.public import (
    Standing,
    list_choices,
    next_change,
    read_standing,
    window_of,
)
from lianxin.domain.activities.queries.publicity import told_of
from lianxin.domain.activities.queries.sign_ups import list_draw
from lianxin.domain.activities.rules import draws
from lianxin.domain.activities.rules.eligibility import Window
from lianxin.domain.activities.rules.publicity import event_json
from lianxin.domain.places.queries.divisions import find_division
from lianxin.domain.places.queries.services import list_categories
from lianxin.faces.resident import page_cache
from lianxin.faces.resident.activity_words import STATES, TONES, fullness, span_words
from lianxin.faces.resident.community import actor_of, chosen_community
from lianxin.faces.resident.kept_dates import known
from lianxin.faces.resident.views.public import page
from lianxin.platform.clock import local_day, now
from lianxin.platform.errors import Missing

A_PAGE = 20
OTHER_DATES = 4
WHENS = ("today", "week", "weekend")


@require_safe
def browse(request: HttpRequest) -> HttpResponse:
    """List what is on: in the chosen community or in the whole district, on some days, of a kind, with words."""
    at = now()
    community = _community(request)
    everywhere = community is None or request.GET.get("where") == "all"
    when = request.GET.get("when", "")
    category = request.GET.get("category", "")[:3]
    query = request.GET.get("q", "").strip()[:50]
    from_on, until_on = _days(when, local_day(at))
    found = list_public(
        which=Filter(
            community=None if everywhere or community is None else community.pk,
            category=category,
            from_on=from_on,
            until_on=until_on,
            text=query,
        ),
        after=request.GET.get("after", "")[:80],
        limit=A_PAGE,
    )
    rows = [row for row in found.rows if row.ends_at > at]
    context = {
        "community": community,
        "everywhere": everywhere,
        "when": when if when in WHENS else "",
        "category": category,
        "query": query,
        "days": _by_day(rows, at=at),
        "count": len(rows),
        "after": found.after,
        "kinds": [(kind.code, kind.name) for kind in list_categories()],
        "places": _tabs(request, community is not None, everywhere=everywhere),
        "whens": [
            (label, _address(request, when=name), (when if when in WHENS else "") == name, "")
            for name, label in (
                ("", _("All days")),
                ("today", _("Today")),
                ("week", _("This week")),
                ("weekend", _("Weekend")),
            )
        ],
        "more_url": _address(request, after=found.after) if found.after else "",
        "is_narrowed": bool(category or query or when in WHENS),
    }
    return page(request, "resident/activities/list.html", context)


@require_safe
def show(request: HttpRequest, occurrence: UUID) -> HttpResponse:
    """Show one date: for visitors from the kept page, for residents with how they and their family stand there."""
    at = now()
    standing = read_standing(occurrence=occurrence)
    if standing is None:
        raise Missing
    if not page_cache.may_keep(request):
        return _own_page(request, occurrence, standing, at=at)
    row = known(occurrence, standing.edition).row
    return page_cache.answer(
        request,
        edition=standing.edition,
        at=at,
        until=next_change(row, at=at),
        make=lambda: render_to_string(
            "resident/activities/activity.html",
            _context(row, at=at) | {"places_html": mark_safe(page_cache.hole("places"))},  # noqa: S308 - our own
            request=request,
        ),
        put_in={"places": lambda: _places(row, standing, at=at)},
        packed_for=(standing.taken, standing.waiting),
    )


@require_safe
def draw(request: HttpRequest, occurrence: UUID) -> HttpResponse:
    """Show what anybody needs to check a draw: the promise, the seed, and the order that follows from it."""
    row = find_public(occurrence=occurrence)
    digest, seed, parties = list_draw(occurrence=occurrence)
    ranked = []
    if seed:
        ranked = sorted(
            (draws.rank(seed, pk), str(pk), size, STATES[state], TONES[SignUp.State(state)])
            for pk, size, state in parties
        )
    context = {
        "place": row,
        "title": row.title or row.activity.title,
        "digest": digest,
        "seed": seed,
        "keeps_promise": bool(seed) and draws.is_the_promised(seed, digest),
        "ranked": ranked,
        "crumbs": [
            (_("Activities"), reverse("resident:activities")),
            (row.title or row.activity.title, reverse("resident:activity", args=[occurrence])),
            (_("The draw"), ""),
        ],
    }
    return page(request, "resident/activities/draw.html", context)


def _places(row: Occurrence, standing: Standing, *, at: datetime) -> str:
    full = fullness(row, window_of(row), taken=standing.taken, waiting=standing.waiting, at=at)
    return render_to_string("resident/activities/places_left.html", {"place": row, "full": full})


def _own_page(request: HttpRequest, occurrence: UUID, standing: Standing, *, at: datetime) -> HttpResponse:
    row = known(occurrence, standing.edition).row
    mine = [choice for choice in list_choices(actor=actor_of(request), occurrence=occurrence, at=at) if choice.state]
    context = _context(row, at=at) | {
        "places_html": _places(row, standing, at=at),
        "mine": [(choice, STATES[choice.state], TONES[SignUp.State(choice.state)]) for choice in mine],
    }
    return page(request, "resident/activities/activity.html", context)


def _context(row: Occurrence, *, at: datetime) -> dict[str, Any]:
    activity = row.activity
    title = row.title or activity.title
    told = told_of(row, base_url=settings.BASE_URL)
    others = list_public(which=Filter(activity=activity.pk, from_on=local_day(at)), limit=OTHER_DATES + 1)
    return {
        "place": row,
        "activity": activity,
        "title": title,
        "span": span_words(row.starts_at, row.ends_at),
        "told": told,
        "room": row.room.name if row.room and not row.room.confidential else "",
        "limits": list(row.limits.all()),
        "json": event_json(told),
        "others": [line for line in others.rows if line.id != row.pk][:OTHER_DATES],
        "crumbs": [(_("Activities"), reverse("resident:activities")), (title, "")],
    }


def _community(request: HttpRequest) -> Any:
    chosen = chosen_community(request)
    if chosen is None:
        return None
    try:
        return find_division(chosen)
    except Missing:
        return None


def _days(when: str, today: date) -> tuple[date, date | None]:
    if when == "today":
        return today, today + timedelta(days=1)
    if when == "week":
        return today, today + timedelta(days=7 - today.weekday())
    if when == "weekend":
        saturday = today + timedelta(days=max(5 - today.weekday(), 0))
        return saturday, today + timedelta(days=7 - today.weekday())
    return today, None


def _by_day(rows: list[OccurrenceLine], *, at: datetime) -> list[tuple[date, list[tuple[OccurrenceLine, Any]]]]:
    days: dict[date, list[tuple[OccurrenceLine, Any]]] = {}
    for row in rows:
        window = Window(row.sign_up_from, row.sign_up_until, row.starts_at, row.ends_at)
        full = fullness(row, window, taken=row.taken, waiting=row.waiting, at=at)
        days.setdefault(local_day(row.starts_at), []).append((row, full))
    return list(days.items())


def _tabs(request: HttpRequest, has_community: bool, *, everywhere: bool) -> list[tuple[Any, str, bool, str]]:
    if not has_community:
        return []
    return [
        (_("My community"), _address(request, where=""), not everywhere, ""),
        (_("Whole district"), _address(request, where="all"), everywhere, ""),
    ]


def _address(request: HttpRequest, **change: str) -> str:
    """Give this list with some of its filters changed; another filter begins at the first page."""
    query = request.GET.copy()
    query.pop("after", None)
    for name, value in change.items():
        query[name] = value
        if not value:
            del query[name]
    return f"{request.path}?{query.urlencode()}" if query else request.path
