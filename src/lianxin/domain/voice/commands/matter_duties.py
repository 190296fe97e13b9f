"""What staff must do by a time because of matters: hold a meeting, write minutes, keep and verify what was promised."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils.translation import gettext as _

from lianxin.domain.voice.models import Commitment, Meeting
from lianxin.domain.voice.rules import commitments as rules
from lianxin.platform import duties
from lianxin.platform.clock import local_moment

HOLD, MINUTES, PLACE = "voice.hold_meeting", "voice.write_minutes", "voice.find_a_room"
KEEP, VERIFY = "voice.keep_commitment", "voice.verify_commitment"
EVENING = time(18)
WRITE_WITHIN = timedelta(days=3)
VERIFY_WITHIN = timedelta(days=5)
PLACE_WITHIN = timedelta(days=2)
STAFF = "community_staff"


def look_at_meeting(row: Meeting, *, title: str) -> None:
    """Open, move or close the duties of a meeting as it stands: to hold it, then to write and close its minutes."""
    named = {"number": row.number, "title": title}
    if row.state == Meeting.State.PLANNED:
        _open(HOLD, row, _("Meeting %(number)d: %(title)s") % named, row.starts_at)
    else:
        duties.close(kind=(HOLD, PLACE), record=row)
    if row.state == Meeting.State.HELD:
        words = _("Write the minutes of meeting %(number)d: %(title)s") % named
        _open(MINUTES, row, words, max(row.starts_at, row.ended_at or row.starts_at) + WRITE_WITHIN)
    else:
        duties.close(kind=MINUTES, record=row)


def ask_for_place(row: Meeting, *, title: str, at: datetime) -> None:
    """Ask for another place for a meeting that lost its room."""
    words = _("Find another place for meeting %(number)d: %(title)s") % {"number": row.number, "title": title}
    _open(PLACE, row, words, min(max(row.starts_at, at), at + PLACE_WITHIN))


def close_place(row: Meeting) -> None:
    """Say that a meeting has a place again."""
    duties.close(kind=PLACE, record=row)


def look_at_commitment(row: Commitment, *, at: datetime) -> None:
    """Open, move or close the duties of a commitment as it stands; its words stand on its page only."""
    named = {"number": row.number}
    if row.state in rules.LIVE:
        _promised(row, _("See that commitment no. %(number)d is kept") % named)
    else:
        duties.close(kind=KEEP, record=row)
    if row.state == Commitment.State.SHOWN:
        duties.open(
            kind=VERIFY,
            record=row,
            community_id=row.community_id,
            title=_("Verify commitment no. %(number)d") % named,
            due_at=at + VERIFY_WITHIN,
            assignee_role=STAFF,
            url_name="staff:commitment",
            url_args={"commitment": str(row.pk)},
        )
    else:
        duties.close(kind=VERIFY, record=row)


def _promised(row: Commitment, words: str) -> None:
    duties.open(
        kind=KEEP,
        record=row,
        community_id=row.community_id,
        title=words,
        due_at=local_moment(row.due_by, EVENING),
        assignee_account=row.owner_account,
        assignee_role="" if row.owner_account else STAFF,
        url_name="staff:commitment",
        url_args={"commitment": str(row.pk)},
    )


def _open(kind: str, row: Meeting, words: str, due_at: datetime) -> None:
    duties.open(
        kind=kind,
        record=row,
        community_id=row.community_id,
        title=words,
        due_at=due_at,
        assignee_role=STAFF,
        url_name="staff:meeting",
        url_args={"meeting": str(row.pk)},
    )
