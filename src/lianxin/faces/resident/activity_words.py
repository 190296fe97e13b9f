"""What residents read about activities: when, where, how full, and what became of their sign-up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from lianxin.domain.activities.models import Occurrence, SignUp
from lianxin.domain.activities.queries.occurrences import OccurrenceLine
from lianxin.domain.activities.rules.eligibility import Window
from lianxin.faces.kit.dates import spoken, time_words
from lianxin.platform.clock import LOCAL, local_day

State = SignUp.State
FEW = 5
STATES: dict[str, Any] = {
    State.CONFIRMED: pgettext_lazy("sign-up", "You have a place"),
    State.WAITING: pgettext_lazy("sign-up", "On the waiting list"),
    State.OFFERED: pgettext_lazy("sign-up", "A place is kept for you"),
    State.IN_DRAW: pgettext_lazy("sign-up", "In the draw"),
    State.CANCELLED: pgettext_lazy("sign-up", "Cancelled"),
    State.LAPSED: pgettext_lazy("sign-up", "The offer is over"),
    State.OVER: pgettext_lazy("sign-up", "No place came free"),
}
TONES = {
    State.CONFIRMED: "done",
    State.WAITING: "due",
    State.OFFERED: "due",
    State.IN_DRAW: "info",
    State.CANCELLED: "quiet",
    State.LAPSED: "quiet",
    State.OVER: "quiet",
}
CALLED_OFF = gettext_lazy("Called off")


@dataclass(frozen=True)
class Fullness:
    """How a date stands for somebody who wants to come: words, their tone, and what the button says (empty: none)."""

    label: str
    tone: str
    detail: str
    button: str


def span_words(starts_at: datetime, ends_at: datetime) -> str:
    """Say from when to when something is."""
    begins = spoken(starts_at)
    local = ends_at.astimezone(LOCAL)
    ends = time_words(local.time()) if local_day(starts_at) == local.date() else spoken(ends_at)
    return _("%(begins)s to %(ends)s") % {"begins": begins, "ends": ends}


def fullness(place: Occurrence | OccurrenceLine, window: Window, *, taken: int, waiting: int, at: datetime) -> Fullness:
    """Say how full a date is and what somebody can do about it now."""
    if place.state == Occurrence.State.CANCELLED:
        return Fullness(str(CALLED_OFF), "stop", place.cancel_reason, "")
    phase = window.phase(at)
    if place.state != Occurrence.State.PUBLISHED or phase == "over":
        return Fullness(_("It is over"), "quiet", "", "")
    if not place.takes_sign_ups:
        return Fullness(_("Just come"), "done", _("Nobody has to sign up."), "")
    if phase == "early" and window.opens_at:
        return Fullness(_("Sign-up begins %(when)s") % {"when": spoken(window.opens_at)}, "info", "", "")
    if phase == "closed":
        return Fullness(_("Sign-up is closed"), "quiet", _("Call the community if you still want to come."), "")
    if place.is_drawn:
        until = spoken(window.last)
        return Fullness(
            _("Places are drawn"),
            "info",
            _("Sign up until %(when)s; then it is drawn.") % {"when": until},
            _("Join in"),
        )
    return _open(place.size, taken, waiting)


def _open(size: int | None, taken: int, waiting: int) -> Fullness:
    if size is None:
        return Fullness(pgettext("sign-up", "Open"), "done", _("%(taken)d signed up") % {"taken": taken}, _("Sign up"))
    left = max(size - taken, 0)
    if left and not waiting:
        words = ngettext("%(left)d place left", "%(left)d places left", left) % {"left": left}
        detail = _("%(taken)d of %(size)d are taken") % {"taken": taken, "size": size}
        return Fullness(words, "done" if left > FEW else "due", detail, _("Sign up"))
    detail = (
        ngettext("%(waiting)d person waits", "%(waiting)d people wait", waiting) % {"waiting": waiting}
        if waiting
        else _("All %(size)d places are taken.") % {"size": size}
    )
    return Fullness(_("Full, with a waiting list"), "due", detail, _("Join the waiting list"))
