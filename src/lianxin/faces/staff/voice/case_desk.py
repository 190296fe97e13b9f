"""Who works with which cases, and the ways between the pages of what residents bring forward."""

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
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.voice import policy
from lianxin.domain.voice.queries.reports import count_to_tell
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.navigation import url_or_none
from lianxin.faces.kit.tables import Column
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now

from ..acting import Crumbs
from ..choices import community_choices, community_ids

Tabs = list[tuple[Any, str, bool, Any]]
A_PAGE = 50
COMMUNITY = gettext_lazy("Community")
# The other pages of voice, each by the name of its list; one that a deployment does not have is left out.
BESIDE: tuple[tuple[str, Any], ...] = (
    ("receptions", pgettext_lazy("voice", "Reception days")),
    ("matters", pgettext_lazy("voice", "Deliberation")),
    ("commitments", pgettext_lazy("voice", "Promises")),
    ("votes", pgettext_lazy("voice", "Votes")),
    ("opinion_maps", pgettext_lazy("voice", "Opinion maps")),
    ("mediations", pgettext_lazy("voice", "Mediation")),
    ("tier_rules_list", pgettext_lazy("voice", "Rules")),
)


@dataclass(frozen=True)
class CaseDesk:
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
        """Tell whether somebody works on cases here, and does not only read them."""
        return policy.may_keep_any(self.actor)

    @property
    def reads(self) -> bool:
        """Tell whether somebody opens the pages of cases at all; hosts and volunteers only write down."""
        return policy.may_read_any(self.actor)

    @property
    def supervises(self) -> bool:
        """Tell whether somebody is of an office above."""
        return policy.may_supervise_any(self.actor)

    def tabs(self, here: str) -> Tabs:
        """Give the pages of voice."""
        pages: Tabs = [(pgettext("voice", "Cases"), reverse("staff:cases"), here == "cases", "")]
        if self.keeps:
            with scope.within(self.actor.communities):
                calls = count_to_tell(actor=self.actor)
            pages.append((_("To be told"), reverse("staff:case_calls"), here == "calls", calls or ""))
        for name, label in BESIDE:
            url = url_or_none(f"staff:{name}")
            if url is not None:
                pages.append((label, url, here == name, ""))
        return pages

    def context(self, here: str, title: Any, *way: tuple[Any, str]) -> dict[str, Any]:
        """Give what every page of cases is drawn with."""
        crumbs: Crumbs = [home_crumb(), *way] if way else []
        tabs = [] if way else self.tabs(here)
        return {"title": title, "tabs": tabs, "tabs_label": _("Pages of cases"), "crumbs": crumbs}


def home_crumb() -> tuple[Any, str]:
    """Give the first step of the way to a page about a case."""
    return (pgettext_lazy("voice", "Cases"), reverse("staff:cases"))


def desk_of(request: HttpRequest) -> CaseDesk:
    """Open the pages of cases for who is logged in."""
    return CaseDesk(actor_of(request), now())


def case_url(case: UUID) -> str:
    """Give the page of a case."""
    return reverse("staff:case", kwargs={"case": case})


class PlaceFilter(forms.Form):
    """Which community; where there is only one it is not asked."""

    community = forms.ChoiceField(label=COMMUNITY, required=False)

    def __init__(self, *args: Any, desk: CaseDesk, **kwargs: Any) -> None:
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


def page_of(rows: Any, after: str) -> tuple[list[Any], str]:
    """Give a page of a queryset, and where the next one begins."""
    start = int(after) if after.isdecimal() and len(after) < 8 else 0
    part = list(rows[start : start + A_PAGE + 1])
    return part[:A_PAGE], str(start + A_PAGE) if len(part) > A_PAGE else ""
