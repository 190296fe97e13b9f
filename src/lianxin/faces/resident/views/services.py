"""Services: today and this week in one's community, by category, and each service's own page."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from lianxin.domain.places.models import ServiceState
from lianxin.domain.places.queries.nearby import week_of
from lianxin.domain.places.queries.services import (
    count_public_by_category,
    find_public_service,
    list_categories,
    list_services_between,
    page_public_services,
)
from lianxin.faces.kit.dates import spoken
from lianxin.faces.resident import words
from lianxin.faces.resident.community import chosen_community
from lianxin.faces.resident.forms import local_name
from lianxin.faces.resident.views.public import number_from, page
from lianxin.platform import search
from lianxin.platform.clock import LOCAL, local_day, now
from lianxin.platform.errors import Missing

A_PAGE = 10
FOUND_AT_MOST = 60
# The categories are coded by field of life.
GROUPS = {
    "A": pgettext_lazy("group of services", "Elders and health"),
    "B": pgettext_lazy("group of services", "Culture and children"),
    "C": pgettext_lazy("group of services", "Affairs and advice"),
    "D": pgettext_lazy("group of services", "Daily life"),
    "E": pgettext_lazy("group of services", "Safety and surroundings"),
    "F": pgettext_lazy("group of services", "Helping one another"),
}
WEEK = "week"


@require_safe
def browse(request: HttpRequest) -> HttpResponse:
    """Show today's or this week's services of the chosen community, and all categories by group."""
    at = now()
    today, clock = local_day(at), at.astimezone(LOCAL).time()
    community = chosen_community(request)
    communities = [community] if community else []
    query = request.GET.get("q", "").strip()[:50]
    whole_week = request.GET.get("when") == WEEK
    last = week_of(today)[-1] if whole_week else today
    days = []
    if communities and not query:
        given = list_services_between(today, max(last, today), communities=communities)
        days = [
            (
                _("Today") if day == today else spoken(day),
                [
                    (service, words.service_span(hours), day == today and hours.ends <= clock)
                    for _day, service, hours in rows
                ],
            )
            for day, rows in groupby(given, key=lambda one: one[0])
        ]
    found = []
    if query:
        hits = search.find(query, kinds=["service"], public_only=True, limit=FOUND_AT_MOST)
        found = [(hit.title, hit.detail, reverse("resident:service", args=[hit.record_id])) for hit in hits]
    counts = count_public_by_category(on=today)
    groups: dict[str, list[tuple[str, str, int]]] = {}
    for one in list_categories():
        label = str(GROUPS.get(one.code[:1], pgettext_lazy("group of services", "Other")))
        groups.setdefault(label, []).append((one.code, local_name(one), counts.get(one.code, 0)))
    context = {
        "query": query,
        "found": found,
        "has_community": bool(communities),
        "whole_week": whole_week,
        "days": days,
        "groups": groups,
    }
    return page(request, "resident/services.html", context)


@require_safe
def category(request: HttpRequest, code: str) -> HttpResponse:
    """List the services of a category, in one's community or everywhere."""
    at = now()
    kind = next((one for one in list_categories() if one.code == code), None)
    if kind is None:
        raise Missing
    community = chosen_community(request)
    everywhere = request.GET.get("where") == "all" or community is None
    number = number_from(request.GET.get("page", "1"))
    asked = {
        "on": local_day(at),
        "category": code,
        "communities": None if everywhere else [community],
        "count": A_PAGE,
    }
    found = page_public_services(**asked, first=(number - 1) * A_PAGE)  # type: ignore[arg-type]
    if not found.services and found.total:
        number = 1
        found = page_public_services(**asked)  # type: ignore[arg-type]
    context = {
        "category": local_name(kind),
        "description": kind.description,
        "everywhere": everywhere,
        "has_community": community is not None,
        "services": [(service, words.service_times(service.hours.all())) for service in found.services],
        "total": found.total,
        "page": Paginator(range(found.total), A_PAGE).get_page(number),
        "crumbs": [(_("Services"), reverse("resident:services")), (local_name(kind), "")],
    }
    return page(request, "resident/category.html", context)


@require_safe
def show(request: HttpRequest, service: UUID) -> HttpResponse:
    """Show what a service is, for whom, when, how to get it and what to bring."""
    today = local_day(now())
    found = find_public_service(service=service)
    ended = found.valid_until is not None and found.valid_until <= today
    if ended:
        raise Missing
    context = {
        "service": found,
        "category": local_name(found.category),
        "times": words.service_times(found.hours.all()),
        "is_paused": found.state == ServiceState.PAUSED or found.venue.state == "paused",
        "starts_on": found.valid_from if found.valid_from > today else None,
        "last_on": found.valid_until - timedelta(days=1) if found.valid_until else None,
        "crumbs": [
            (_("Services"), reverse("resident:services")),
            (local_name(found.category), reverse("resident:category", args=[found.category.code])),
            (found.name, ""),
        ],
    }
    return page(request, "resident/service.html", context)
