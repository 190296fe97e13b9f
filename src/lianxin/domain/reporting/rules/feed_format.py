"""The file in which a district hands its figures up: what stands in it and how it is written (docs/figures-feed.md)."""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import IO, Any
from uuid import UUID

FORMAT, VERSION = "lianxin figures", 1
SIGNED = "lianxin figures file 1"
ROWS_PER_LINE = 1_000
SPANS = ("D", "M", "Q", "Y")
GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_canonical = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode

Sign = Callable[[bytes], tuple[str, str]]


@dataclass(frozen=True)
class Header:
    """Whose figures these are, of which days, and what this file follows."""

    number: int
    previous: str
    district_id: UUID
    code: str
    name: str
    base_url: str
    since_on: date
    until_on: date
    made_at: datetime
    key: str
    flows: tuple[str, ...]
    above: tuple[tuple[str, str, str], ...] = ()
    is_sample: bool = False


@dataclass(frozen=True)
class Place:
    """One division with every name, code and parent that it had; parents are numbers of places before it."""

    number: int
    id: UUID
    level: str
    committee: str
    created_on: date
    ended_on: date | None
    names: tuple[tuple[str, str, date, date | None], ...]
    codes: tuple[tuple[str, date, date | None], ...]
    parents: tuple[tuple[int, date, date | None], ...] = ()


@dataclass(frozen=True)
class DaySums:
    """Sums of one measure on one day: (number of the place, category, quantity)."""

    on: date
    measure: str
    rows: tuple[tuple[int, str, int], ...]


@dataclass(frozen=True)
class Readings:
    """Values of one measure that cannot be added up over days: (number of the place, value)."""

    on: date
    span: str
    measure: str
    rows: tuple[tuple[int, int], ...]


Part = Place | DaySums | Readings


@dataclass
class Counts:
    """How many entries a file has."""

    divisions: int = 0
    tallies: int = 0
    readings: int = 0
    sums: dict[str, int] = field(default_factory=dict)


def to_sign(digest: str) -> bytes:
    """Give the text that is signed."""
    return f"{SIGNED}\n{digest}".encode()


class FeedWriter:
    """Writes one file: header, divisions, sums in the order of days, readings; `close` adds trailer and signature."""

    def __init__(self, out: IO[bytes], header: Header) -> None:
        self._out = out
        self._header = header
        self._hash, self._file_hash = hashlib.sha256(), hashlib.sha256()
        self._zip = zlib.compressobj(6, zlib.DEFLATED, 31)
        self.counts = Counts()
        self._line(_header_line(header))

    def place(self, one: Place) -> None:
        """Write a division."""
        self.counts.divisions += 1
        self._line(
            {
                "division": one.number,
                "id": one.id.hex,
                "level": one.level,
                "committee": one.committee,
                "created_on": str(one.created_on),
                "ended_on": _day(one.ended_on),
                "names": [[kind, name, str(start), _day(end)] for kind, name, start, end in one.names],
                "codes": [[code, str(start), _day(end)] for code, start, end in one.codes],
                "parents": [[number, str(start), _day(end)] for number, start, end in one.parents],
            }
        )

    def sums(self, one: DaySums) -> None:
        """Write the sums of a measure on a day."""
        self.counts.tallies += len(one.rows)
        if one.on >= self._header.since_on:
            total = sum(quantity for _place, _category, quantity in one.rows)
            self.counts.sums[one.measure] = self.counts.sums.get(one.measure, 0) + total
        for start in range(0, len(one.rows), ROWS_PER_LINE):
            part = one.rows[start : start + ROWS_PER_LINE]
            self._line({"on": str(one.on), "measure": one.measure, "sums": [list(row) for row in part]})

    def readings(self, one: Readings) -> None:
        """Write readings of a measure."""
        self.counts.readings += len(one.rows)
        for start in range(0, len(one.rows), ROWS_PER_LINE):
            part = [list(row) for row in one.rows[start : start + ROWS_PER_LINE]]
            self._line({"read_on": str(one.on), "span": one.span, "measure": one.measure, "values": part})

    def close(self, sign: Sign) -> str:
        """Write what proves the file and give its digest; `sign` gives algorithm and signature of a text."""
        self._line({"end": trailer(self.counts, self._hash.hexdigest())})
        self._put(self._zip.flush())
        digest = self._file_hash.hexdigest()
        algorithm, value = sign(to_sign(digest))
        self._out.write(stored(signature_line(algorithm, self._header.key, digest, value)))
        return digest

    def _line(self, content: dict[str, Any]) -> None:
        line = (_canonical(content) + "\n").encode()
        self._hash.update(line)
        self._put(self._zip.compress(line))

    def _put(self, data: bytes) -> None:
        self._file_hash.update(data)
        self._out.write(data)


def _day(day: date | None) -> str | None:
    return None if day is None else str(day)


def _header_line(header: Header) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "number": header.number,
        "previous": header.previous,
        "district": {
            "id": header.district_id.hex,
            "code": header.code,
            "name": header.name,
            "base_url": header.base_url,
        },
        "above": [list(one) for one in header.above],
        "since": str(header.since_on),
        "until": str(header.until_on),
        "made_at": header.made_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "key": header.key,
        "flows": list(header.flows),
        "is_sample": header.is_sample,
    }


def trailer(counts: Counts, digest: str) -> dict[str, Any]:
    """Give what the last line of the signed part says."""
    return {
        "divisions": counts.divisions,
        "tallies": counts.tallies,
        "readings": counts.readings,
        "sums": counts.sums,
        "sha256": digest,
    }


def signature_line(algorithm: str, key: str, digest: str, value: str) -> bytes:
    """Give the last line of a file in its one form."""
    signature = {"algorithm": algorithm, "key": key, "sha256": digest, "value": value}
    return (_canonical({"signature": signature}) + "\n").encode()


def stored(line: bytes) -> bytes:
    """Give a line as a gzip member in the only form that is taken: stored, without name or time."""
    block = struct.pack("<BHH", 1, len(line), len(line) ^ 0xFFFF) + line
    return GZIP_HEAD + block + struct.pack("<II", zlib.crc32(line), len(line))
