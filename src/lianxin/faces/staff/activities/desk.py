"""One activity or one of its dates open on the desk, and the ways between their pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.domain.activities import policy
from lianxin.domain.activities.models import Activity, Occurrence
from lianxin.domain.activities.queries.activities import find_activity
from lianxin.domain.activities.queries.occurrences import find_occurrence
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.navigation import url_or_none
from lianxin.platform.actors import Actor
from lianxin.platform.clock import now

from ..acting import Crumbs
from .words import OCCURRENCE_TONES, when_words

Tabs = list[tuple[Any, str, bool, Any]]


@dataclass(frozen=True)
class ActivityDesk:
    """Who asks when about which activity."""

    actor: Actor
    row: Activity
    at: datetime

    @property
    def plans(self) -> bool:
        """Tell whether the actor may plan and publish it."""
        return policy.may_plan(self.actor, self.row.community_id)

    @property
    def drafts(self) -> bool:
        """Tell whether the actor may change it: who plans, and a host while it is a draft."""
        return self.plans or (self.row.state == Activity.State.DRAFT and self.actor.holds("host"))

    def url(self, name: str) -> str:
        """Give the address of one of its pages."""
        return reverse(f"staff:{name}", kwargs={"activity": self.row.pk})

    def crumbs(self, *way: tuple[Any, str]) -> Crumbs:
        """Give the way from the list to a page; the last step has no address."""
        return [(_("Activities"), reverse("staff:activities")), *way]


@dataclass(frozen=True)
class OccurrenceDesk:
    """Who asks when about which date of an activity."""

    actor: Actor
    row: Occurrence
    at: datetime

    @property
    def runs(self) -> bool:
        """Tell whether the actor runs it: changes it, sits at its door."""
        return policy.may_run(self.actor, self.row.community_id, self.row.venue_id)

    @property
    def title(self) -> str:
        """Give what this date is called."""
        return self.row.title or self.row.activity.title

    @property
    def when(self) -> str:
        """Say when it is."""
        return when_words(self.row.starts_at, self.row.ends_at)

    def url(self, name: str) -> str:
        """Give the address of one of its pages."""
        return reverse(f"staff:{name}", kwargs={"occurrence": self.row.pk})

    def tabs(self, here: str) -> Tabs:
        """Give the pages of a date; a page that this program does not have is left out."""
        pages = [("occurrence", _("Overview"))]
        if self.row.takes_sign_ups:
            pages.append(("sign_ups", pgettext("activity", "Sign-ups")))
        pages += [
            ("check_in", pgettext("activity", "Check-in")),
            ("attendance", pgettext("activity", "Who came")),
            ("occurrence_shifts", pgettext("activity", "Volunteers")),
            ("feedback", pgettext("activity", "Feedback")),
            ("pictures", pgettext("activity", "Pictures")),
            ("publicity", pgettext("activity", "Publicity")),
        ]
        found = [(word, url_or_none(f"staff:{name}", occurrence=self.row.pk), name) for name, word in pages]
        return [(word, url, name == here, None) for word, url, name in found if url]

    def crumbs(self, *way: tuple[Any, str]) -> Crumbs:
        """Give the way from the list to a page of this date; the last step has no address."""
        activity = reverse("staff:activity", kwargs={"activity": self.row.activity_id})
        here = self.url("occurrence") if way else ""
        return [
            (_("Activities"), reverse("staff:activities")),
            (self.row.activity.title, activity),
            (self.when, here),
            *way,
        ]

    def context(self, here: str, *way: tuple[Any, str]) -> dict[str, Any]:
        """Give what every page of a date is drawn with: head, tabs, the way back. `parts` are the tabs."""
        state = Occurrence.State(self.row.state)
        return {
            "desk": self,
            "occurrence": self.row,
            "title": self.title,
            "heading": False,
            "subtitle": f"{self.when} · {self.where}" if self.where else self.when,
            "state_label": state.label,
            "state_tone": OCCURRENCE_TONES[state],
            "parts": self.tabs(here),
            "crumbs": self.crumbs(*way),
            "facts": self.facts(),
        }

    def facts(self) -> list[tuple[Any, Any]]:
        """Give what every page of a date says at its side."""
        row = self.row
        facts: list[tuple[Any, Any]] = [
            (pgettext("activity", "When"), self.when),
            (pgettext("activity", "Where"), self.where or "—"),
            (pgettext("activity", "Places"), _("as many as come") if row.size is None else row.size),
        ]
        if row.takes_sign_ups:
            facts += [(pgettext("activity", "Taken"), row.taken), (pgettext("activity", "Waiting"), row.waiting)]
        return facts

    @property
    def where(self) -> str:
        """Say where it is."""
        row = self.row
        named = (row.venue.name if row.venue else "", row.room.name if row.room else "", row.place)
        return " ".join(filter(None, named))


def activity_desk(request: HttpRequest, activity: UUID) -> ActivityDesk:
    """Open an activity that the actor works with; raises Missing."""
    actor = actor_of(request)
    return ActivityDesk(actor, find_activity(actor=actor, activity=activity), now())


def occurrence_desk(request: HttpRequest, occurrence: UUID) -> OccurrenceDesk:
    """Open a date that the actor works with; raises Missing."""
    actor = actor_of(request)
    return OccurrenceDesk(actor, find_occurrence(actor=actor, occurrence=occurrence), now())
