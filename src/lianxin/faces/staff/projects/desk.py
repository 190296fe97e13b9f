"""Who looks at projects, editions and matching, and the ways between these pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.places.models import Division
from lianxin.domain.places.queries import divisions
from lianxin.domain.projects import policy
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.tables import Column
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now

from ..acting import Crumbs
from .gate import covered

COMMUNITY = gettext_lazy("Community")


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

    @property
    def has_many(self) -> bool:
        """Tell whether the actor looks at several communities, so that lists must name them."""
        return self.actor.communities is None or len(self.actor.communities) > 1

    def columns(self, columns: Sequence[Column]) -> list[Column]:
        """Give the columns of a list, without the community for who has only one."""
        return [one for one in columns if self.has_many or one.label != COMMUNITY]

    def tabs(self, here: str) -> list[tuple[str, str, bool, Any]]:
        """Give the pages of projects."""
        pages = [
            ("projects", _("Projects list")),
            ("editions", _("Editions")),
            ("matching", _("Matching")),
            ("pairs", _("Ruled out")),
        ]
        return [(word, reverse(f"staff:{name}"), name == here, None) for name, word in pages]

    def context(self, here: str, title: Any, *way: tuple[Any, str]) -> dict[str, Any]:
        """Give what every page of projects is drawn with."""
        first = {
            "projects": (_("Projects list"), reverse("staff:projects")),
            "editions": (_("Editions"), reverse("staff:editions")),
            "matching": (_("Matching"), reverse("staff:matching")),
            "pairs": (_("Ruled out"), reverse("staff:pairs")),
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
    if len(actor.communities) == 1:
        return next(iter(actor.communities))
    below = [row.pk for row in divisions.list_divisions(level="community") if row.pk in actor.communities]
    return below[0] if len(below) == 1 else None
