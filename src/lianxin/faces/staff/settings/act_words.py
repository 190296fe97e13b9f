"""What each act of the audit log is called: the program's own here, a module's in `act_words.py` beside its pages."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from django.utils.translation import pgettext_lazy as _

from lianxin.faces import staff

ACTS: dict[str, Any] = {
    "channels.publish_template": _("act", "Published the text of a message"),
    "platform.ask_for_proof": _("act", "Asked to prove the log"),
    "platform.enqueue_sample_parts": _("act", "Let the sample be built"),
    "platform.finish_deployment": _("act", "Finished the installation"),
    "platform.found_deployment": _("act", "Began the installation"),
    "platform.look_behind_mask": _("act", "Looked behind a mask"),
    "platform.remove_calendar_day": _("act", "Removed a day of the calendar"),
    "platform.resend_message": _("act", "Sent a message again"),
    "platform.resume_job": _("act", "Let a job go on"),
    "platform.rotate_key": _("act", "Changed a key"),
    "platform.set_calendar_days": _("act", "Entered days of the calendar"),
    "platform.show_sample_logins": _("act", "Showed the sample's logins"),
    "runs.apply": _("act", "Let an import be entered"),
    "runs.apply_chunk": _("act", "Entered rows of an import"),
    "runs.start": _("act", "Sent in a table"),
    "runs.undo": _("act", "Let an import be taken back"),
    "runs.undo_chunk": _("act", "Took rows of an import back"),
}


@cache
def all_acts() -> dict[str, Any]:
    """Give the words of every module that has pages in the office."""
    found: dict[str, Any] = {}
    for package in iter_modules(staff.__path__, f"{staff.__name__}."):
        if package.ispkg and any(inner.name == "act_words" for inner in _modules_of(package.name)):
            found |= import_module(f"{package.name}.act_words").ACTS
    return found


def _modules_of(package: str) -> Any:
    return iter_modules(import_module(package).__path__)


def act_word(action: str) -> Any:
    """Say what an act was; an act without words keeps its code."""
    return all_acts().get(action, action)
