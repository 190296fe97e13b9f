"""A site whose clock a test moves: a lecture is published, held and over within a minute of ours."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.support.site import Site

PROGRAMS = Path(__file__).parent / "moved_clock"


@dataclass(frozen=True)
class MovedClock:
    """The clock of one site, by how far it goes before ours; it goes on by itself."""

    file: Path

    @classmethod
    def of(cls, site: Site) -> MovedClock:
        """Give a site that is not running a clock of its own, right at first."""
        clock = cls(site.folder / "clock.txt")
        clock._write(0)
        site.settings |= {"PYTHONPATH": str(PROGRAMS), "MOVED_CLOCK": str(clock.file)}
        return clock

    def now(self) -> datetime:
        """Give the moment at the site."""
        return datetime.now(UTC) + timedelta(seconds=float(self.file.read_text()))

    def move_to(self, moment: datetime) -> None:
        """Let it be this moment; the clock only goes forward."""
        assert moment >= self.now(), "a site's clock does not go back"
        self._write((moment - datetime.now(UTC)).total_seconds())

    def _write(self, seconds: float) -> None:
        # A reader never sees half a number.
        beside = self.file.with_suffix(".new")
        beside.write_text(str(seconds))
        os.replace(beside, self.file)
