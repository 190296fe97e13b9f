"""What states, sides and talks of mediations are called on these pages; a side is a number until it is opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from lianxin.domain.voice.models import CourtConfirmation, Mediation, MediationParty
from lianxin.faces.kit.timelines import Happening, happenings
from lianxin.platform.audit import TimelineEntry

from ..settings.act_words import all_acts

TONES: dict[str, str] = {
    Mediation.State.ASKED: "due",
    Mediation.State.ACCEPTED: "info",
    Mediation.State.TALKING: "info",
    Mediation.State.AGREED: "info",
    Mediation.State.PERFORMED: "done",
    Mediation.State.FAILED: "quiet",
    Mediation.State.BROKEN: "stop",
    Mediation.State.WITHDRAWN: "quiet",
}
COURT_TONES: dict[str, str] = {
    CourtConfirmation.State.POSSIBLE: "due",
    CourtConfirmation.State.APPLIED: "info",
    CourtConfirmation.State.CONFIRMED: "done",
    CourtConfirmation.State.REFUSED: "stop",
    CourtConfirmation.State.LAPSED: "quiet",
    CourtConfirmation.State.WAIVED: "quiet",
}
FIELDS: dict[str, Any] = {
    "state": pgettext_lazy("mediation", "state"),
    "court": pgettext_lazy("mediation", "the court"),
}
WORDS = dict(Mediation.State.choices) | dict(CourtConfirmation.State.choices)


def name_of(row: Mediation) -> str:
    """Name a mediation by its number."""
    return _("Mediation No. %(number)d") % {"number": row.number}


def side_names(parties: Sequence[MediationParty]) -> dict[Any, str]:
    """Name the sides without naming anybody: the asking side, the other side, with numbers where there are several."""
    found: dict[Any, str] = {}
    for side in MediationParty.Side.values:
        some = [one for one in parties if one.side == side]
        for number, one in enumerate(some, start=1):
            label = (
                pgettext("mediation", "The side that asks")
                if side == "asking"
                else pgettext("mediation", "The other side")
            )
            found[one.pk] = f"{label} {number}" if len(some) > 1 else label
    return found


def story(entries: Sequence[TimelineEntry]) -> list[Happening]:
    """Word what happened to a mediation."""
    shown = [replace(entry, change=_in_words(entry.change)) for entry in entries]
    return happenings(list[Any](shown), titles=all_acts(), labels=FIELDS)


def _in_words(change: dict[str, Any]) -> dict[str, Any]:
    return {
        name: ["" if one in (None, "") else str(WORDS.get(one, one))[:80] for one in pair]
        for name, pair in change.items()
        if name in FIELDS and isinstance(pair, list) and len(pair) == 2 and pair[0] != pair[1]
    }
