"""Divisions of a city or province, found by name or code, and the files by which its districts hand figures up."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.domain.places.models import Division, Level
from lianxin.domain.places.queries.divisions import find_division, list_divisions, list_names
from lianxin.domain.reporting.queries.feeds import feed_of, find_divisions, is_late, list_feeds, list_last_files
from lianxin.domain.reporting.rules.feed_keys import fingerprint
from lianxin.faces.district.gate import shown_to_offices
from lianxin.platform.clock import local_day, now

LIMIT = 50


@shown_to_offices
def find(request: HttpRequest) -> HttpResponse:
    """Find divisions by a part of their name or the beginning of their code."""
    asked = request.GET.get("q", "").strip()[:60]
    found = find_divisions(asked, limit=LIMIT + 1)
    if len(found) == 1:
        return HttpResponseRedirect(reverse("district:division", args=[found[0].pk]))
    return render(
        request,
        "district/upper_divisions.html",
        {
            "asked": asked,
            "rows": [(row, Level(row.level).label, _place(row)) for row in found[:LIMIT]],
            "more": len(found) > LIMIT,
            "crumbs": [(_("Overview"), reverse("district:overview")), (_("Divisions"), "")],
        },
    )


def _place(row: Division) -> str:
    near = row.parent
    far = near.parent if near else None
    return " · ".join(one.short_name for one in (far, near) if one)


@shown_to_offices
def division(request: HttpRequest, division: UUID) -> HttpResponse:
    """Show one division with its names, what lies in it, and its figures."""
    row = find_division(division)
    below: list = []
    if row.level != Level.COMMUNITY:
        levels = list(Level.values)
        for level in levels[levels.index(row.level) + 1 :]:
            below = list(list_divisions(level=level, parent=row.pk))
            if below:
                break
    feed = feed_of(row)
    return render(
        request,
        "district/upper_division.html",
        {
            "division": row,
            "level": Level(row.level).label,
            "names": list_names(row.pk),
            "below": below,
            "feed": feed,
            "late": feed is not None and is_late(feed, on=local_day(now())),
            "figures_url": f"{reverse('district:figures')}?place={row.pk}",
            "crumbs": [
                (_("Overview"), reverse("district:overview")),
                (_("Divisions"), reverse("district:divisions")),
                (row.official_name, ""),
            ],
        },
    )


@shown_to_offices
def feeds(request: HttpRequest) -> HttpResponse:
    """Show which districts hand figures up, how far they are held, and the last files."""
    today = local_day(now())
    return render(
        request,
        "district/upper_feeds.html",
        {
            "rows": [(feed, fingerprint(feed.public_key), is_late(feed, on=today)) for feed in list_feeds()],
            "files": list_last_files(limit=LIMIT),
            "crumbs": [(_("Overview"), reverse("district:overview")), (_("Files of districts"), "")],
        },
    )
