"""Calendars for phones and computers: iCalendar (RFC 5545 and 7986), written with CRLF and folded by octets."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from lianxin.engines.workdays import SHANGHAI

TZID = "Asia/Shanghai"
FOLD_AT = 75
PRODUCT = "-//Lianxin//Lianxin//ZH"
# China keeps one offset all year; the summers of 1986 to 1991 are of no use to a calendar of today.
TIMEZONE = (
    "BEGIN:VTIMEZONE",
    f"TZID:{TZID}",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0800",
    "TZOFFSETTO:+0800",
    "TZNAME:CST",
    "END:STANDARD",
    "END:VTIMEZONE",
)


@dataclass(frozen=True, slots=True)
class Event:
    """One date in a calendar. `uid` never changes; `sequence` grows with each change of time, place or state."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    sequence: int
    summary: str
    status: str = "CONFIRMED"
    location: str = ""
    description: str = ""
    url: str = ""
    categories: tuple[str, ...] = ()
    lat: float | None = None
    lng: float | None = None
    is_free_time: bool = False


def write(events: Iterable[Event], *, name: str, url: str = "", description: str = "") -> bytes:
    """Write a calendar that programs subscribe to and read again every few hours."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{escape(name)}",
        f"X-WR-CALNAME:{escape(name)}",
        f"X-WR-TIMEZONE:{TZID}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT4H",
        "X-PUBLISHED-TTL:PT4H",
    ]
    if description:
        lines.append(f"DESCRIPTION:{escape(description)}")
    if url:
        lines.append(f"SOURCE;VALUE=URI:{_plain(url)}")
    lines += TIMEZONE
    for event in events:
        lines += _event(event)
    lines.append("END:VCALENDAR")
    return b"".join(fold(line) for line in lines)


def _event(event: Event) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_plain(event.uid)}"
    yield f"DTSTAMP:{_utc(event.changed_at)}"
    yield f"LAST-MODIFIED:{_utc(event.changed_at)}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"DTSTART;TZID={TZID}:{_local(event.starts_at)}"
    yield f"DTEND;TZID={TZID}:{_local(event.ends_at)}"
    yield f"SUMMARY:{escape(event.summary)}"
    yield f"STATUS:{event.status}"
    yield f"TRANSP:{'TRANSPARENT' if event.is_free_time or event.status == 'CANCELLED' else 'OPAQUE'}"
    if event.location:
        yield f"LOCATION:{escape(event.location)}"
    if event.lat is not None and event.lng is not None:
        yield f"GEO:{event.lat:.6f};{event.lng:.6f}"
    if event.description:
        yield f"DESCRIPTION:{escape(event.description)}"
    if event.categories:
        yield "CATEGORIES:" + ",".join(escape(one) for one in event.categories)
    if event.url:
        yield f"URL:{_plain(event.url)}"
    yield "END:VEVENT"


def escape(text: str) -> str:
    """Write a text so that its commas, semicolons and line breaks stay text."""
    plain = "".join(char for char in text.replace("\r\n", "\n").replace("\r", "\n") if char >= " " or char in "\n\t")
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def fold(line: str) -> bytes:
    """Give one content line in pieces of at most 75 octets, no character torn apart."""
    pieces: list[bytes] = []
    piece, room = b"", FOLD_AT
    for char in line:
        octets = char.encode()
        if len(piece) + len(octets) > room:
            pieces.append(piece)
            # A continuation begins with a space, which counts.
            piece, room = b"", FOLD_AT - 1
        piece += octets
    pieces.append(piece)
    return b"\r\n ".join(pieces) + b"\r\n"


def _plain(value: str) -> str:
    return "".join(char for char in value if char > " ")


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _local(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).strftime("%Y%m%dT%H%M%S")
