"""Plain words for how a case stands: its state, its clock, its steps, and what waits for whom."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.voice.models import Case, Confidentiality
from lianxin.domain.voice.queries.board import Line
from lianxin.faces.kit.dates import spoken
from lianxin.platform.clock import local_day

State = Case.State
TONES = {
    State.NEW: "due", State.ASSIGNED: "info", State.WORKING: "info", State.WAITING: "due", State.HANDED: "info",
    State.DONE: "done", State.CONFIRMED: "done", State.SILENT: "quiet", State.DECLINED: "quiet",
    State.WITHDRAWN: "quiet", State.JOINED: "info",
}  # fmt: skip
SENTENCES = {
    State.NEW: gettext_lazy("We have it. It is being given to who looks after it."),
    State.ASSIGNED: gettext_lazy("Somebody looks after it."),
    State.WORKING: gettext_lazy("We are at work on it."),
    State.WAITING: gettext_lazy("It waits; why stands below."),
    State.HANDED: gettext_lazy("It lies with somebody else; we follow it up."),
    State.DONE: gettext_lazy("We say it is done. Do you say so too?"),
    State.CONFIRMED: gettext_lazy("Solved, you say."),
    State.SILENT: gettext_lazy("Closed, as nobody said anything."),
    State.DECLINED: gettext_lazy("It cannot be done; why stands below."),
    State.WITHDRAWN: gettext_lazy("You took it back."),
    State.JOINED: gettext_lazy("It goes on together with the same matter of others."),
}
# Neighbours read no promises made to somebody else.
PUBLIC = {
    State.NEW: pgettext_lazy("board", "heard"),
    State.ASSIGNED: pgettext_lazy("board", "looked after"),
    State.WORKING: pgettext_lazy("board", "being worked on"),
    State.WAITING: pgettext_lazy("board", "waiting"),
    State.HANDED: pgettext_lazy("board", "handed over, followed up by us"),
    State.DONE: pgettext_lazy("board", "done, says the office"),
    State.CONFIRMED: pgettext_lazy("board", "done, and residents say so"),
    State.SILENT: pgettext_lazy("board", "done, nobody said more"),
    State.DECLINED: pgettext_lazy("board", "not possible"),
    State.WITHDRAWN: pgettext_lazy("board", "taken back"),
    State.JOINED: pgettext_lazy("board", "joined with another"),
}
TIERS = {
    "simple": gettext_lazy("A small matter: settled simply"),
    "fast": gettext_lazy("An urgent matter: settled fast"),
    "full": gettext_lazy("A hard matter: talked over by all"),
}
KNOWN_TO = {
    Confidentiality.OPEN: gettext_lazy("everybody, without your name"),
    Confidentiality.CONFIDENTIAL: gettext_lazy("only those who work on it"),
    Confidentiality.ANONYMOUS: gettext_lazy("those who work on it; nobody is noted with it"),
}


def state_words(state: str) -> str:
    """Say in one sentence how it stands, to who told it."""
    return str(SENTENCES[State(state)])


def public_words(state: str) -> str:
    """Say how it stands, to everybody."""
    return str(PUBLIC[State(state)])


def tone_of(state: str) -> str:
    """Give the tone of a state's chip."""
    return TONES[State(state)]


def board_line(line: Line) -> dict[str, Any]:
    """Give what a list shows of a public case."""
    return {
        "id": line.id,
        "title": line.title,
        "subject": line.subject_label,
        "place": line.place,
        "state": public_words(line.state),
        "tone": tone_of(line.state),
        "voices": line.voices,
        "since": line.opened_on,
    }


def due_words(due_at: datetime, *, at: datetime, is_assumed: bool) -> list[str]:
    """Say by when it shall be settled, whether that is past, and whether the day may still move."""
    day = spoken(due_at)
    told = [_("by %(day)s") % {"day": day}]
    if due_at < at:
        told.append(_("This is past. We are sorry; the office above was told."))
    if is_assumed:
        told.append(_("The holidays of that year are not published yet, so the day may still move a little."))
    return told


def wait_words(words: str, *, since: datetime, again_by: date) -> str:
    """Say since when and why a case waits, and when somebody looks at it again."""
    return _("It waits since %(since)s: %(words)s. We look at it again by %(day)s.") % {
        "since": spoken(local_day(since)),
        "words": words.rstrip("。.！!"),
        "day": spoken(again_by),
    }


def handed_words(name: str, *, answer_by: date, number: str) -> str:
    """Say who has it now, by when they answer, and their number for it."""
    told = _("It lies with %(name)s, who answers by %(day)s. We stay the ones you ask.") % {
        "name": name, "day": spoken(answer_by)
    }  # fmt: skip
    return told + " " + _("Their number: %(number)s") % {"number": number} if number else told
