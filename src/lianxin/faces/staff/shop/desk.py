"""The community whose shop is open on the desk, and the ways between its pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.domain.places.queries.venues import list_venues
from lianxin.domain.shop import policy
from lianxin.faces.kit.acting import actor_of
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now

from ..acting import Crumbs
from .gate import covered

Tabs = list[tuple[str, str, bool, Any]]
Places = list[tuple[str, str]]


@dataclass(frozen=True)
class ShopDesk:
    """Who asks when about which community's shop."""

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
        """Tell whether the actor looks after this shop."""
        return policy.may_keep_shop(self.actor, self.community)

    @property
    def reads(self) -> bool:
        """Tell whether the actor sees the whole shop."""
        return policy.may_read_shop(self.actor, self.community)

    @property
    def serves(self) -> bool:
        """Tell whether the actor gives out goods here."""
        return self.keeps or bool(self.actor.venues and self.actor.holds("host"))

    def url(self, name: str, **more: Any) -> str:
        """Give the address of one of this community's pages."""
        return reverse(f"staff:{name}", kwargs={"community": self.community, **more})

    def tabs(self, here: str) -> Tabs:
        """Give the pages of the shop."""
        pages = [("shop_overview", _("Overview"))]
        if self.serves:
            pages.append(("shop_counter", _("Counter")))
        pages += [
            ("shop_orders", _("Orders")),
            ("shop_catalogue", _("Catalogue")),
            ("shop_stock", _("Stock")),
        ]
        if self.reads:
            pages += [
                ("shop_settlements", _("Merchants")),
                ("shop_needs", _("Supplies wanted")),
                ("shop_donations", _("Donations")),
            ]
        pages.append(("shop_days", _("Shop days")))
        return [(word, self.url(name), name == here, None) for name, word in pages]

    def crumbs(self, *way: tuple[Any, str]) -> Crumbs:
        """Give the way from the shop to a page; the last step has no address."""
        return [(_("Shop of %(community)s") % {"community": self.name}, self.url("shop_overview")), *way]

    def context(self, here: str, title: Any, *way: tuple[Any, str]) -> dict[str, Any]:
        """Give what every page of the shop is drawn with."""
        return {
            "desk": self,
            "title": title,
            "tabs": self.tabs(here),
            "tabs_label": _("Pages of the shop"),
            "crumbs": self.crumbs(*way) if way else [],
        }

    def places(self) -> Places:
        """Give the venues at work where this actor gives out goods; one query."""
        rows = [row for row in list_venues(communities=[self.community]) if row.state in ("open", "paused")]
        if not self.reads:
            rows = [row for row in rows if row.pk in self.actor.venues]
        return [(str(row.pk), row.name) for row in sorted(rows, key=lambda row: (row.kind != "centre", row.name))]


def desk_of(request: HttpRequest, community: UUID) -> ShopDesk:
    """Open the shop of a community that the actor answers for; raises Missing."""
    actor = actor_of(request)
    return ShopDesk(actor, community, covered(actor, community), now())
