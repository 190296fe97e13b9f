"""What staff must do because of reception days: hold and close one, find a room for it, call who cannot be texted."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from lianxin.domain.voice.models import ReceptionDay, ReceptionPlace
from lianxin.platform import duties

CLOSE, PLACE, CALL = "voice.reception_close", "voice.reception_place", "voice.reception_call"
PAGE = "staff:reception"
CLOSE_WITHIN = timedelta(days=1)
AHEAD = timedelta(days=7)
"""How long before the day its duty stands on somebody's list."""


def look_at_day(day: ReceptionDay, *, at: datetime) -> None:
    """Open, move or close the duty to hold a day and write down what it came to."""
    if day.state != ReceptionDay.State.PLANNED:
        duties.close(kind=(CLOSE, PLACE), record=day)
    elif day.starts_at <= at + AHEAD:
        duties.open(
            kind=CLOSE,
            record=day,
            community_id=day.community_id,
            title=_("Hold and close: %(title)s, %(day)s") % {"title": day.series.title, "day": day.held_on.isoformat()},
            due_at=day.ends_at + CLOSE_WITHIN,
            assignee_account=day.series.leader_account,
            assignee_role="" if day.series.leader_account else "community_staff",
            url_name=PAGE,
            url_args={"reception": str(day.pk)},
        )


def ask_for_place(day: ReceptionDay, *, at: datetime) -> None:
    """Let somebody find another room: the one of the series is taken or closed on this day."""
    duties.open(
        kind=PLACE,
        record=day,
        community_id=day.community_id,
        title=_("Find a place: %(title)s, %(day)s") % {"title": day.series.title, "day": day.held_on.isoformat()},
        due_at=max(at, min(at + timedelta(days=3), day.starts_at)),
        assignee_role="community_staff",
        url_name=PAGE,
        url_args={"reception": str(day.pk)},
    )


def close_place(day: ReceptionDay) -> None:
    """Say that a day has a place again."""
    duties.close(kind=PLACE, record=day)


def ask_to_call(place: ReceptionPlace, *, title: str, due_at: datetime) -> None:
    """Let somebody call who has no phone that takes messages; their name stands on the day's page only."""
    duties.open(
        kind=CALL,
        record=place,
        community_id=place.community_id,
        title=title,
        due_at=due_at,
        assignee_role="community_staff",
        url_name=PAGE,
        url_args={"reception": str(place.day_id)},
    )


def close_call(place: ReceptionPlace) -> None:
    """Say that they were called, or need not be."""
    duties.close(kind=CALL, record=place)
