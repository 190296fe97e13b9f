"""Lets a site's programs read a clock that a test moves; Python loads this by itself when the folder is on its path."""

import os
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from types import SimpleNamespace

from lianxin.platform import clock

MOVED_BY = Path(os.environ["MOVED_CLOCK"])


def moved_now(zone: tzinfo | None = None) -> datetime:
    """Give the moment that the test has set, and what has gone by since."""
    return datetime.now(zone) + timedelta(seconds=float(MOVED_BY.read_text()))


clock.datetime = SimpleNamespace(now=moved_now, combine=datetime.combine)  # type: ignore[attr-defined,misc,assignment]
