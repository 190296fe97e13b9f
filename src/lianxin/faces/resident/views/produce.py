"""What a village grows, with the grower's contact: no orders, no payment."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianxin.domain.places.queries.divisions import find_division
from lianxin.domain.places.queries.produce import find_shown_produce, list_shown_produce
from lianxin.faces.kit.dates import ENGLISH_MONTHS, in_english
from lianxin.faces.resident.views.public import page
from lianxin.platform.clock import local_day, now


@require_safe
def of_community(request: HttpRequest, community: UUID) -> HttpResponse:
    """List what a community grows, in season first."""
    division = find_division(community)
    context = {
        "community": division,
        "produce": list_shown_produce(on=local_day(now()), community=community),
        "crumbs": [
            (division.short_name, reverse("resident:community", args=[community])),
            (_("Produce of the village"), ""),
        ],
    }
    return page(request, "resident/produce_list.html", context)


@require_safe
def show(request: HttpRequest, produce: UUID) -> HttpResponse:
    """Show one thing that is grown, and how to reach who grows it."""
    found = find_shown_produce(produce=produce, on=local_day(now()))
    context = {
        "produce": found,
        "months": months_words(found.season_months),
        "crumbs": [
            (found.community_name, reverse("resident:community", args=[found.community])),
            (_("Produce of the village"), reverse("resident:produce_of", args=[found.community])),
            (found.name, ""),
        ],
    }
    return page(request, "resident/produce.html", context)


def months_words(months: tuple[int, ...]) -> str:
    """Name the months of a season, or the whole year."""
    if not months:
        return _("all year")
    if in_english():
        return ", ".join(ENGLISH_MONTHS[month - 1] for month in sorted(months))
    return "、".join(f"{month}月" for month in sorted(months))
