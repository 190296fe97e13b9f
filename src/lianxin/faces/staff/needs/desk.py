"""Who works with which needs, and the ways between these pages."""

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

from lianxin.domain.needs import policy
from lianxin.domain.needs.queries.reports import count_waiting
from lianxin.domain.places.queries.services import list_categories
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.tables import Column
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now

from ..acting import Crumbs
from ..choices import community_choices, community_ids, kinds_in_words

Tabs = list[tuple[Any, str, bool, Any]]
A_PAGE = 50
COMMUNITY = gettext_lazy("Community")


@dataclass(frozen=True)
class NeedsDesk:
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
        """Tell whether somebody works on needs here, and does not only read them."""
        return policy.may_keep_any(self.actor)

    def tabs(self, here: str) -> Tabs:
        """Give the pages of needs."""
        with scope.within(self.actor.communities):
            new, calls = count_waiting(actor=self.actor)
        pages: Tabs = [
            (_("New voices"), reverse("staff:needs_inbox"), here == "inbox", new or ""),
            (_("Needs list"), reverse("staff:needs"), here == "needs", ""),
            (_("All voices"), reverse("staff:voices"), here == "voices", ""),
        ]
        if self.keeps:
            pages.append((_("To be told"), reverse("staff:needs_calls"), here == "calls", calls or ""))
            pages.append((_("Still needed?"), reverse("staff:needs_confirm"), here == "confirm", ""))
            pages.append((pgettext("visits", "Visits"), reverse("staff:visits"), False, ""))
        pages.append((pgettext("survey", "Surveys"), reverse("staff:surveys"), here == "surveys", ""))
        return [*pages, (pgettext("needs", "Figures"), reverse("staff:needs_figures"), here == "figures", "")]

    def context(self, here: str, title: Any, *way: tuple[Any, str]) -> dict[str, Any]:
        """Give what every page of needs is drawn with."""
        crumbs: Crumbs = [(pgettext_lazy("needs", "Needs"), reverse("staff:needs")), *way] if way else []
        tabs = [] if way else self.tabs(here)
        return {"title": title, "tabs": tabs, "tabs_label": _("Pages of needs"), "crumbs": crumbs}


def desk_of(request: HttpRequest) -> NeedsDesk:
    """Open the pages of needs for who is logged in."""
    return NeedsDesk(actor_of(request), now())


def voice_url(voice: UUID) -> str:
    """Give the page of a voice."""
    return reverse("staff:voice", kwargs={"voice": voice})


def entry_url(entry: UUID) -> str:
    """Give the page of an entry."""
    return reverse("staff:need", kwargs={"entry": entry})


def category_choices(first: Any = None) -> list[tuple[str, Any]]:
    """Give the categories to choose from."""
    kinds = kinds_in_words(list_categories())
    return [("", first), *kinds] if first is not None else kinds


class PlaceFilter(forms.Form):
    """Which community and category; what there is only one of is not asked."""

    community = forms.ChoiceField(label=COMMUNITY, required=False)
    category = forms.ChoiceField(label=gettext_lazy("Category"), required=False)

    def __init__(self, *args: Any, desk: NeedsDesk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        choices = community_choices(desk.actor)
        fields["community"].choices = [("", _("All")), *choices]
        if not choices:
            del fields["community"]
        # Read once: lists name the categories that the machine guesses.
        self.kinds = category_choices()
        fields["category"].choices = [("", _("All")), *self.kinds]

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
