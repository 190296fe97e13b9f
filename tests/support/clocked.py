"""The clock of the programs that tests start: the tests' own, and of one site also moved on by its test.

A lecture is so published, held and over within a minute of ours.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tests.plugins.clock import MOVED_BY

if TYPE_CHECKING:
    from tests.support.site import Site

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = Path(__file__).parent / "moved_clock"
PAGE_CLOCK = """
(movedBy => {
  globalThis.Date = new Proxy(Date, {
    construct: (real, given, called) =>
      Reflect.construct(real, given.length ? given : [real.now() + movedBy], called),
    get: (real, name) => (name === "now" ? () => real.now() + movedBy : Reflect.get(real, name)),
  });
})(%d);
"""


def program_environment() -> dict[str, str]:
    """Give the environment of a program beside the run: ours without the settings of the run, but with its clock.

    Outside a run of tests, as in a benchmark, the clock is the real one.
    """
    own = {name: value for name, value in os.environ.items() if not name.startswith(("LIANXIN_", "DJANGO_"))}
    paths = [str(ROOT / "src"), str(ROOT)]
    if MOVED_BY in own:
        paths.insert(0, str(PROGRAMS))
    return own | {"PYTHONPATH": os.pathsep.join(paths)}


def page_clock() -> str:
    """Give the script that lets a page in a browser read the tests' clock."""
    return PAGE_CLOCK % round(float(os.environ.get(MOVED_BY, "0")) * 1000)


@dataclass(frozen=True)
class MovedClock:
    """The clock of one site, by how far it goes before the tests' clock; it goes on by itself."""

    file: Path

    @classmethod
    def of(cls, site: Site) -> MovedClock:
        """Give a site that is not running a clock of its own, right at first."""
        clock = cls(site.folder / "clock.txt")
        clock._write(0)
        site.settings["MOVED_CLOCK"] = str(clock.file)
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
