"""Context that every page has: how to show it, in which language, whether the data is a sample."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from lianxin.faces.kit import navigation
from lianxin.faces.kit.preferences import Preferences, preferences
from lianxin.platform import deployment, sample


@dataclass
class Page:
    """What the shells ask about the request; nothing is computed before a template asks."""

    request: HttpRequest = field(repr=False)

    @cached_property
    def shown(self) -> Preferences:
        """Mode and text size."""
        return preferences(self.request)

    @property
    def language(self) -> str:
        """The language of the page as an HTML lang value."""
        return "en" if (get_language() or "").startswith("en") else "zh-Hans"

    @property
    def here(self) -> str:
        """The address to come back to: this page if it can be asked for again, else the front page."""
        if self.request.method in ("GET", "HEAD"):
            return self.request.get_full_path()
        return self.request.path if getattr(self.request, "resolver_match", None) else "/"

    @cached_property
    def resident_links(self) -> list[navigation.Link]:
        """The bottom bar."""
        return navigation.links(self.request, navigation.RESIDENT)

    @cached_property
    def staff_links(self) -> list[navigation.Link]:
        """The office's left navigation."""
        return navigation.links(self.request, navigation.STAFF)

    @cached_property
    def new_links(self) -> list[navigation.Link]:
        """What the office's "new" button offers."""
        return navigation.links(self.request, navigation.STAFF_NEW)

    @cached_property
    def district_links(self) -> list[navigation.Link]:
        """The department's navigation."""
        items = navigation.DISTRICT if settings.LEVEL == "district" else navigation.UPPER
        return navigation.links(self.request, items)

    @cached_property
    def across_links(self) -> list[navigation.Link]:
        """The other faces this actor works in."""
        items = navigation.ACROSS if settings.LEVEL == "district" else navigation.UPPER_ACROSS
        return [link for link in navigation.links(self.request, items) if not link.current]

    @property
    def actor(self) -> Any:
        """Who is logged in, or None."""
        actor = getattr(self.request, "actor", None)
        return None if actor is None or actor.is_anonymous else actor


def page(request: HttpRequest) -> dict[str, Any]:
    """Give `kit`, `sample_district`, `sample_being_built` and `tianditu_key` to every template."""
    return {
        "kit": Page(request),
        "sample_district": deployment.is_sample,  # called by the templates that ask
        "sample_being_built": sample.is_being_built,
        "tianditu_key": getattr(settings, "TIANDITU_KEY", "") or "",
    }
