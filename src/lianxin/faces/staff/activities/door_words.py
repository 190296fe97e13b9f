"""The words of checking in: how somebody was known, and where a line of the door stands."""

from __future__ import annotations

from typing import Any

from django.utils.translation import pgettext_lazy as _p

from lianxin.domain.activities.models import Attendance, Feedback
from lianxin.domain.activities.queries.attendance import ABSENT, CAME, HELPS, WAITING

KINDS: dict[str, Any] = {
    ABSENT: _p("door", "Not here yet"),
    CAME: _p("door", "Here"),
    WAITING: _p("door", "On the waiting list"),
    HELPS: _p("door", "Volunteers expected"),
}
KIND_TONES = {ABSENT: "quiet", CAME: "done", WAITING: "due", HELPS: "info"}
HOW = dict(Attendance.How.choices)
FACES = dict(Feedback.Face.choices)
FACE_SIGNS = {Feedback.Face.GLAD: "mood-smile", Feedback.Face.SO_SO: "mood-empty", Feedback.Face.SAD: "mood-sad"}
FACE_TONES = {Feedback.Face.GLAD: "done", Feedback.Face.SO_SO: "due", Feedback.Face.SAD: "stop"}
