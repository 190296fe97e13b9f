"""The community whose book is open on the desk, and the ways between its pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.domain.points import policy
from lianxin.domain.points.models import Book
from lianxin.domain.points.queries.books import find_book
from lianxin.faces.kit.acting import actor_of
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now
from lianxin.platform.errors import Missing

from ..acting import Crumbs
from .gate import covered

Tabs = list[tuple[str, str, bool, Any]]


@dataclass(frozen=True)
class Desk:
    """Who asks when about which community, and the book it keeps now."""

    actor: Actor
    community: UUID
    name: str
    book: Book | None
    at: datetime
    on: date = field(init=False)

    def __post_init__(self) -> None:
        """Keep the day of the moment."""
        object.__setattr__(self, "on", local_day(self.at))

    @property
    def opened(self) -> Book:
        """The book, for pages that make no sense without one; raises Missing."""
        if self.book is None:
            raise Missing
        return self.book

    @property
    def keeps(self) -> bool:
        """Tell whether the actor keeps rules, budgets and passbooks here."""
        return policy.may_keep_rules(self.actor)

    def url(self, name: str, **more: Any) -> str:
        """Give the address of one of this community's pages."""
        return reverse(f"staff:{name}", kwargs={"community": self.community, **more})

    def tabs(self, here: str) -> Tabs:
        """Give the pages of the book."""
        awards = [("points_award", _("Give points"))] if policy.may_award_something(self.actor) else []
        claims = [("points_claims", _("Acts and points"))]
        if not policy.may_see_points(self.actor):
            pages = awards + claims
        else:
            pages = [
                ("points_book", _("Overview")),
                *awards,
                ("points_approvals", _("Approvals")),
                *claims,
                ("points_passbooks", _("Passbooks")),
                ("points_notices", _("Public notices")),
                ("points_objections", _("Objections")),
                ("points_rules", pgettext("points", "Rules")),
                ("points_budgets", _("Budgets")),
                ("points_rolls", _("Honour rolls")),
                ("points_take_overs", _("Paper passbooks")),
                ("points_periods", _("Years")),
            ]
        return [(word, self.url(name), name == here, None) for name, word in pages]

    def crumbs(self, *way: tuple[Any, str]) -> Crumbs:
        """Give the way from the book to a page; the last step has no address."""
        return [(_("Points of %(community)s") % {"community": self.name}, self.url("points_book")), *way]

    def context(self, here: str, title: Any, *way: tuple[Any, str]) -> dict[str, Any]:
        """Give what every page of the book is drawn with."""
        return {
            "desk": self,
            "title": title,
            "tabs": self.tabs(here),
            "crumbs": self.crumbs(*way) if way else [],
        }


def desk_of(request: HttpRequest, community: UUID) -> Desk:
    """Open the book of a community that the actor answers for; raises Missing."""
    actor, at = actor_of(request), now()
    return Desk(actor, community, covered(actor, community), find_book(actor=actor, community=community), at)
