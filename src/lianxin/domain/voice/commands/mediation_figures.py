"""What figures count of mediations: agreements and endings, by their day; nothing else of them is ever counted."""

from __future__ import annotations

from datetime import datetime

from lianxin.domain.voice.models import Mediation
from lianxin.platform import facts
from lianxin.platform.clock import local_day

AGREED, ENDED = "mediations_agreed", "mediations_ended"


def note_agreed(row: Mediation) -> None:
    """Count an agreement on its day."""
    assert row.agreed_on is not None
    facts.record(measure=AGREED, record=row, quantity=1, community_id=row.community_id, on=row.agreed_on)


def note_ended(row: Mediation, *, at: datetime) -> None:
    """Count the end of a mediation, whatever it was."""
    facts.record(measure=ENDED, record=row, quantity=1, community_id=row.community_id, on=local_day(at))
