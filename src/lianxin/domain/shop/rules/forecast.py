"""How long goods and money last at the recent rate, and what the points still out would cost."""

from dataclasses import dataclass
from datetime import date, timedelta

LONGEST_DAYS = 3_650


def days_left(*, there: int, used: int, in_days: int) -> int | None:
    """Give after how many days what is there runs out at the recent rate; None when nothing was used."""
    if used <= 0 or in_days <= 0:
        return None
    return min(there * in_days // used, LONGEST_DAYS)


def runs_out_on(*, there: int, used: int, in_days: int, on: date) -> date | None:
    """Give the day on which what is there runs out at the recent rate; None when that is not to be seen."""
    days = days_left(there=there, used=used, in_days=in_days)
    return None if days is None or days >= LONGEST_DAYS else on + timedelta(days=days)


@dataclass(frozen=True, slots=True)
class Average:
    """What redeemed points have cost: fen spent and points taken."""

    fen: int
    points: int

    def cost_of(self, points: int) -> int | None:
        """Give what so many points would cost at this average, in fen, rounded up; None when nothing was redeemed."""
        return -(-points * self.fen // self.points) if self.points > 0 else None
