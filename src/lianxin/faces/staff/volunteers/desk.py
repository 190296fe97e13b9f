"""The community whose volunteers are open on the desk, and the ways between its pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.domain.activities import policy
from lianxin.domain.places.queries.venues import list_venues
from lianxin.faces.kit.acting import actor_of
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now
from lianxin.platform.errors import Missing

from ..acting import Crumbs
from .gate import covered, reads_all

Choices = list[tuple[str, str]]


@dataclass(frozen=True)
class VolunteerDesk:
    """Who asks when about which community's volunteers."""

    actor: Actor
    community: UUID
    name: str
    at: datetime
    on: date = field(init=False)

    def __post_init__(self) -> None:
        """Keep the day of the moment."""
        object.__setattr__(self, "on", local_day(self.at))

    @property
    def keeps(self) -> bool:
        """Tell whether the actor looks after these volunteers."""
        return policy.may_keep_volunteers(self.actor, self.community)

    @property
    def opens_shifts(self) -> bool:
        """Tell whether the actor opens shifts here: the office, and hosts at their venues."""
        return self.keeps or (self.actor.holds("host") and bool(self.actor.venues))

    def url(self, name: str, **more: Any) -> str:
        """Give the address of one of this community's pages."""
        return reverse(f"staff:{name}", kwargs={"community": self.community, **more})

    def tabs(self, here: str) -> list[tuple[str, str, bool, Any]]:
        """Give the pages of volunteering."""
        pages = [("shifts", _("Shifts"))]
        if reads_all(self.actor):
            pages += [
                ("volunteers_of", _("Volunteers")),
                ("teams", _("Teams")),
                ("hours", pgettext("volunteering", "Hours")),
                ("certificates", _("Certificates")),
                ("reportings", _("Reporting in")),
            ]
        return [(word, self.url(name), name == here, None) for name, word in pages]

    def crumbs(self, *way: tuple[Any, str]) -> Crumbs:
        """Give the way from the first page to this one; the last step has no address."""
        return [(_("Volunteers of %(community)s") % {"community": self.name}, self.url("shifts")), *way]

    def context(self, here: str, title: Any, *way: tuple[Any, str]) -> dict[str, Any]:
        """Give what every page of volunteering is drawn with."""
        return {
            "desk": self,
            "title": title,
            "tabs": self.tabs(here),
            "tabs_label": _("Pages of volunteering"),
            "crumbs": self.crumbs(*way) if way else [],
        }

    def venues(self) -> Choices:
        """Give the venues at work where this actor may open shifts; one query."""
        rows = [row for row in list_venues(communities=[self.community]) if row.state in ("open", "paused")]
        if not self.keeps:
            rows = [row for row in rows if row.pk in self.actor.venues]
        return [(str(row.pk), row.name) for row in sorted(rows, key=lambda row: (row.kind != "centre", row.name))]


def desk_of(request: HttpRequest, community: UUID, *, name: str = "") -> VolunteerDesk:
    """Open the volunteers of a community that the actor answers for; raises Missing. `name` if it is known."""
    actor = actor_of(request)
    if not actor.covers(community):
        raise Missing
    return VolunteerDesk(actor, community, name or covered(actor, community), now())
