"""What every page of surveys is drawn with, and what states are called on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from lianxin.domain.needs import policy
from lianxin.domain.needs.models import Submission, Survey
from lianxin.domain.needs.queries import surveys as queries
from lianxin.domain.needs.rules.surveys import standing
from lianxin.faces.kit.timelines import Happening, happenings
from lianxin.platform.audit import TimelineEntry

from ..needs.desk import NeedsDesk, desk_of
from ..settings.act_words import all_acts

STANDINGS: dict[str, tuple[Any, str]] = {
    "draft": (pgettext_lazy("survey", "draft"), "quiet"),
    "open": (pgettext_lazy("survey", "open"), "done"),
    "not_yet": (pgettext_lazy("survey", "opens later"), "info"),
    "closed": (pgettext_lazy("survey", "closed"), "quiet"),
}
SUBMISSION_TONES = {
    Submission.State.RECEIVED: "done",
    Submission.State.EDITED: "quiet",
    Submission.State.REJECTED: "stop",
}
FIELDS: dict[str, Any] = {
    "title": pgettext_lazy("survey", "title"),
    "state": pgettext_lazy("survey", "state"),
    "purpose": pgettext_lazy("survey", "purpose"),
    "number": pgettext_lazy("survey", "version"),
}
STATES = dict(Survey.State.choices) | dict(Submission.State.choices)
__all__ = ["NeedsDesk", "desk_of"]


def survey_url(survey: UUID, name: str = "survey") -> str:
    """Give a page of a survey."""
    return reverse(f"staff:{name}", kwargs={"survey": survey})


def state_of(row: Survey, desk: NeedsDesk) -> tuple[Any, str]:
    """Say how a survey stands at the moment, with a tone."""
    return STANDINGS[standing(row.state, row.opens_at, row.closes_at, desk.at)]


def keeps(row: Survey, desk: NeedsDesk) -> bool:
    """Tell whether the reader changes this survey."""
    return policy.may_survey_any(desk.actor) and queries.may_keep(actor=desk.actor, survey=row)


def crumbs(row: Survey | None, *way: tuple[Any, str]) -> list[tuple[Any, str]]:
    """Give the way to a page of surveys."""
    start: list[tuple[Any, str]] = [
        (pgettext("needs", "Needs"), reverse("staff:needs")),
        (pgettext("survey", "Surveys"), reverse("staff:surveys")),
    ]
    if row is not None:
        start.append((row.title, survey_url(row.pk) if way else ""))
    return [*start, *way]


def public_url(request: HttpRequest, row: Survey) -> str:
    """Give the link under which anybody answers."""
    return request.build_absolute_uri(reverse("resident:survey", args=[row.slug]))


def story(entries: Sequence[TimelineEntry]) -> list[Happening]:
    """Word what happened to a survey or a filled form."""
    shown = [replace(entry, change=_in_words(entry.change)) for entry in entries]
    return happenings(list[Any](shown), titles=all_acts(), labels=FIELDS)


def _in_words(change: dict[str, Any]) -> dict[str, Any]:
    return {
        name: [str(STATES.get(one, one))[:80] if one not in (None, "") else "" for one in pair]
        for name, pair in change.items()
        if name in FIELDS and isinstance(pair, list) and len(pair) == 2 and pair[0] != pair[1]
    }


def yes_no(value: bool) -> str:
    """Say yes or no."""
    return _("yes") if value else _("no")
