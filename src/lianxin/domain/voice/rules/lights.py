"""Blue, yellow or red: how a case stands with its time, told with words and an icon beside the colour."""

from datetime import datetime, timedelta
from typing import Literal

Light = Literal["blue", "yellow", "red", "still"]
BLUE: Light = "blue"
YELLOW: Light = "yellow"
RED: Light = "red"
# Its clock stands still, or it is in nobody's hands any more.
STILL: Light = "still"
LIGHTS: tuple[Light, ...] = (BLUE, YELLOW, RED, STILL)
LAST_DAY = timedelta(days=1)
# No shipped term is longer than this in calendar days over the longest holidays.
LONGEST_TERM = timedelta(days=120)


def light(*, due_at: datetime | None, runs_from: datetime, at: datetime, is_live: bool = True) -> Light:
    """Give the light of a case: yellow in the last quarter of its time and on its last day, red when it is late."""
    if due_at is None or not is_live:
        return STILL
    if due_at < at:
        return RED
    whole, left = due_at - runs_from, due_at - at
    short = min(LAST_DAY, whole / 2)
    return YELLOW if left <= max(whole / 4, short) else BLUE
