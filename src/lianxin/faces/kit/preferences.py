"""How a visitor wants pages shown: elder mode, text size, language; kept in cookies, never in a profile."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

MODE_COOKIE = "lianxin-mode"
SIZE_COOKIE = "lianxin-size"
NORMAL = "normal"
ELDER = "elder"
MODES = (NORMAL, ELDER)
SMALLEST = -1
LARGEST = 4
YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Preferences:
    """Mode and text-size step of one visitor (step 0 is the mode's own size; pixels are in `tokens.css`)."""

    mode: str = NORMAL
    size: int = 0

    @property
    def is_elder(self) -> bool:
        """Tell whether elder mode is on."""
        return self.mode == ELDER

    @property
    def smaller(self) -> int | None:
        """Give the next smaller step, or None at the end."""
        return self.size - 1 if self.size > SMALLEST else None

    @property
    def larger(self) -> int | None:
        """Give the next larger step, or None at the end."""
        return self.size + 1 if self.size < LARGEST else None


def size_from(text: str) -> int:
    """Read a text-size step, taking anything unreadable as 0 and clamping the rest."""
    try:
        return max(SMALLEST, min(LARGEST, int(text)))
    except ValueError:
        return 0


def preferences(request: HttpRequest) -> Preferences:
    """Read the visitor's preferences from the cookies of a request."""
    mode = request.COOKIES.get(MODE_COOKIE, NORMAL)
    return Preferences(
        mode=mode if mode in MODES else NORMAL,
        size=size_from(request.COOKIES.get(SIZE_COOKIE, "0")),
    )
