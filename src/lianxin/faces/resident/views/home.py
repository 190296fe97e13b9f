"""The front page: my community's centre, what is offered today, open places near."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from lianxin.domain.places.queries.nearby import CommunityPlaces, community_places
from lianxin.domain.places.queries.services import list_services_on
from lianxin.faces.resident import words
from lianxin.faces.resident.community import chosen_community, forget
from lianxin.faces.resident.views.public import page
from lianxin.platform.clock import LOCAL, local_day, now
from lianxin.platform.errors import Missing

SHOWN_TODAY = 6
SHOWN_TO_ELDERS = 3


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the chosen community's front page, or ask which community it is."""
    at = now()
    community = chosen_community(request)
    if community is None:
        context = {"today": words.today_words(at), "next": reverse("resident:home")}
        return page(request, "resident/welcome.html", context)
    try:
        found = community_places(community=community, at=at)
    except Missing:
        response = HttpResponseRedirect(reverse("resident:communities"))
        forget(response)
        return response
    return page(request, "resident/home.html", community_context(found, at=at))


def community_context(found: CommunityPlaces, *, at: datetime) -> dict[str, Any]:
    """Give what a community's page shows: its centre, its services of today with what is still to come first."""
    today, clock = local_day(at), at.astimezone(LOCAL).time()
    offered = list_services_on(on=today, communities=[found.community.pk])
    coming = [(service, hours) for service, hours in offered if hours.ends > clock]
    centre = found.centre
    return {
        "today": words.today_words(at),
        "community": found.community,
        "centre": words.place_line(centre, at=at) if centre else None,
        "stations": [words.place_line(place, at=at) for place in found.own if place is not centre],
        "near": [words.place_line(place, at=at) for place in found.near],
        "coming": [
            (service, words.service_span(hours), hours.starts <= clock) for service, hours in coming[:SHOWN_TODAY]
        ],
        "more_today": max(0, len(coming) - SHOWN_TODAY),
        "over_today": len(offered) - len(coming),
        "shown_to_elders": SHOWN_TO_ELDERS,
    }
