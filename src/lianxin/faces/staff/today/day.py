"""The page an office begins its day with."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.domain.people import policy as people_policy
from lianxin.domain.people.rules import roles
from lianxin.domain.places import policy as places_policy
from lianxin.domain.places.commands.opening import lock_venue, open_venue
from lianxin.domain.places.queries import divisions, office, opening, services
from lianxin.faces.kit.acting import actor_of, key_of, press
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.navigation import url_or_none
from lianxin.platform import audit_log, clock, duties, runs
from lianxin.platform.actors import Actor
from lianxin.platform.ids import new_id
from lianxin.platform.models import Duty

from ..access import pressing, reading
from . import lanes
from .words import DONE

MOST_DOORS = 6
MOST_DOORKEEPERS = 3
MOST_COMMUNITIES = 30
DESKS = {
    "system_admin": "staff:jobs",
    "security_admin": "staff:roster",
    "audit_admin": "staff:audit",
}


def own_desk(actor: Actor) -> str:
    """Give where somebody's day begins who has another desk than Today, or an empty text."""
    if actor.role in DESKS:
        return url_or_none(DESKS[actor.role]) or ""
    if actor.holds("host") and not actor.holds(*roles.STAFF) and len(actor.venues) == 1:
        return url_or_none("staff:door", venue=next(iter(actor.venues))) or ""
    if actor.holds("merchant") and not actor.holds(*roles.STAFF, "host"):
        return url_or_none("staff:shop_merchant") or ""
    return ""


def _doors(actor: Actor, at: Any) -> tuple[list[dict[str, Any]], bool]:
    """Give the first venues whose door the actor may work, open or not, and whether there are more."""
    if actor.communities is None or not actor.holds(*roles.STAFF, "host"):
        return [], False
    if len(actor.communities) > MOST_DOORKEEPERS:
        return [], False
    found = list(office.list_office_venues(actor=actor, state="open")[: MOST_DOORS + 1])
    mine = [venue for venue in found[:MOST_DOORS] if places_policy.may_log_at_venue(actor, venue)]
    states = opening.opening_states(mine, at=at) if mine else {}
    doors = [{"venue": venue, "state": states[venue.pk], "key": new_id()} for venue in mine]
    return doors, len(found) > MOST_DOORS


def _services(actor: Actor, at: Any) -> list[lanes.Line]:
    """Give what goes on today; a whole district's services are on its own page."""
    if actor.communities is None or not 0 < len(actor.communities) <= MOST_COMMUNITIES:
        return []
    rows = services.list_services_on(on=clock.local_day(at), communities=sorted(actor.communities))
    if not actor.holds(*roles.STAFF):
        rows = [(service, hours) for service, hours in rows if service.venue_id in actor.venues]
    return lanes.service_lines(rows, at=at)


@reading
def show(request: HttpRequest) -> HttpResponse:
    """Show the three lanes; administrators and hosts of one station are led to their own desk."""
    actor = actor_of(request)
    desk = own_desk(actor)
    if desk:
        return redirect(desk)
    at = clock.now()
    today = clock.local_day(at)
    mine = duties.list_for_today(actor=actor, until=clock.day_span(today)[1])
    doors, more_doors = _doors(actor, at)
    names = _names(actor, mine, doors)
    lines = [(duty, lanes.duty_line(duty, actor=actor, names=names, at=at)) for duty in mine]
    pressing_now = [line for duty, line in lines if lanes.is_pressing(duty, today=today)]
    for_me = [line for duty, line in lines if not lanes.is_pressing(duty, today=today)]
    arriving = _services(actor, at)
    return render(
        request,
        "staff/today/today.html",
        {
            "heading": _("Today, %(day)s") % {"day": spoken(today)},
            "day": today,
            "pressing": pressing_now[: lanes.SHOWN],
            "pressing_more": max(0, len(pressing_now) - lanes.SHOWN),
            "arriving": arriving[: lanes.SHOWN],
            "arriving_more": max(0, len(arriving) - lanes.SHOWN),
            "for_me": for_me[: lanes.SHOWN],
            "for_me_more": max(0, len(for_me) - lanes.SHOWN),
            "doors": doors,
            "more_doors": more_doors,
            "is_district": actor.communities is None,
            "overview_url": url_or_none("district:overview") if actor.holds("district_staff") else "",
            "shows_colleagues": actor.holds(*roles.STAFF),
            "waiting_url": _waiting_url(actor, alone=not for_me),
        },
    )


def _names(actor: Actor, mine: list[Duty], doors: list[dict[str, Any]]) -> dict[UUID, str]:
    """Give the names of the duties' communities, where somebody works for more than one."""
    if not mine or (actor.communities is not None and len(actor.communities) < 2):
        return {}
    if doors:
        return {door["venue"].community_id: door["venue"].community.short_name for door in doors}
    return divisions.names_of({duty.community_id for duty in mine if duty.community_id})


def _waiting_url(actor: Actor, *, alone: bool) -> str:
    """Give where the imports of the third lane come from; alone there, they also say when there is nothing at all."""
    if not people_policy.may_write_people(actor):
        return ""
    return reverse("staff:waiting") + ("?alone=1" if alone else "")


@reading
def waiting(request: HttpRequest) -> HttpResponse:
    """Give the imports that wait for my decision, for the third lane; without a script the list of imports."""
    actor = actor_of(request)
    people_policy.require(people_policy.may_write_people(actor))
    if not request.headers.get("HX-Request"):
        return redirect("staff:imports")
    lines = lanes.run_lines(runs.list_runs(actor=actor, limit=20))
    return render(request, "staff/today/waiting.html", {"lines": lines, "alone": "alone" in request.GET})


@reading
def colleagues(request: HttpRequest) -> HttpResponse:
    """Show what colleagues did today, with their names and no resident's."""
    actor = actor_of(request)
    people_policy.require(actor.holds(*roles.STAFF))
    today = clock.local_day(clock.now())
    rows = audit_log.list_done_today(actor=actor, on=today, actions=DONE)
    entries = [
        {
            "at": row.last_at,
            "who": row.actor_name,
            "what": DONE[row.action],
        }
        for row in rows
    ]
    is_part = bool(request.headers.get("HX-Request"))
    template = "staff/today/colleagues_part.html" if is_part else "staff/today/colleagues.html"
    crumbs = [(_("Today"), reverse("staff:today")), (_("What colleagues did today"), "")]
    return render(request, template, {"entries": entries, "crumbs": crumbs})


@pressing
def door(request: HttpRequest, venue: UUID) -> HttpResponse:
    """Open or lock a door with one tap, and come back."""
    actor = actor_of(request)
    found = office.find_office_venue(actor=actor, venue=venue)
    opens = request.POST.get("do") != "lock"
    act = open_venue if opens else lock_venue
    said = _("%(venue)s is open.") if opens else _("%(venue)s is locked.")
    return press(
        request,
        do=lambda: act(actor=actor, venue=found.pk, at=clock.now(), key=key_of(request)),
        back=reverse("staff:today"),
        said=said % {"venue": found.name},
    )
