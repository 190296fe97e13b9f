"""What the three shells link to, as data: a link shows when its URL exists and the actor's role is meant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import pgettext_lazy as _

ADMINISTRATORS = frozenset({"system_admin", "security_admin", "audit_admin"})
FIRMS = frozenset({"merchant", "partner"})
HELPERS = frozenset({"host", "volunteer"})
NOT_OFFICE = ADMINISTRATORS | FIRMS | HELPERS
# The department looks at residents; who registers them are the communities and the subdistricts.
NOT_REGISTRY = NOT_OFFICE | {"district_staff"}
NOBODY_IN_PARTICULAR = frozenset({"resident", "anonymous"})


@dataclass(frozen=True)
class Item:
    """One link: URL name, icon, word; `not_for` are roles with nothing to do there, `only_for` those who have."""

    url_name: str
    icon: str
    label: Any
    not_for: frozenset[str] = frozenset()
    only_for: frozenset[str] = frozenset()
    # Lists that have no link of their own and stand under this one.
    also: tuple[str, ...] = ()
    # Pages that are offered in a second row while one of them is open; the first is usually this item's own.
    below: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Link:
    """An item resolved for one request."""

    url: str
    icon: str
    label: Any
    current: bool
    below: tuple[Link, ...] = ()


RESIDENT = (
    Item("resident:home", "home", _("navigation", "Home")),
    Item("resident:activities", "calendar-event", _("navigation", "Activities")),
    Item("resident:places", "map-pin", _("navigation", "Nearby")),
    Item("resident:services", "heart-handshake", _("navigation", "Services")),
    Item("resident:me", "user", _("navigation", "Me")),
)
STAFF = (
    Item("staff:today", "calendar", _("navigation", "Today")),
    Item("staff:people", "users", _("navigation", "People"), not_for=NOT_OFFICE),
    Item(
        "staff:card_identify",
        "qrcode",
        _("navigation", "Identify a card"),
        only_for=frozenset({"volunteer", "host", "merchant"}),
    ),
    Item(
        "staff:cases",
        "scale",
        _("navigation", "Cases"),
        not_for=NOT_OFFICE,
        also=tuple(
            f"staff:{name}"
            for name in ("matters", "commitments", "receptions", "votes", "registers", "opinion_maps", "mediations")
        ),
    ),
    Item("staff:needs", "message", _("navigation", "Needs"), not_for=NOT_OFFICE),
    Item("staff:visits", "home-heart", _("navigation", "Visits"), not_for=NOT_REGISTRY),
    Item("staff:projects", "flag", _("navigation", "Projects"), not_for=NOT_OFFICE),
    Item(
        "staff:activities",
        "calendar-event",
        _("navigation", "Activities"),
        not_for=ADMINISTRATORS | FIRMS | {"volunteer"},
    ),
    Item(
        "staff:volunteers",
        "heart-handshake",
        _("navigation", "Volunteers"),
        not_for=ADMINISTRATORS | FIRMS | {"volunteer"},
    ),
    Item("staff:offers", "bulb", _("navigation", "Resources list"), not_for=NOT_OFFICE),
    Item(
        "staff:own_offers",
        "bulb",
        _("navigation", "What we offer"),
        only_for=frozenset({"partner", "merchant"}),
    ),
    Item("staff:sending", "heart-handshake", _("navigation", "Sending volunteers"), only_for=frozenset({"partner"})),
    Item("staff:rooms", "door", _("navigation", "Rooms"), not_for=ADMINISTRATORS | FIRMS | {"volunteer"}),
    Item("staff:points", "star", _("navigation", "Points"), not_for=ADMINISTRATORS | FIRMS),
    Item(
        "staff:shop",
        "building-store",
        _("navigation", "Service supermarket"),
        not_for=ADMINISTRATORS | FIRMS | {"volunteer"},
    ),
    Item("staff:shop_merchant", "building-store", _("navigation", "My vouchers"), only_for=frozenset({"merchant"})),
    Item("staff:places", "building-community", _("navigation", "Places"), not_for=ADMINISTRATORS | FIRMS),
    Item(
        "district:figures",
        "chart-bar",
        _("navigation", "Figures"),
        not_for=ADMINISTRATORS,
        only_for=frozenset({"community_staff"}),
    ),
    Item("staff:record_books", "file-text", _("navigation", "Registers"), not_for=NOT_OFFICE),
    Item(
        "district:briefings",
        "file-text",
        _("navigation", "Briefings"),
        not_for=NOT_OFFICE,
        only_for=frozenset({"community_staff"}),
    ),
    Item("staff:requests", "mail", _("navigation", "Asked of us"), not_for=NOT_OFFICE),
    Item("staff:imports", "file-import", _("navigation", "Imports"), not_for=NOT_OFFICE),
    Item("staff:settings", "settings", _("navigation", "Settings"), not_for=FIRMS | HELPERS),
)
STAFF_NEW = (
    Item("staff:case_new", "scale", _("navigation", "New case"), not_for=NOT_REGISTRY - HELPERS),
    Item("staff:voice_new", "message", _("navigation", "Need somebody voiced"), not_for=NOT_REGISTRY),
    Item("staff:activity_new", "calendar-event", _("navigation", "New activity"), not_for=NOT_REGISTRY),
    Item("staff:household_new", "home-heart", _("navigation", "New household"), not_for=NOT_REGISTRY),
    Item("staff:person_new", "user-plus", _("navigation", "New resident"), not_for=NOT_REGISTRY),
    Item("staff:organisation_new", "building", _("navigation", "New organisation"), not_for=NOT_OFFICE),
    Item("staff:venue_new", "map-pin", _("navigation", "New venue"), not_for=NOT_OFFICE),
    Item("staff:upgrade_new", "tool", _("navigation", "New upgrade"), not_for=NOT_OFFICE),
    Item("staff:import_new", "file-import", _("navigation", "New import"), not_for=NOT_OFFICE),
)
DISTRICT = (
    Item(
        "district:overview",
        "calendar",
        _("navigation", "Today"),
        below=(
            Item("district:overview", "calendar", _("navigation", "Today")),
            Item("district:standing", "list", _("navigation", "By subdistrict")),
            Item("district:help", "alert-triangle", _("navigation", "Where help is needed")),
            Item("district:wall", "chart-bar", _("navigation", "Wall screen")),
            Item("district:walls", "key", _("navigation", "Screens' addresses")),
        ),
    ),
    Item("district:figures", "chart-bar", _("navigation", "Figures")),
    Item(
        "district:pillars",
        "flag",
        _("navigation", "Work"),
        below=(
            Item("district:pillars", "flag", _("navigation", "Three pillars")),
            Item("district:activities", "calendar-event", _("navigation", "Activities")),
            Item("district:needs", "message", _("navigation", "Needs")),
            Item("district:resources", "bulb", _("navigation", "Resources")),
            Item("district:voice", "circle-check", _("navigation", "Cases")),
            Item("district:points", "star", _("navigation", "Points")),
        ),
    ),
    Item(
        "district:reach",
        "users",
        _("navigation", "Reach"),
        below=(
            Item("district:reach", "users", _("navigation", "Who is reached")),
            Item("district:fairness", "scale", _("navigation", "Fairness")),
            Item("district:pilots", "trending-up", _("navigation", "Pilots")),
            Item("district:programmes", "flag", _("navigation", "Programmes")),
        ),
    ),
    Item(
        "district:map",
        "map",
        _("navigation", "Places"),
        below=(
            Item("district:map", "map", _("navigation", "Map")),
            Item("district:centres", "building-community", _("navigation", "Centres")),
            Item("district:use", "door", _("navigation", "Openings and visits")),
            Item("district:services", "heart-handshake", _("navigation", "Services")),
            Item("district:upgrades", "tool", _("navigation", "Upgrades")),
            Item("district:upgrade_progress", "trending-up", _("navigation", "How far they are")),
            Item("district:standards", "scale", _("navigation", "Standards")),
            Item("district:communities", "home", _("navigation", "Communities")),
            Item("district:divisions", "list", _("navigation", "Divisions")),
        ),
    ),
    Item("district:briefings", "file-text", _("navigation", "Briefings")),
    Item(
        "district:requests",
        "mail",
        _("navigation", "Requests"),
        below=(
            Item("district:requests", "mail", _("navigation", "Requests of upper offices")),
            Item("district:burden", "chart-bar", _("navigation", "Burden on the communities")),
        ),
    ),
)

# A city or a province: figures that districts hand up, and no records.
UPPER = (
    Item(
        "district:overview",
        "building-community",
        _("navigation", "Overview"),
        below=(
            Item("district:overview", "building-community", _("navigation", "Overview")),
            Item("district:wall", "chart-bar", _("navigation", "Wall screen")),
            Item("district:walls", "key", _("navigation", "Screens' addresses")),
        ),
    ),
    Item("district:figures", "chart-bar", _("navigation", "Figures")),
    Item("district:pillars", "flag", _("navigation", "Three pillars")),
    Item("district:fairness", "scale", _("navigation", "Fairness")),
    Item("district:pilots", "trending-up", _("navigation", "Pilots")),
    Item("district:divisions", "list", _("navigation", "Divisions")),
    Item("district:feeds", "file-import", _("navigation", "Files of districts")),
    Item("staff:settings", "settings", _("navigation", "Settings")),
)

# There the department's pages are the only ones that somebody else's pages lead to.
UPPER_ACROSS = (
    Item(
        "district:overview",
        "chart-bar",
        _("navigation", "Overview"),
        only_for=frozenset({"subdistrict_staff", "district_staff"}),
    ),
)

ACROSS = (
    Item(
        "staff:today",
        "calendar",
        _("navigation", "Office console"),
        only_for=frozenset({"community_staff", "subdistrict_staff", "district_staff"}),
    ),
    Item(
        "district:overview",
        "chart-bar",
        _("navigation", "District pages"),
        only_for=frozenset({"subdistrict_staff", "district_staff"}),
    ),
    Item("resident:home", "home", _("navigation", "Residents' pages")),
)


def url_or_none(name: str, *args: Any, **kwargs: Any) -> str | None:
    """Resolve a URL name, giving None where no such page exists."""
    try:
        return reverse(name, args=args or None, kwargs=kwargs or None)
    except NoReverseMatch:
        return None


def links(request: HttpRequest, items: Iterable[Item]) -> list[Link]:
    """Resolve the items this actor should see; the one that leads here is marked, by longest address."""
    actor = getattr(request, "actor", None)
    held = (set(actor.roles) | {actor.role}) - NOBODY_IN_PARTICULAR if actor else set()
    found = []
    for item in items:
        if (held and held <= item.not_for) or (item.only_for and not held & item.only_for):
            continue
        url = url_or_none(item.url_name)
        if url is not None:
            found.append((item, url, links(request, item.below)))
    under = [
        (address, url)
        for item, url, below in found
        for address in (url, *map(url_or_none, item.also), *(link.url for link in below))
        if address
    ]
    leading = [(len(address), url) for address, url in under if leads_to(url=address, path=request.path)]
    here = max(leading, default=(0, None))[1]
    return [
        Link(url=url, icon=item.icon, label=item.label, current=url == here, below=tuple(below))
        for item, url, below in found
    ]


def leads_to(*, url: str, path: str) -> bool:
    """Tell whether a page lies at or under an address; the site's root only stands for itself."""
    return path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))
