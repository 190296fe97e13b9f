"""Who looks at projects, editions and matching, and the ways between these pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.domain.places.models import Division
from lianxin.domain.places.queries import divisions
from lianxin.domain.projects import policy
from lianxin.faces.kit.acting import actor_of
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now

from ..acting import Crumbs
from .gate import covered


@dataclass(frozen=True)
class ProjectsDesk:
    """Who asks when, and about which community when a page is about one."""

    actor: Actor
    at: datetime
    community: UUID | None = None
    name: str = ""
    on: date = field(init=False)

    def __post_init__(self) -> None:
        """Keep the day of the moment."""
        object.__setattr__(self, "on", local_day(self.at))

    @property
    def plans(self) -> bool:
        """Tell whether the actor plans for this community."""
        return self.community is not None and policy.may_plan(self.actor, self.community)

    def tabs(self, here: str) -> list[tuple[str, str, bool, Any]]:
        """Give the pages of projects."""
        pages = [("projects", _("Projects list")), ("editions", _("Editions")), ("matching", _("Matching"))]
        return [(word, reverse(f"staff:{name}"), name == here, None) for name, word in pages]

    def context(self, here: str, title: Any, *way: tuple[Any, str]) -> dict[str, Any]:
        """Give what every page of projects is drawn with."""
        first = {
            "projects": (_("Projects list"), reverse("staff:projects")),
            "editions": (_("Editions"), reverse("staff:editions")),
            "matching": (_("Matching"), reverse("staff:matching")),
        }[here]
        crumbs: Crumbs = [first, *way] if way else []
        return {
            "desk": self,
            "title": title,
            "tabs": [] if way else self.tabs(here),
            "tabs_label": _("Pages of projects"),
            "crumbs": crumbs,
        }


def desk_of(request: HttpRequest, community: UUID | None = None) -> ProjectsDesk:
    """Open the pages of projects, for a community that the actor answers for when one is named; raises Missing."""
    actor = actor_of(request)
    return ProjectsDesk(actor, now(), community, covered(actor, community) if community is not None else "")


def desk_at(request: HttpRequest, place: Division) -> ProjectsDesk:
    """Open the pages for the community of a record that the actor was found to read."""
    return ProjectsDesk(actor_of(request), now(), place.pk, place.short_name)


def own_community(actor: Actor) -> UUID | None:
    """Give the one community of somebody who works in one; None for who has several."""
    if actor.communities is None:
        return None
    below = [row.pk for row in divisions.list_divisions(level="community") if row.pk in actor.communities]
    return below[0] if len(below) == 1 else None
