"""What states, lights, tiers and steps of cases are called on these pages, and who is named."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.voice.models import Case, CaseAnswer, CaseLink, CaseReport, Channel, How
from lianxin.domain.voice.queries.alike import AlikeCase

State = Case.State
STATE_TONES = {
    State.NEW: "due",
    State.ASSIGNED: "info",
    State.WORKING: "info",
    State.WAITING: "quiet",
    State.HANDED: "info",
    State.DONE: "due",
    State.CONFIRMED: "done",
    State.SILENT: "quiet",
    State.DECLINED: "stop",
    State.WITHDRAWN: "quiet",
    State.JOINED: "quiet",
}
ANSWER_TONES = {
    CaseAnswer.State.SENT: "done",
    CaseAnswer.State.TO_TELL: "due",
    CaseAnswer.State.TO_HAND: "due",
    CaseAnswer.State.TOLD: "done",
    CaseAnswer.State.SHOWN: "quiet",
}
# Never by colour alone: each tone has its own icon, and the word stands beside it.
LIGHTS: dict[str, tuple[str, Any]] = {
    "blue": ("info", pgettext_lazy("light", "in time")),
    "yellow": ("due", pgettext_lazy("light", "due soon")),
    "red": ("stop", pgettext_lazy("light", "late")),
    "still": ("quiet", pgettext_lazy("light", "no clock runs")),
}
TIERS: dict[str, Any] = {
    "simple": pgettext_lazy("tier", "Small matter, done simply"),
    "fast": pgettext_lazy("tier", "Urgent matter, done fast"),
    "full": pgettext_lazy("tier", "Hard matter, deliberated by all"),
}
LINKS: dict[str, tuple[str, str]] = {
    CaseLink.Kind.NEED: ("staff:voice", "voice"),
    CaseLink.Kind.BOOKING: ("staff:booking", "booking"),
    CaseLink.Kind.ACTIVITY: ("staff:activity", "activity"),
    CaseLink.Kind.MATTER: ("staff:matter", "matter"),
    CaseLink.Kind.MEDIATION: ("staff:mediation", "mediation"),
    CaseLink.Kind.DUPLICATE: ("staff:case", "case"),
}
HOWS = dict(How.choices)
CHANNELS = dict(Channel.choices)
SAID_HOWS = dict(CaseReport.SaidHow.choices)
LEAST_ALIKE = 0.18
NOBODY = gettext_lazy("Whoever is at the desk of the community")


def looks_alike(one: AlikeCase) -> bool:
    """Tell whether a case is worth showing beside another: the same place, or words in common and not mere signs."""
    return one.is_same_place or (one.score >= LEAST_ALIKE and any(len(word) > 1 for word in one.shared))


def light_chip(light: str, due: str) -> tuple[str, str]:
    """Give the tone and the words of a light; the day it is due stands beside the word."""
    tone, word = LIGHTS[light]
    return tone, f"{word} · {due}" if due else str(word)


def short(words: str, most: int = 30) -> str:
    """Give the beginning of some words."""
    return words if len(words) <= most else words[:most] + "…"


def hidden_name() -> str:
    """Give what stands where somebody may not be named to who reads."""
    return _("kept from view")
