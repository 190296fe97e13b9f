"""The words of an import: its states, and what is shown of a run."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from lianxin.platform import contributions
from lianxin.platform.models import Run
from lianxin.platform.runs import RunKind

STATES: dict[str, tuple[Any, str]] = {
    Run.State.STAGING: (_("being checked"), "info"),
    Run.State.STAGED: (_("checked, waits for you"), "due"),
    Run.State.APPLYING: (_("being entered"), "info"),
    Run.State.DONE: (_("entered"), "done"),
    Run.State.REFUSED: (_("could not be read"), "stop"),
    Run.State.UNDOING: (_("being taken back"), "info"),
    Run.State.UNDONE: (_("taken back"), "quiet"),
}
MOVING = (Run.State.STAGING, Run.State.APPLYING, Run.State.UNDOING)
PROGRESS_TITLES: dict[str, Any] = {
    Run.State.STAGING: _("Reading and checking the rows"),
    Run.State.APPLYING: _("Entering the rows"),
    Run.State.UNDOING: _("Taking the rows back"),
}


def kinds() -> list[RunKind]:
    """Give every kind of import that the modules registered."""
    return list(contributions.every("run_kinds"))


def label_of(kind: str) -> Any:
    """Give the word for a kind of import; one that is no longer known keeps its name."""
    return next((each.label for each in kinds() if each.name == kind), kind)
