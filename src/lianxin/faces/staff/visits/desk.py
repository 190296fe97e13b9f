"""Who works with which visits, and the ways between these pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.needs.queries import visits
from lianxin.domain.needs.queries.visit_homes import VisitHome, homes_of
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.navigation import url_or_none
from lianxin.faces.kit.tables import Column
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now

from ..acting import Crumbs
from ..choices import community_choices, community_ids

COMMUNITY = gettext_lazy("Community")
Tabs = list[tuple[Any, str, bool, Any]]


@dataclass(frozen=True)
class VisitsDesk:
    """Who asks when."""

    actor: Actor
    at: datetime
    on: date = field(init=False)

    def __post_init__(self) -> None:
        """Keep the day of the moment."""
        object.__setattr__(self, "on", local_day(self.at))

    def tabs(self, here: str) -> Tabs:
        """Give the pages of visits."""
        with scope.within(self.actor.communities):
            late = visits.count_late(actor=self.actor, on=self.on)
            owed = visits.list_promises(actor=self.actor).count()
            met = visits.list_conflicts(actor=self.actor).count()
        return [
            (pgettext("visits", "Planned and made"), reverse("staff:visits"), here == "visits", late or ""),
            (_("Who is due"), reverse("staff:visits_due"), here == "due", ""),
            (_("Promises"), reverse("staff:visit_promises"), here == "promises", owed or ""),
            (_("To be compared"), reverse("staff:visit_conflicts"), here == "conflicts", met or ""),
            (pgettext("visits", "Phones"), reverse("staff:visit_devices"), here == "devices", ""),
        ]

    def context(self, here: str, title: Any, *way: tuple[Any, str]) -> dict[str, Any]:
        """Give what every page of visits is drawn with."""
        crumbs = self.crumbs(*way) if way else [(pgettext_lazy("needs", "Needs"), reverse("staff:needs")), (title, "")]
        # Pages of one thing have a way back instead.
        tabs = [] if way else self.tabs(here)
        return {"title": title, "tabs": tabs, "tabs_label": _("Pages of visits"), "crumbs": crumbs}

    def columns(self, columns: Sequence[Column]) -> list[Column]:
        """Give the columns of a list, without the community for who has only one."""
        many = self.actor.communities is None or len(self.actor.communities) > 1
        return [one for one in columns if many or one.label != COMMUNITY]

    def place(self, name: str) -> tuple[str, ...]:
        """Give the cell of a community's name where lists have that column."""
        many = self.actor.communities is None or len(self.actor.communities) > 1
        return (name,) if many else ()

    def crumbs(self, *way: tuple[Any, str]) -> Crumbs:
        """Give the way to a page."""
        return [
            (pgettext_lazy("needs", "Needs"), reverse("staff:needs")),
            (pgettext_lazy("visits", "Visits"), reverse("staff:visits")),
            *way,
        ]

    def homes(self, households: Iterable[UUID], *, masked: bool = True) -> dict[UUID, VisitHome]:
        """Give households in scope by id."""
        with scope.within(self.actor.communities):
            return homes_of(households, on=self.on, masked=masked)

    def workers(self) -> list[tuple[str, str]]:
        """Give who may go, to choose from."""
        with scope.within(self.actor.communities):
            return [(str(pk), name) for pk, name in visits.list_workers(actor=self.actor, on=self.on)]


def desk_of(request: HttpRequest) -> VisitsDesk:
    """Open the pages of visits for who is logged in."""
    return VisitsDesk(actor_of(request), now())


def visit_url(visit: UUID) -> str:
    """Give the page of a visit."""
    return reverse("staff:visit", kwargs={"visit": visit})


def phone_url() -> str:
    """Give the page that works without a network, where there is one."""
    return url_or_none("staff:visits_phone") or ""


def uuid_of(text: str) -> UUID | None:
    """Read an id; what is none is None."""
    try:
        return UUID(text)
    except ValueError:
        return None


def chosen_of(request: HttpRequest, *, most: int = 500) -> list[UUID]:
    """Give what was ticked on the list before, or kept in the form since."""
    texts = request.GET.getlist("chosen") or request.POST.get("chosen", "").split(",")
    return list(dict.fromkeys(one for text in texts[:most] if (one := uuid_of(text)) is not None))


class PlaceForm(forms.Form):
    """Which community; what there is only one of is not asked."""

    community = forms.ChoiceField(label=COMMUNITY, required=False)

    def __init__(self, *args: Any, desk: VisitsDesk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        choices = community_choices(desk.actor)
        fields["community"].choices = [("", _("All")), *choices]
        if not choices:
            del fields["community"]

    @property
    def communities(self) -> list[UUID] | None:
        """Give the communities chosen, None for all in scope."""
        place = uuid_of(self.data.get("community", ""))
        return community_ids(place) if place and "community" in self.fields else None
