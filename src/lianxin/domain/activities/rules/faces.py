"""Feedback: three faces, a few words, and whether the need was met."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from lianxin.domain.activities.models import Feedback

Face = Feedback.Face
LONGEST_WORDS = 500
OWN_WITHIN = timedelta(days=30)
"""So long after an occurrence those who came can say what they thought of it."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What was said about an occurrence or a series."""

    asked: int
    glad: int
    so_so: int
    sad: int
    met: int
    not_met: int

    @property
    def given(self) -> int:
        """Give how many said something."""
        return self.glad + self.so_so + self.sad

    @property
    def glad_percent(self) -> int | None:
        """Give how many of a hundred were glad; nothing while nobody has said anything."""
        return round(100 * self.glad / self.given) if self.given else None

    @property
    def met_percent(self) -> int | None:
        """Give for how many of a hundred who answered this the need was met."""
        answered = self.met + self.not_met
        return round(100 * self.met / answered) if answered else None


def opinion(asked: int, faces: Mapping[int, int], met: Mapping[bool | None, int]) -> Opinion:
    """Sum up how many gave which face and which answer."""
    return Opinion(
        asked=asked,
        glad=faces.get(Face.GLAD, 0),
        so_so=faces.get(Face.SO_SO, 0),
        sad=faces.get(Face.SAD, 0),
        met=met.get(True, 0),
        not_met=met.get(False, 0),
    )


def may_still_say(ends_at: datetime, at: datetime) -> bool:
    """Tell whether somebody who came can still give or change feedback alone."""
    return at <= ends_at + OWN_WITHIN
