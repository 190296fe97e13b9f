"""Words and tones of projects, editions and matching on the office's pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Choices
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.domain.projects.models import Edition, MatchRun, Project, Proposal
from lianxin.faces.kit.dates import spoken
from lianxin.platform.audit import TimelineEntry

PROJECT_TONES = {
    Project.State.DRAFT: "quiet",
    Project.State.APPROVED: "info",
    Project.State.PUBLISHED: "info",
    Project.State.RUNNING: "done",
    Project.State.DONE: "done",
    Project.State.EVALUATED: "done",
    Project.State.CANCELLED: "stop",
}
EDITION_TONES = {Edition.State.DRAFT: "due", Edition.State.ISSUED: "done", Edition.State.DROPPED: "quiet"}
RUN_TONES = {
    MatchRun.State.WAITING: "quiet",
    MatchRun.State.RUNNING: "info",
    MatchRun.State.DONE: "done",
    MatchRun.State.FAILED: "stop",
    MatchRun.State.REPLACED: "quiet",
}
PROPOSAL_TONES = {
    Proposal.State.PROPOSED: "info",
    Proposal.State.ACCEPTED: "done",
    Proposal.State.CHANGED: "done",
    Proposal.State.REFUSED: "stop",
    Proposal.State.REPLACED: "quiet",
}
PARTS = {
    "working_mornings": _("weekday mornings"),
    "working_afternoons": _("weekday afternoons"),
    "working_evenings": _("weekday evenings"),
    "weekend_mornings": _("weekend mornings"),
    "weekend_afternoons": _("weekend afternoons"),
    "weekend_evenings": _("weekend evenings"),
}
UNTOLD = frozenset({"responsible", "picture_id", "category_id", "venue_id"})
MONEY = frozenset({"budget_fen", "spent_fen"})
DAYS = frozenset({"from_on", "until_on"})
FIELDS: dict[str, Any] = {
    "state": _("State"),
    "title": pgettext_lazy("projects", "Name"),
    "purpose": pgettext_lazy("project", "What it is for"),
    "public_text": _("What residents read"),
    "from_on": _("First day"),
    "until_on": _("Last day"),
    "occurrences_planned": _("Occurrences planned"),
    "people_planned": _("Person-times planned"),
    "budget_fen": _("Budget (yuan)"),
    "spent_fen": _("Spent (yuan)"),
    "picture": _("Picture"),
    "state_reason": _("Reason"),
    "money_from": _("Money from"),
    "responsible_name": _("Who answers for it"),
    "venue_id": pgettext_lazy("projects", "Place"),
    "category_id": _("Category"),
    "number": _("Number"),
    "entries": pgettext_lazy("edition", "Entries"),
    "introduction": _("Introduction"),
    "refusal": _("Reason"),
    "starts_at": _("Begins"),
    "people": pgettext_lazy("projects", "People"),
    "proposals": _("Proposals"),
    "dates": _("Dates"),
}


def slot_words(slot: str) -> str:
    """Say a slot of the matcher: the week and the part of it."""
    week, _dash, part = slot.partition("-")
    words = PARTS.get(part)
    return str(_("week %(n)s, %(part)s") % {"n": week, "part": words}) if words else slot


def yuan(fen: int | None) -> str:
    """Give an amount of money."""
    return "—" if not fen else f"{fen / 100:,.2f}"


def share(rate: float | None) -> str:
    """Give a rate in percent."""
    return "—" if rate is None else f"{rate * 100:.1f}%"


def spoken_days(first: date, last: date | None) -> str:
    """Say a stretch of days; the same day is said once, and one without an end begins on a day."""
    if last is None:
        return _gettext("from %(day)s") % {"day": spoken(first)}
    return spoken(first) if first == last else f"{spoken(first)} – {spoken(last)}"


def legible(entries: Sequence[TimelineEntry], states: type[Choices]) -> list[Any]:
    """Give a record's entries in words: its states by name, days and money as they are said, no ids behind names."""
    words = {"state": dict(states.choices), "refusal": dict(Proposal.Refusal.choices)}
    return [
        replace(
            one,
            change={
                name: [_said(name, value, words) for value in pair] if isinstance(pair, list | tuple) else pair
                for name, pair in one.change.items()
                if name not in UNTOLD
            },
        )
        for one in entries
    ]


def _said(name: str, value: Any, words: dict[str, dict[Any, Any]]) -> Any:
    """Say one value of a changed field."""
    if isinstance(value, bool):
        return _gettext("yes") if value else _gettext("no")
    if name in MONEY and isinstance(value, int):
        return yuan(value)
    if name in DAYS and isinstance(value, str) and value:
        return spoken(date.fromisoformat(value[:10]))
    return str(words.get(name, {}).get(value, value)) if isinstance(value, str) else value
