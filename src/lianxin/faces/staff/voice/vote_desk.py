"""Who works with which votes, and the ways between the pages of votes, registers and opinion maps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.voice import policy
from lianxin.domain.voice.queries.opinion_maps import list_waiting
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.tables import Column
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now

from ..acting import Crumbs
from ..choices import community_choices, community_ids

Tabs = list[tuple[Any, str, bool, Any]]
A_PAGE = 50
COMMUNITY = gettext_lazy("Community")
HOMES = {
    "votes": pgettext_lazy("voice", "Votes"),
    "registers": gettext_lazy("Registers of owners"),
    "opinion_maps": pgettext_lazy("voice", "Opinion maps"),
}


@dataclass(frozen=True)
class VoteDesk:
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

    @property
    def keeps(self) -> bool:
        """Tell whether somebody holds votes here, and does not only read them."""
        return policy.may_keep_any(self.actor)

    def columns(self, columns: Sequence[Column]) -> list[Column]:
        """Give the columns of a list, without the community for who has only one."""
        return [one for one in columns if self.has_many or one.label != COMMUNITY]

    def context(self, here: str, title: Any, *way: tuple[Any, str]) -> dict[str, Any]:
        """Give what every page is drawn with; `here` is the name of the list it belongs to."""
        crumbs: Crumbs = [(HOMES[here], reverse(f"staff:{here}")), *way] if way and here in HOMES else []
        return {
            "title": title,
            "tabs": [] if way else self._tabs(here),
            "tabs_label": _("Pages of votes"),
            "crumbs": crumbs,
        }

    def _tabs(self, here: str) -> Tabs:
        with scope.within(self.actor.communities):
            waiting = list_waiting(actor=self.actor).count()
        pages: Tabs = [(label, reverse(f"staff:{name}"), here == name, "") for name, label in HOMES.items()]
        return [
            *pages,
            (_("Statements to look at"), reverse("staff:opinion_map_waiting"), here == "waiting", waiting or ""),
        ]


def desk_of(request: HttpRequest) -> VoteDesk:
    """Open the pages of votes for who is logged in."""
    return VoteDesk(actor_of(request), now())


def vote_url(vote: UUID) -> str:
    """Give the page of a vote."""
    return reverse("staff:vote", kwargs={"vote": vote})


def register_url(register: UUID) -> str:
    """Give the page of a register."""
    return reverse("staff:register", kwargs={"register": register})


def map_url(opinion_map: UUID) -> str:
    """Give the page of an opinion map."""
    return reverse("staff:map", kwargs={"map": opinion_map})


class WordFilter(forms.Form):
    """Which community, and which words; what there is only one of is not asked."""

    community = forms.ChoiceField(label=COMMUNITY, required=False)
    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=60)

    def __init__(self, *args: Any, desk: VoteDesk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        choices = community_choices(desk.actor)
        fields["community"].choices = [("", _("All")), *choices]
        if not choices:
            del fields["community"]

    @property
    def communities(self) -> list[UUID] | None:
        """Give the communities chosen, None for all in scope."""
        text = self.data.get("community", "")
        try:
            return community_ids(UUID(text)) if text and "community" in self.fields else None
        except ValueError:
            return None

    @property
    def words(self) -> str:
        """Give the words looked for."""
        return str(self.data.get("q", "")).strip()[:60]


def page_of(rows: Any, after: str) -> tuple[list[Any], str]:
    """Give a page of a queryset or list, and where the next one begins."""
    start = int(after) if after.isdecimal() and len(after) < 8 else 0
    part = list(rows[start : start + A_PAGE + 1])
    return part[:A_PAGE], str(start + A_PAGE) if len(part) > A_PAGE else ""


def only_community(actor: Actor) -> UUID | None:
    """Give the one community of who has only one."""
    return next(iter(actor.communities)) if actor.communities and len(actor.communities) == 1 else None
