"""Taking in one file of a district: proved first, then its divisions, its days in portions, its readings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain
from pathlib import Path

from django.utils.translation import gettext as _

from lianxin.domain.places.commands.foreign_trees import ForeignDivision
from lianxin.domain.reporting.commands.feeds import (
    Begun,
    begin_feed,
    finish_feed,
    require_upper_level,
    take_feed_days,
    take_feed_readings,
)
from lianxin.domain.reporting.queries.feeds import find_feed
from lianxin.domain.reporting.rules.feed_format import Counts, DaySums, Header, Place, Readings, to_sign
from lianxin.domain.reporting.rules.feed_keys import fingerprint
from lianxin.domain.reporting.rules.feed_problems import TruncatedFeed, UnknownDistrict, WrongSignature
from lianxin.domain.reporting.rules.feed_reader import Sealed, open_feed, read_parts
from lianxin.platform import keys
from lianxin.platform.actors import Actor

ROWS_AT_ONCE = 20_000
ONE_DAY = timedelta(days=1)
Tell = Callable[[date], None]


@dataclass(frozen=True)
class Taken:
    """What taking in a file came to; `known` says that it was taken in before and nothing was done."""

    header: Header
    known: bool
    changed: int = 0
    tallies: int = 0
    readings: int = 0


def prove(path: Path) -> Sealed:
    """Give a file whose signature is that of a registered district; raises a sentence otherwise."""
    sealed = open_feed(path)
    header = sealed.header
    feed = find_feed(header.district_id)
    if feed is None:
        raise UnknownDistrict(
            _("No key of %(name)s (%(code)s) is known here. Register it first: lianxin figures trust FILE.")
            % {"name": header.name, "code": header.code}
        )
    if sealed.key != feed.public_key and len(sealed.key) == len(feed.public_key):
        raise WrongSignature(
            _(
                "The file was signed with another key (%(told)s) than the one registered for %(name)s (%(known)s). "
                "If the district has a new key, register it: lianxin figures trust FILE."
            )
            % {"told": _fingerprint(sealed.key), "name": feed.name, "known": fingerprint(feed.public_key)}
        )
    holds = keys.is_signed_by(
        public_key=feed.public_key,
        message=to_sign(sealed.digest),
        algorithm=sealed.algorithm,
        signature=sealed.signature,
    )
    if not holds or header.key != feed.public_key:
        raise WrongSignature
    return sealed


def _fingerprint(key: str) -> str:
    try:
        return fingerprint(key)
    except ValueError:
        return "?"


def take_file(*, actor: Actor, path: Path, at: datetime, tell: Tell | None = None) -> Taken:
    """Take one file in; the same file again changes nothing, and a half-taken one is taken from its start."""
    require_upper_level(actor)
    sealed = prove(path)
    header = sealed.header
    parts = read_parts(sealed)
    places: list[Place] = []
    first: DaySums | Readings | Counts | None = None
    for part in parts:
        if not isinstance(part, Place):
            first = part
            break
        places.append(part)
    if first is None:
        raise TruncatedFeed
    begun = begin_feed(actor=actor, header=header, digest=sealed.digest, divisions=_as_divisions(places), at=at)
    if begun.known:
        return Taken(header, known=True)
    intake = _Intake(actor, begun, header, at, tell)
    for part in chain([first], parts):
        if isinstance(part, DaySums):
            intake.days(part)
        elif isinstance(part, Readings):
            intake.readings(part)
        elif isinstance(part, Counts):
            intake.end()
            finish_feed(actor=actor, begun=begun, header=header, counts=part, at=at)
            return Taken(header, False, intake.changed, part.tallies, part.readings)
    raise TruncatedFeed


def _as_divisions(places: Sequence[Place]) -> list[ForeignDivision]:
    ids = [one.id for one in places]
    return [
        ForeignDivision(
            id=one.id,
            level=one.level,
            committee=one.committee,
            created_on=one.created_on,
            ended_on=one.ended_on,
            names=one.names,
            codes=one.codes,
            parents=tuple((ids[number], *span) for number, *span in one.parents),  # type: ignore[misc]
        )
        for one in places
    ]


class _Intake:
    """Gathers whole days until there are enough for one transaction."""

    def __init__(self, actor: Actor, begun: Begun, header: Header, at: datetime, tell: Tell | None) -> None:
        self._actor, self._begun, self._header, self._at, self._tell = actor, begun, header, at, tell
        self._sums: list[DaySums] = []
        self._read: list[Readings] = []
        self._rows, self._next = 0, header.since_on
        self._days_done = False
        self.changed = 0

    def days(self, part: DaySums) -> None:
        """Take sums of a day; a day is never cut in two."""
        if self._rows >= ROWS_AT_ONCE and part.on != self._sums[-1].on:
            self._write_days(self._sums[-1].on + ONE_DAY)
        self._sums.append(part)
        self._rows += len(part.rows)

    def readings(self, part: Readings) -> None:
        """Take readings, which come after all days."""
        self._end_days()
        self._read.append(part)
        self._rows += len(part.rows)
        if self._rows >= ROWS_AT_ONCE:
            self._write_readings()

    def end(self) -> None:
        """Write what is left."""
        self._end_days()
        self._write_readings()

    def _end_days(self) -> None:
        if not self._days_done:
            self._write_days(self._header.until_on)
            self._days_done = True

    def _write_days(self, until_on: date) -> None:
        whole = until_on > self._next
        self.changed += take_feed_days(
            actor=self._actor,
            begun=self._begun,
            header=self._header,
            sums=self._sums,
            from_on=self._next if whole else None,
            until_on=until_on if whole else None,
            at=self._at,
        )
        self._next = max(self._next, until_on)
        self._sums, self._rows = [], 0
        if self._tell:
            self._tell(until_on)

    def _write_readings(self) -> None:
        if self._read:
            take_feed_readings(actor=self._actor, begun=self._begun, readings=self._read, at=self._at)
        self._read, self._rows = [], 0
