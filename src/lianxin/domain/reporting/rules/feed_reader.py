"""Reading a district's file: first its frame and what was signed, then, once that is proved, what it holds."""

from __future__ import annotations

import gzip
import hashlib
import json
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.utils.translation import gettext as _

from .feed_format import (
    FORMAT,
    GZIP_HEAD,
    SPANS,
    VERSION,
    Counts,
    DaySums,
    Header,
    Part,
    Place,
    Readings,
    signature_line,
    stored,
    trailer,
)
from .feed_keys import check_address
from .feed_problems import TruncatedFeed, UnknownVersion, UnreadableFeed

LINE_AT_MOST = 4 * 1024 * 1024
SIGNATURE_AT_MOST = 4096
_BLOCK = 256 * 1024


@dataclass(frozen=True)
class Sealed:
    """A file whose frame was read: what it says of itself, and what was signed; nothing is proved yet."""

    path: Path
    header: Header
    digest: str
    size: int
    algorithm: str
    key: str
    signature: str


def open_feed(path: Path) -> Sealed:
    """Read the frame of a file: first line, digest and signature; raises UnreadableFeed with a sentence."""
    try:
        with path.open("rb") as file:
            first, digest, size, rest = _frame(file)
    except OSError as error:
        raise UnreadableFeed(
            _("%(file)s cannot be opened: %(why)s.") % {"file": path, "why": error.strerror}
        ) from error
    algorithm, key, value = _read_signature(rest, digest)
    return Sealed(path, _read_header(first), digest, size, algorithm, key, value)


def _frame(file: IO[bytes]) -> tuple[bytes, str, int, bytes]:
    """Give the first line, the digest and the size of the signed member, and what follows it."""
    unzip, digest, size = zlib.decompressobj(31), hashlib.sha256(), 0
    first, is_whole = b"", False
    while block := file.read(_BLOCK):
        try:
            data = block
            while True:
                got = unzip.decompress(data, _BLOCK)
                if not is_whole:
                    head, newline, _more = got.partition(b"\n")
                    first, is_whole = first + head, bool(newline)
                if len(first) > LINE_AT_MOST:
                    raise UnreadableFeed
                data = unzip.unconsumed_tail
                if unzip.eof or (not data and len(got) < _BLOCK):
                    break
        except zlib.error as error:
            raise UnreadableFeed from error
        mine = len(block) - len(unzip.unused_data)
        digest.update(block[:mine])
        size += mine
        if unzip.eof:
            return first, digest.hexdigest(), size, unzip.unused_data + file.read(SIGNATURE_AT_MOST)
    if not size:
        raise UnreadableFeed(_("The file is empty."))
    raise TruncatedFeed


def _read_signature(member: bytes, digest: str) -> tuple[str, str, str]:
    start = len(GZIP_HEAD) + 5
    if len(member) < start or len(member) < start + struct.unpack_from("<H", member, len(GZIP_HEAD) + 1)[0] + 8:
        raise TruncatedFeed
    line = member[start:-8]
    if stored(line) != member:
        raise UnreadableFeed
    try:
        told = json.loads(line)["signature"]
        values = [str(told[name]) for name in ("algorithm", "key", "sha256", "value")]
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableFeed from error
    algorithm, key, told_digest, value = values
    if signature_line(algorithm, key, told_digest, value) != line or told_digest != digest:
        raise UnreadableFeed
    if value != value.lower():
        raise UnreadableFeed  # one signature has one spelling: a file that was touched is never taken
    return algorithm, key, value


def _read_header(line: bytes) -> Header:
    try:
        told = json.loads(line)
        if told["format"] != FORMAT:
            raise UnreadableFeed
        if told["version"] != VERSION:
            raise UnknownVersion(
                _("The file is of version %(told)s; this program knows %(known)s. Bring this program up to date first.")
                % {"told": told["version"], "known": VERSION}
            )
        district = told["district"]
        header = Header(
            number=_whole(told["number"]),
            previous=str(told["previous"]),
            district_id=UUID(hex=district["id"]),
            code=str(district["code"]),
            name=str(district["name"])[:100],
            base_url=check_address(str(district["base_url"])),
            since_on=date.fromisoformat(told["since"]),
            until_on=date.fromisoformat(told["until"]),
            made_at=datetime.fromisoformat(told["made_at"]),
            key=str(told["key"]),
            flows=tuple(str(name) for name in told["flows"]),
            above=tuple((str(level), str(code), str(name)) for level, code, name in told["above"]),
            is_sample=bool(told["is_sample"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableFeed from error
    if header.made_at.tzinfo is None or header.since_on >= header.until_on:
        raise UnreadableFeed
    return header


def _whole(value: Any) -> int:
    if type(value) is not int or abs(value) >= 2**63:
        raise ValueError(value)
    return value


def read_parts(sealed: Sealed) -> Iterator[Part | Counts]:
    """Give what a file holds, its counts last; raises UnreadableFeed when they do not agree with what came."""
    counts, digest, at = Counts(), hashlib.sha256(), (0, date.min, "")
    with sealed.path.open("rb") as raw, gzip.open(_Head(raw, sealed.size)) as file:  # type: ignore[call-overload]
        number = 0
        while line := file.readline(LINE_AT_MOST + 1):
            number += 1
            if len(line) > LINE_AT_MOST:
                raise UnreadableFeed
            try:
                told = json.loads(line)
                if "end" in told:
                    if told["end"] != trailer(counts, digest.hexdigest()) or file.read(1):
                        raise UnreadableFeed
                    yield counts
                    return
                digest.update(line)
                if number == 1:
                    continue
                part, place = _part(told, sealed.header, counts)
            except (ValueError, KeyError, TypeError) as error:
                raise UnreadableFeed(
                    _("Line %(line)s of the file cannot be read. Ask the district for it again.") % {"line": number}
                ) from error
            if place < at:
                raise UnreadableFeed(_("Line %(line)s of the file is out of order.") % {"line": number})
            at = place
            yield part
    raise TruncatedFeed


def _part(told: dict[str, Any], header: Header, counts: Counts) -> tuple[Part, tuple[int, date, str]]:
    """Give one line as what it says, and where it stands in the order."""
    if "division" in told:
        one = Place(
            number=_whole(told["division"]),
            id=UUID(hex=told["id"]),
            level=str(told["level"]),
            committee=str(told["committee"]),
            created_on=date.fromisoformat(told["created_on"]),
            ended_on=_read_day(told["ended_on"]),
            names=tuple(
                (str(kind), str(name), date.fromisoformat(start), _read_day(end))
                for kind, name, start, end in told["names"]
            ),
            codes=tuple((str(code), date.fromisoformat(start), _read_day(end)) for code, start, end in told["codes"]),
            parents=tuple(
                (_whole(number), date.fromisoformat(start), _read_day(end)) for number, start, end in told["parents"]
            ),
        )
        if one.number != counts.divisions or any(not 0 <= above < one.number for above, *_span in one.parents):
            raise ValueError(one.number)
        counts.divisions += 1
        return one, (1, date.min, "")
    measure = str(told["measure"])
    if not measure or len(measure) > 60:
        raise ValueError(measure)
    if "sums" in told:
        on = date.fromisoformat(told["on"])
        rows = tuple((_place(number, counts), _category(name), _whole(many)) for number, name, many in told["sums"])
        if on >= header.until_on or measure not in header.flows:
            raise ValueError(told["on"])
        counts.tallies += len(rows)
        if on >= header.since_on:
            counts.sums[measure] = counts.sums.get(measure, 0) + sum(row[2] for row in rows)
        return DaySums(on, measure, rows), (2, on, measure)
    on, span = date.fromisoformat(told["read_on"]), str(told["span"])
    if span not in SPANS:
        raise ValueError(span)
    values = tuple((_place(number, counts), _whole(value)) for number, value in told["values"])
    counts.readings += len(values)
    return Readings(on, span, measure, values), (3, date.min, "")


def _read_day(text: Any) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _place(number: Any, counts: Counts) -> int:
    if not 0 <= _whole(number) < counts.divisions:
        raise ValueError(number)
    return int(number)


def _category(text: Any) -> str:
    if not isinstance(text, str) or len(text) > 20 or text == "*":
        raise ValueError(text)
    return text


class _Head:
    """The first so many bytes of a file, read as if it ended there."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file = file
        self._left = size

    def read(self, count: int = -1) -> bytes:
        """Give the next bytes."""
        data = self._file.read(self._left if count < 0 else min(count, self._left))
        self._left -= len(data)
        return data
