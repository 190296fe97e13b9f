"""What becomes of points as time goes by and families change: pure arithmetic over lots."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

WARN_DAYS = (30, 7, 1)
# When a community's rules say nothing yet.
ESTATE_DAYS = 365
NOTICE_DAYS = 7

Lots = Mapping[date, int]


def share(total: int, weights: Sequence[int]) -> list[int]:
    """Divide a whole number by weights, the remainder to the largest fractions; the first of equals goes first."""
    of = sum(weights)
    if not of:
        return [0 for _weight in weights]
    parts = [total * weight // of for weight in weights]
    by_fraction = sorted(range(len(weights)), key=lambda place: (-(total * weights[place] % of), place))
    for place in by_fraction[: total - sum(parts)]:
        parts[place] += 1
    return parts


def free_lots(lots: Lots, held: int) -> dict[date, int]:
    """Give what is not kept aside: a reservation takes the points that expire first."""
    free = {}
    for on in sorted(lots):
        kept = min(held, lots[on])
        held -= kept
        if lots[on] > kept:
            free[on] = lots[on] - kept
    return free


def share_of_leavers(lots: Lots, *, staying: int, leaving: int) -> dict[date, int]:
    """Give the points by expiry day that go with those who leave a household, by heads."""
    days = sorted(lots)
    total = sum(lots.values())
    _kept, going = share(total, [staying, leaving])
    return {on: part for on, part in zip(days, share(going, [lots[on] for on in days]), strict=True) if part}


def due_lots(lots: Lots, *, free: int, today: date) -> dict[date, int]:
    """Give the points whose last day is over, the oldest first, and no more than are free."""
    due = {}
    for on in sorted(lots):
        if on >= today or not free:
            break
        due[on] = min(lots[on], free)
        free -= due[on]
    return due


def warning_of(expires_on: date, today: date) -> int | None:
    """Tell which warning is due for points with this last day: 30, 7 or 1 days ahead, or none."""
    left = (expires_on - today).days
    if left < 0:
        return None
    return min((days for days in WARN_DAYS if left <= days), default=None)


def horizon(today: date) -> date:
    """Give the last expiry day for which anybody is warned today."""
    return today + timedelta(days=max(WARN_DAYS))
