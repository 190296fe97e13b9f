"""Gives programs that tests start the tests' clock; Python loads this by itself when the folder is on its path."""

import os
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from types import SimpleNamespace

from lianxin.platform import clock

MOVED_BY = timedelta(seconds=float(os.environ["TESTS_CLOCK_MOVED_BY"]))
MOVED_ON = os.environ.get("MOVED_CLOCK")


def moved_now(zone: tzinfo | None = None) -> datetime:
    """Give the moment of the tests' clock, and of what the test itself has moved this site's clock on."""
    on = timedelta(seconds=float(Path(MOVED_ON).read_text())) if MOVED_ON else timedelta(0)
    return datetime.now(zone) + MOVED_BY + on


clock.datetime = SimpleNamespace(now=moved_now, combine=datetime.combine)  # type: ignore[attr-defined,misc,assignment]
