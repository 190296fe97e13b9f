"""Who works with which rooms, and the ways between these pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.bookings import policy
from lianxin.domain.bookings.queries.bookings import count_waiting
from lianxin.domain.bookings.queries.terms import LentRoom
from lianxin.domain.places.models import Venue
from lianxin.domain.places.queries.venues import list_venues
from lianxin.faces.kit.acting import actor_of
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now

from ..acting import Crumbs, DayInput
from ..choices import community_choices, community_ids

Tabs = list[tuple[Any, str, bool, Any]]


@dataclass(frozen=True)
class RoomsDesk:
    """Who asks when."""

    actor: Actor
    at: datetime
    on: date = field(init=False)

    def __post_init__(self) -> None:
        """Keep the day of the moment."""
        object.__setattr__(self, "on", local_day(self.at))

    @property
    def decides(self) -> bool:
        """Tell whether somebody decides on bookings here at all."""
        return self.actor.holds(*policy.OFFICES, "host")

    def keeps(self, one: LentRoom) -> bool:
        """Tell whether the actor looks after a room."""
        return policy.may_keep_room(self.actor, one.room.community_id, one.room.venue_id)

    def books(self, one: LentRoom) -> bool:
        """Tell whether the actor books a room without asking."""
        return policy.may_book_at_once(self.actor, one.room.community_id, one.room.venue_id)

    def tabs(self, here: str, *, waiting: bool = True) -> Tabs:
        """Give the pages of rooms."""
        pages: Tabs = [
            (pgettext("rooms", "Board"), reverse("staff:rooms"), here == "rooms", ""),
            (_("Bookings"), reverse("staff:bookings"), here == "bookings", ""),
        ]
        if self.decides:
            count = count_waiting(actor=self.actor) if waiting else 0
            asked = f"{reverse('staff:bookings')}?state=asked"
            pages.append((_("To be decided"), asked, here == "asked", count or ""))
        return [
            *pages,
            (_("All rooms"), reverse("staff:rooms_all"), here == "rooms_all", ""),
            (pgettext("rooms", "Use"), reverse("staff:rooms_use"), here == "rooms_use", ""),
        ]

    def context(self, here: str, title: Any, *way: tuple[Any, str], waiting: bool = True) -> dict[str, Any]:
        """Give what every page of rooms is drawn with."""
        crumbs: Crumbs = [(pgettext_lazy("rooms", "Rooms"), reverse("staff:rooms")), *way] if way else []
        return {
            "title": title,
            "tabs": self.tabs(here, waiting=waiting),
            "tabs_label": _("Pages of rooms"),
            "crumbs": crumbs,
        }

    def venues(self) -> Sequence[Venue]:
        """Give the venues whose rooms the actor works with; one query."""
        rows = [row for row in list_venues() if self.actor.covers(row.community_id)]
        if self.actor.holds(*policy.READERS):
            return rows
        return [row for row in rows if row.pk in self.actor.venues]


def desk_of(request: HttpRequest) -> RoomsDesk:
    """Open the pages of rooms for who is logged in."""
    return RoomsDesk(actor_of(request), now())


def room_crumbs(one: LentRoom, *way: tuple[Any, str]) -> Crumbs:
    """Give the way from the rooms to one of them, and further."""
    return [
        (pgettext_lazy("rooms", "Rooms"), reverse("staff:rooms")),
        (_("All rooms"), reverse("staff:rooms_all")),
        (f"{one.room.venue.name} {one.room.name}", room_url(one.room.pk) if way else ""),
        *way,
    ]


def room_url(room: UUID) -> str:
    """Give the page of a room's lending."""
    return reverse("staff:room_lending", kwargs={"room": room})


class PlaceFilter(forms.Form):
    """Which community and venue; what there is only one of is not asked."""

    community = forms.ChoiceField(label=gettext_lazy("Community"), required=False)
    venue = forms.ChoiceField(label=pgettext_lazy("rooms", "Place"), required=False)

    def __init__(self, *args: Any, desk: RoomsDesk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        reach = desk.actor.communities
        several = desk.actor.holds(*policy.READERS) and (reach is None or len(reach) > 1)
        communities = community_choices(desk.actor) if several else []
        chosen = self.data.get("community", "")
        fields["community"].choices = [("", _("All")), *communities]
        wanted = set(ids_of(chosen) or [])
        rows = [row for row in desk.venues() if not wanted or row.community_id in wanted]
        self.few = len(rows) <= 60
        shown = sorted(rows, key=lambda row: (row.kind != "centre", row.name)) if self.few else []
        fields["venue"].choices = [("", _("All")), *((str(row.pk), row.name) for row in shown)]
        if not communities:
            del fields["community"]
        if len(shown) < 2:
            del fields["venue"]

    @property
    def communities(self) -> list[UUID] | None:
        """Give the communities chosen, or None for all in scope."""
        return ids_of(self.data.get("community", "")) if "community" in self.fields else None

    @property
    def venue_id(self) -> UUID | None:
        """Give the venue chosen, of those offered."""
        field: Any = self.fields.get("venue")
        asked = self.data.get("venue", "")
        return UUID(asked) if field is not None and asked in dict(field.choices) and asked else None


def ids_of(text: str) -> list[UUID] | None:
    """Give the communities that a choice stands for; None for none or an unreadable one."""
    try:
        return community_ids(UUID(text)) if text else None
    except ValueError:
        return None


def day_from(request: HttpRequest, name: str, default: date) -> date:
    """Read a day from the address; what cannot be read is the default."""
    try:
        day = date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return default
    return day if abs((day - default).days) < 3660 else default


def optional_day(label: Any) -> forms.DateField:
    """Make a filter's field for a day."""
    return forms.DateField(label=label, required=False, widget=DayInput)


SOON = timedelta(days=14)
