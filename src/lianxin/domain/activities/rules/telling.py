"""What messages about a sign-up say, and when a person is reminded."""

from datetime import datetime, time, timedelta

from lianxin.platform.clock import LOCAL

FIRST, SECOND = timedelta(hours=24), timedelta(hours=2)
QUIET_FROM, QUIET_UNTIL = time(21, 0), time(8, 0)


def when_words(at: datetime) -> str:
    """Write a moment as short as a message wants it: 11月22日 9:30."""
    local = at.astimezone(LOCAL)
    return f"{local.month}月{local.day}日 {local.hour}:{local.minute:02d}"


def is_quiet(at: datetime) -> bool:
    """Tell whether people sleep at a moment: no message is sent then."""
    clock = at.astimezone(LOCAL).time()
    return clock >= QUIET_FROM or clock < QUIET_UNTIL


def reminder_due(*, starts_at: datetime, accepted_at: datetime, reminded_at: datetime | None, at: datetime) -> bool:
    """Tell whether a reminder is due: one a day before, one two hours before, none to who signed up since."""
    for before in (SECOND, FIRST):
        due_at = starts_at - before
        if due_at <= at < starts_at:
            return accepted_at < due_at and (reminded_at is None or reminded_at < due_at)
    return False
