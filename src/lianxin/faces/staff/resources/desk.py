"""Who looks at resources lists when, the ways between their pages, and whom the choices name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from lianxin.domain.people.queries.organisations import name_organisations
from lianxin.domain.places.models import Level
from lianxin.domain.places.queries import divisions
from lianxin.domain.resources import policy
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.tables import Column
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now
from lianxin.platform.errors import Missing

from ..acting import Crumbs
from ..choices import CHOOSE, Choices

MOST_FIRMS = 200
COMMUNITY = gettext_lazy("Community")


@dataclass(frozen=True)
class ResourcesDesk:
    """Who asks when."""

    actor: Actor
    at: datetime
    on: date = field(init=False)

    def __post_init__(self) -> None:
        """Keep the day of the moment."""
        object.__setattr__(self, "on", local_day(self.at))

    @property
    def has_many(self) -> bool:
        """Tell whether the actor looks at several communities, so that lists must name them."""
        return self.actor.communities is None or len(self.actor.communities) > 1

    def columns(self, columns: Sequence[Column]) -> list[Column]:
        """Give the columns of a list, without the community for who has only one."""
        return [one for one in columns if self.has_many or one.label != COMMUNITY]

    @property
    def keeps(self) -> bool:
        """Tell whether the actor keeps resources lists."""
        return policy.may_keep_any(self.actor)

    @property
    def reads(self) -> bool:
        """Tell whether the actor reads resources lists; otherwise it is a partner on their own page."""
        return policy.may_read_any(self.actor)

    def home(self) -> tuple[str, str]:
        """Give the page from which everything here is reached."""
        return (
            (_("Resources list"), reverse("staff:offers"))
            if self.reads
            else (_("What we offer"), reverse("staff:own_offers"))
        )

    def crumbs(self, *way: tuple[Any, str]) -> Crumbs:
        """Give the way from the first page to this one; the last step has no address."""
        return [self.home(), *way]

    def tabs(self, here: str) -> list[tuple[str, str, bool, Any]]:
        """Give the pages of resources that this actor has."""
        if not self.reads:
            return []
        pages = [
            ("offers", pgettext("offer", "Offers")),
            ("partnerships", _("Partnerships")),
            ("agreements", _("Agreements")),
            ("promises", _("Promises")),
        ]
        return [(word, reverse(f"staff:{name}"), name == here, None) for name, word in pages]

    def context(self, here: str, title: Any, *way: tuple[Any, str]) -> dict[str, Any]:
        """Give what every page of resources is drawn with."""
        return {
            "title": title,
            "tabs": self.tabs(here),
            "tabs_label": _("Pages of resources"),
            "crumbs": self.crumbs(*way) if way else [],
        }

    @cached_property
    def names(self) -> dict[UUID, str]:
        """Give the names of all communities of the district; one query."""
        return {row.pk: row.short_name for row in divisions.list_divisions(level=Level.COMMUNITY)}

    def communities(self) -> list[tuple[UUID, str]]:
        """Give the communities in scope."""
        return [(pk, name) for pk, name in self.names.items() if self.actor.covers(pk)]

    def firms(self) -> Choices:
        """Give the organisations that the actor may name: an office's, or the partner's own."""
        rows = name_organisations(actor=self.actor, limit=MOST_FIRMS)
        found: Choices = [(str(pk), name) for pk, name in rows if self.reads or pk in self.actor.organisations]
        return found if len(found) == 1 else [("", CHOOSE), *found]


def desk_of(request: HttpRequest) -> ResourcesDesk:
    """Open the desk."""
    return ResourcesDesk(actor_of(request), now())


def asked_communities(desk: ResourcesDesk, chosen: str) -> list[UUID] | None:
    """Give the communities that a filter names, None for all in scope; raises Missing for one of others."""
    if not chosen:
        return None
    found = divisions.list_communities_below(UUID(chosen))
    if not all(desk.actor.covers(pk) for pk in found):
        raise Missing
    return found
