"""The wall screen: eight figures, a map of open doors, today's acts; for an office, or by the address of a screen.

The page asks for its part again every half minute. An office's own page does so without keeping its login alive; a
screen that hangs has an address of its own, which needs no login. A city's shows `wall_of_districts` instead.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import cos, radians
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lianxin.domain.places.models import Division, Level, Venue
from lianxin.domain.places.queries.divisions import list_divisions
from lianxin.domain.places.queries.opening import opening_states
from lianxin.domain.places.queries.venues import WORKING, list_venues
from lianxin.domain.reporting.queries.feeds import is_upper
from lianxin.domain.reporting.queries.walls import WallView, open_wall
from lianxin.domain.voice.models import ReceptionSeries
from lianxin.faces.district import wall_of_districts
from lianxin.faces.district.figure_links import figure_url
from lianxin.faces.district.gate import shown_to_offices
from lianxin.faces.district.places_in_scope import subdistricts_of
from lianxin.faces.district.wall_of_districts import Number
from lianxin.faces.kit.dates import time_words
from lianxin.faces.kit.outline import outline_for, read_outline
from lianxin.insight import wall as figures
from lianxin.insight.areas import MINE, Area
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import LOCAL, local_day, now

EVERY_SECONDS = 30
# After so long without an answer the screen says since when it stands still.
STALE_SECONDS = 95
WIDE, HIGH = 1000, 1000


@dataclass(frozen=True, slots=True)
class Dot:
    """A venue on the map."""

    x: int
    y: int
    is_open: bool


@shown_to_offices
def show(request: HttpRequest) -> HttpResponse:
    """Show the wall screen to an office."""
    context = _read_for_office(request)
    return _page(request, context, part_url=reverse("district:wall_part"))


@shown_to_offices
def part(request: HttpRequest) -> HttpResponse:
    """Give an office what changes on its wall screen."""
    if not getattr(request, "htmx", False):
        return HttpResponseRedirect(reverse("district:wall"))
    context = _read_for_office(request)
    return render(request, context["part_template"], context)


@never_cache
@require_safe
def hung(request: HttpRequest, token: str) -> HttpResponse:
    """Show the wall screen to whoever has the address of one that hangs."""
    view = open_wall(token=token, at=now())
    context = _read_hung(view)
    return _page(request, context, part_url=reverse("district:wall_hung_part", args=[token]))


@never_cache
@require_safe
def hung_part(request: HttpRequest, token: str) -> HttpResponse:
    """Give what changes on a wall screen that hangs."""
    if not getattr(request, "htmx", False):
        return HttpResponseRedirect(reverse("district:wall_hung", args=[token]))
    view = open_wall(token=token, at=now())
    context = _read_hung(view)
    return render(request, context["part_template"], context)


def _read_for_office(request: HttpRequest) -> dict[str, Any]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if is_upper():
        return wall_of_districts.read(district=None, at=now(), leads=True)
    return _read(actor.communities, leads=True)


def _read_hung(view: WallView) -> dict[str, Any]:
    if is_upper():
        return wall_of_districts.read(district=view.wall.subdistrict_id, at=now(), leads=False)
    return _read(view.communities, leads=False)


def _page(request: HttpRequest, context: dict[str, Any], *, part_url: str) -> HttpResponse:
    context |= {"part_url": part_url, "every": EVERY_SECONDS, "stale": STALE_SECONDS}
    response = render(request, "district/wall.html", context)
    # The address is the key of the screen: it is told to nobody.
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _read(allowed: Collection[UUID] | None, *, leads: bool) -> dict[str, Any]:
    at = now()
    today = local_day(at)
    with scope.within(allowed):
        divisions = list(list_divisions(level=Level.COMMUNITY).select_related("parent__parent"))
        communities = {one.pk: one for one in divisions if allowed is None or one.pk in allowed}
        venues = [venue for venue in list_venues() if venue.state in WORKING and venue.community_id in communities]
        states = opening_states(venues, at=at)
        area = Area(MINE, None, "", "", None if allowed is None else frozenset(communities))
        year = figures.read_year(on=today, area=area)
        acts = figures.read_acts(at=at)
    is_open = {venue.pk: states[venue.pk].is_open for venue in venues}
    outline, dots = _map(venues, is_open, communities.values())
    return {
        "at": at,
        "today": today,
        "area": _name(allowed, communities.values()),
        "numbers": _numbers(year, acts, is_open, today, leads),
        "outline": outline,
        "dots": dots,
        "size": (WIDE, HIGH),
        "acts": [_words(act, communities[act.community]) for act in acts.acts if act.community in communities],
        "part_template": "district/wall_part.html",
        "assets": "|".join(static(name) for name in ("district/wall.css", "district/wall.js")),
    }


def _name(allowed: Collection[UUID] | None, communities: Collection[Division]) -> str:
    if allowed is None:
        above = next((one.parent.parent for one in communities if one.parent), None)
        return above.short_name if above else _("The whole district")
    names = [name for _pk, name in subdistricts_of(communities)[1:]]
    return _(", ").join(names)


def _numbers(
    year: Mapping[str, int], acts: figures.Acts, is_open: Mapping[UUID, bool], today: date, leads: bool
) -> list[Number]:
    def link(name: str, period: str) -> str:
        return figure_url(name, period=period) if leads else ""

    labels = {
        "occurrences_held": _("Activities held this year"),
        "person_times": _("Person-times this year"),
        "volunteer_person_times": _("Volunteers' person-times this year"),
        "answers_given": _("Needs answered this year"),
        "cases_confirmed": _("Cases solved this year"),
    }
    return [
        Number(
            _("Doors open now"),
            sum(is_open.values()),
            len(is_open),
            f"{reverse('district:map')}?open=yes" if leads else "",
        ),
        Number(_("Activities today"), acts.activities, None, reverse("district:overview") if leads else ""),
        Number(
            _("Person-times today"),
            acts.person_times if leads else acts.people_told,
            None,
            link(figures.TODAY_FLOW, today.isoformat()),
        ),
        *(Number(labels[one], year[one], None, link(one, str(today.year))) for one in figures.YEAR_FLOWS),
    ]


def _words(act: figures.Act, community: Division) -> str:
    place = f"{community.parent.short_name} {community.short_name}" if community.parent else community.short_name
    time = time_words(act.at.astimezone(LOCAL).time())
    if act.kind == figures.RECEPTION:
        kind = ReceptionSeries.Kind(act.category).label
        return _("%(place)s · %(kind)s") % {"place": place, "kind": kind}
    said = {"place": place, "what": act.category, "time": time, "n": act.people}
    if act.kind == figures.COMING:
        return _("%(place)s · %(what)s at %(time)s") % said
    if act.kind == figures.RUNNING:
        if act.people:
            return _("%(place)s · %(what)s is on, %(n)d have come") % said
        return _("%(place)s · %(what)s is on") % said
    if act.kind == figures.OVER and not act.people:
        return _("%(place)s · %(what)s has ended") % said
    return _("%(place)s · %(what)s, %(n)d came") % said if act.people else _("%(place)s · %(what)s was held") % said


def _map(
    venues: Collection[Venue], is_open: Mapping[UUID, bool], communities: Collection[Division]
) -> tuple[tuple[str, ...], list[Dot]]:
    """Draw the outline and the venues into a square; the open ones are drawn last, so that they lie above."""
    placed = [venue for venue in venues if venue.lat is not None and venue.lng is not None]
    found = outline_for(one.code for one in list(communities)[:1])
    rings = _rings() if found is not None else ()
    points = [point for ring in rings for point in ring] or [(float(v.lng or 0), float(v.lat or 0)) for v in placed]
    if not points:
        return (), []
    place = _scale(points)
    paths = tuple("M" + "L".join(f"{x},{y}" for x, y in (place(*point) for point in ring)) + "Z" for ring in rings)
    dots = []
    for venue in placed:
        x, y = place(float(venue.lng or 0), float(venue.lat or 0))
        dots.append(Dot(x, y, is_open[venue.pk]))
    return paths, sorted(dots, key=lambda dot: dot.is_open)


def _scale(points: list[tuple[float, float]]) -> Callable[[float, float], tuple[int, int]]:
    """Give what turns a position into a point of the drawing, with the same scale both ways."""
    west, east = min(lng for lng, _lat in points), max(lng for lng, _lat in points)
    south, north = min(lat for _lng, lat in points), max(lat for _lng, lat in points)
    narrow = cos(radians((south + north) / 2))
    span = max((east - west) * narrow, north - south) or 1.0
    edge = 0.04
    scale = WIDE * (1 - 2 * edge) / span
    left = (WIDE - (east - west) * narrow * scale) / 2
    top = (HIGH - (north - south) * scale) / 2

    def place(lng: float, lat: float) -> tuple[int, int]:
        return round(left + (lng - west) * narrow * scale), round(top + (north - lat) * scale)

    return place


@lru_cache(maxsize=1)
def _rings() -> tuple[tuple[tuple[float, float], ...], ...]:
    """Give the outer rings of the outline."""
    found = read_outline(settings.DATA_DIR) or {"features": []}
    rings = []
    for feature in found["features"]:
        shape = feature["geometry"]
        polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
        if shape["type"] in ("Polygon", "MultiPolygon"):
            rings += [tuple((point[0], point[1]) for point in polygon[0]) for polygon in polygons]
    return tuple(rings)
