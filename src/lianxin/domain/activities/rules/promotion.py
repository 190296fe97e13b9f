"""Who of those waiting is next when places come free, and how long a place is kept for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from uuid import UUID

from lianxin.platform.clock import LOCAL

# Within this time before the start a smaller party passes one for which too few places are free.
LAST_DAY = timedelta(hours=24)
# Nearer to the start than this nobody is asked any more: the place is theirs, and they are told.
AT_ONCE = timedelta(hours=3)
CALL_MINUTES = 24 * 60
NIGHT_FROM, NIGHT_UNTIL = time(21, 0), time(9, 0)


@dataclass(frozen=True, slots=True)
class Party:
    """Those who signed up together and wait together; `held_until`: others come first until then."""

    id: UUID
    size: int
    limits: Mapping[UUID, int] = field(default_factory=dict)
    held_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Next:
    """Whom to promote now, and whether what is still free is kept for somebody who needs more of it."""

    parties: tuple[Party, ...]
    is_kept: bool

    @property
    def is_nobody(self) -> bool:
        """Tell whether a newcomer passes nobody."""
        return not self.parties and not self.is_kept


def whom_to_promote(
    waiting: Sequence[Party],
    *,
    free: int | None,
    limits_free: Mapping[UUID, int],
    at: datetime,
    starts_at: datetime,
) -> Next:
    """Go through the parties in their order and give those for whom there is room (`free` None: no end of it).

    Who may not yet, and who waits for a kind of place that is full, lets others pass. A party that needs more places
    than are free keeps them, until the last day: then whoever fits comes in.
    """
    left, of_limit = free, dict(limits_free)
    chosen: list[Party] = []
    for party in waiting:
        if left is not None and left <= 0:
            break
        if party.held_until is not None and at < party.held_until:
            continue
        if any(of_limit.get(limit, 0) < count for limit, count in party.limits.items()):
            continue
        if left is not None and party.size > left:
            if starts_at - at > LAST_DAY:
                return Next(tuple(chosen), is_kept=True)
            continue
        chosen.append(party)
        left = None if left is None else left - party.size
        for limit, count in party.limits.items():
            of_limit[limit] -= count
    return Next(tuple(chosen), is_kept=False)


def offer_until(
    *, at: datetime, starts_at: datetime, offer_minutes: int, is_called: bool, was_held: bool
) -> datetime | None:
    """Give until when a place is kept for the one who waited, or None when it is theirs at once.

    Those held back by a rule asked a short while ago: they are not asked again. Who has to be called has a day at
    least, and nobody's time runs out at night.
    """
    left = starts_at - at
    if was_held or left <= AT_ONCE:
        return None
    minutes = max(offer_minutes, CALL_MINUTES) if is_called else offer_minutes
    until = min(at + timedelta(minutes=minutes), at + left / 2)
    morning = _after_the_night(until)
    return morning if starts_at - morning >= AT_ONCE else until


def held_until(
    *, first_until: datetime | None, starts_at: datetime, is_early: bool, missed_too_often: bool
) -> datetime | None:
    """Give until when others come first: the first hours, or after two no-shows the last day."""
    if not is_early:
        return None
    if missed_too_often or first_until is None:
        return starts_at - LAST_DAY
    return first_until


def _after_the_night(until: datetime) -> datetime:
    local = until.astimezone(LOCAL)
    if NIGHT_UNTIL <= local.time() < NIGHT_FROM:
        return until
    day = local.date() if local.time() < NIGHT_UNTIL else local.date() + timedelta(days=1)
    return datetime.combine(day, NIGHT_UNTIL, tzinfo=LOCAL).astimezone(until.tzinfo)
