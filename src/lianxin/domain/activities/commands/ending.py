"""What every end of a sign-up has in common: places go back, and nobody has to be called any more."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from lianxin.domain.activities.commands import counters
from lianxin.domain.activities.models import Occurrence, SignUp
from lianxin.platform import duties

CALL_DUTY = "activities.call_offer"
State = SignUp.State


def end_rows(place: Occurrence, rows: Sequence[SignUp], *, state: str, reason: str, at: datetime) -> None:
    """End live sign-ups of a locked occurrence and give their places back; who was to be called is not any more."""
    held = [row for row in rows if row.state in (State.CONFIRMED, State.OFFERED)]
    waited = sum(row.state == State.WAITING for row in rows)
    SignUp.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=state, ended_at=at, ended_reason=reason[:200], offered_until=None
    )
    counters.move(place.pk, taken=-len(held), waiting=-waited)
    counters.move_limits({limit: -n for limit, n in Counter(row.limit_id for row in held if row.limit_id).items()})
    close_calls(rows)


def close_calls(rows: Sequence[SignUp]) -> None:
    """Close the duties to call those who got a place from the waiting list: they answered, or need not any more."""
    for row in rows:
        if row.state == State.OFFERED or row.decided_at is not None:
            duties.close(kind=CALL_DUTY, record=row)
