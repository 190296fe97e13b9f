"""What states and acts of votes and opinion maps are called on these pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.voice.models import AssentRegister, OpinionMap, RegisterFlat, Statement, Vote
from lianxin.domain.voice.rules.registers import square_metres
from lianxin.engines.ballots.assent import Choice
from lianxin.engines.ballots.consent import Position
from lianxin.faces.kit.timelines import Happening, happenings
from lianxin.platform import audit
from lianxin.platform.audit import TimelineEntry

from ..settings.act_words import all_acts

VOTE_TONES = {
    Vote.State.DRAFT: "quiet",
    Vote.State.OPEN: "due",
    Vote.State.CLOSED: "done",
    Vote.State.VOID: "stop",
}
REGISTER_TONES = {AssentRegister.State.DRAFT: "due", AssentRegister.State.FIXED: "done"}
MAP_TONES = {OpinionMap.State.DRAFT: "quiet", OpinionMap.State.OPEN: "due", OpinionMap.State.CLOSED: "done"}
STATEMENT_TONES = {
    Statement.State.WAITING: "due",
    Statement.State.SHOWN: "done",
    Statement.State.HIDDEN: "quiet",
}
REACH_TONES = {
    RegisterFlat.Reach.NOT_REACHED: "due",
    RegisterFlat.Reach.REACHED: "done",
    RegisterFlat.Reach.ABROAD: "info",
}
ASSENT_CHOICES = (
    (Choice.AGREE, pgettext_lazy("ballot", "Agrees")),
    (Choice.AGAINST, pgettext_lazy("ballot", "Is against it")),
    (Choice.ABSTAIN, pgettext_lazy("ballot", "Abstains")),
)
CONSENT_CHOICES = (
    (Position.CONSENT, pgettext_lazy("ballot", "Consents")),
    (Position.CONCERN, pgettext_lazy("ballot", "Consents with a concern")),
    (Position.OBJECT, pgettext_lazy("ballot", "Objects")),
    (Position.ASIDE, pgettext_lazy("ballot", "Stands aside")),
)
SAID = {str(code): label for code, label in (*ASSENT_CHOICES, *CONSENT_CHOICES)}
OPINIONS = {
    1: pgettext_lazy("opinion", "Agree"),
    -1: pgettext_lazy("opinion", "Disagree"),
    0: pgettext_lazy("opinion", "Pass"),
}
FIELDS: dict[str, Any] = {
    "state": pgettext_lazy("voice", "state"),
    "question": gettext_lazy("question"),
    "name": pgettext_lazy("voice", "name"),
    "flat": pgettext_lazy("voice", "flat"),
    "flats": pgettext_lazy("voice", "flats"),
    "voters": pgettext_lazy("voice", "people who answered"),
    "statements": pgettext_lazy("voice", "statements"),
    "number": pgettext_lazy("voice", "number"),
    "card": pgettext_lazy("voice", "card"),
    "carried": pgettext_lazy("voice", "carried"),
}
STATES: dict[str, dict[str, Any]] = {
    "voice.vote": dict(Vote.State.choices),
    "voice.assentregister": dict(AssentRegister.State.choices),
    "voice.opinionmap": dict(OpinionMap.State.choices) | dict(Statement.State.choices),
}


def story_of(kind: str, record: UUID) -> list[Happening]:
    """Give what happened to a record in words; the caller has asked who may see it."""
    return _story(audit.entries_for(kind, record), STATES[kind])


def _story(entries: Sequence[TimelineEntry], states: dict[str, Any]) -> list[Happening]:
    shown = [replace(entry, change=_in_words(entry.change, states)) for entry in entries]
    return happenings(list[Any](shown), titles=all_acts(), labels=FIELDS)


def _in_words(change: dict[str, Any], states: dict[str, Any]) -> dict[str, Any]:
    return {
        name: [_word(name, one, states) for one in pair]
        for name, pair in change.items()
        if name in FIELDS and isinstance(pair, list) and len(pair) == 2 and pair[0] != pair[1]
    }


def _word(name: str, value: Any, states: dict[str, Any]) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(states.get(value, value)) if name == "state" else str(value)


def metres(area_dm2: int) -> str:
    """Give an area in words."""
    return _("%(area)s m²") % {"area": square_metres(area_dm2)}


def said_by(choice: dict[str, Any], vote: Vote) -> str:
    """Word what a ballot says."""
    words = {one["code"]: one["words"] for one in vote.options}
    if "choice" in choice:
        return str(SAID.get(choice["choice"], choice["choice"]))
    if "scores" in choice:
        return "、".join(f"{words.get(code, code)} {points}" for code, points in sorted(choice["scores"].items()))
    if "order" in choice:
        return " > ".join(" = ".join(words.get(code, code) for code in tier) for tier in choice["order"])
    return _("%(for)d for, %(against)d against, %(abstain)d abstain, of %(present)d present") % choice
