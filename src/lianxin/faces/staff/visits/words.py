"""What states, reasons and acts of visits are called on these pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from lianxin.domain.needs.models import Visit, VisitConflict, VisitPromise
from lianxin.domain.needs.queries.visit_homes import VisitHome
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.timelines import Happening, happenings
from lianxin.platform.audit import TimelineEntry

from ..points.lists import Cell
from ..settings.act_words import all_acts

State = Visit.State
VISIT_TONES = {
    State.PLANNED: "info",
    State.DONE: "done",
    State.ABSENT: "due",
    State.REFUSED: "stop",
    State.VOID: "quiet",
}
PROMISE_TONES = {
    VisitPromise.State.OPEN: "due",
    VisitPromise.State.KEPT: "done",
    VisitPromise.State.DROPPED: "stop",
}
CONFLICT_TONES = {
    VisitConflict.State.OPEN: "due",
    VisitConflict.State.TAKEN: "done",
    VisitConflict.State.LEFT: "quiet",
}
FIELDS: dict[str, Any] = {
    "state": pgettext_lazy("visits", "state"),
    "due_on": pgettext_lazy("visits", "due by"),
    "reason": pgettext_lazy("visits", "why"),
}
WORDS: dict[str, dict[str, Any]] = {"state": dict(State.choices), "reason": dict(Visit.Reason.choices)}


def state_cell(row: Visit, on: date) -> Cell:
    """Say how a visit stands; a planned one whose day is over is late."""
    if row.state == State.PLANNED and row.due_on < on:
        days = (on - row.due_on).days
        return Cell(ngettext("%(n)d day late", "%(n)d days late", days) % {"n": days}, tone="due")
    return Cell(row.get_state_display(), tone=VISIT_TONES[State(row.state)])


def household_words(home: VisitHome | None) -> str:
    """Name a household: its number and its head; one that lives in another community now is only told so."""
    if home is None:
        return _("moved to another community")
    return home.number


def members_words(home: VisitHome | None, *, most: int = 3) -> str:
    """Say who lives there: the first by name, how many in all, and what to mind."""
    if home is None:
        return ""
    if not home.members:
        return _("nobody on record")
    said = "、".join(_aged(one.name, one.age) for one in home.members[:most])
    if len(home.members) > most:
        said += " " + _("%(n)d in all") % {"n": len(home.members)}
    return " · ".join([said, *home.flags])


def _aged(name: str, age: int | None) -> str:
    return name if age is None else f"{name} {age}"


def worker_words(row: Visit, names: dict[UUID, str]) -> str:
    """Say who goes."""
    return names.get(row.worker, "") if row.worker else _("nobody yet")


def story(entries: Sequence[TimelineEntry]) -> list[Happening]:
    """Word what happened to a visit."""
    shown = [replace(entry, change=_in_words(entry.change)) for entry in entries]
    return happenings(list[Any](shown), titles=all_acts(), labels=FIELDS)


def _in_words(change: dict[str, Any]) -> dict[str, Any]:
    return {
        name: [_word(name, one) for one in pair]
        for name, pair in change.items()
        if name in FIELDS and isinstance(pair, list) and len(pair) == 2 and pair[0] != pair[1]
    }


def _word(name: str, value: Any) -> str:
    if value in (None, ""):
        return ""
    if name == "due_on":
        return spoken(date.fromisoformat(value))
    return str(WORDS.get(name, {}).get(value, value))
