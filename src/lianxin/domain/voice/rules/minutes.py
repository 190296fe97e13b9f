"""Minutes: composed from what was entered, and the code by which anybody sees that they are those that were signed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """Who said what."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision and what became of it, in words."""

    number: int
    words: str
    state: str


@dataclass(frozen=True, slots=True)
class Dealt:
    """A point of the agenda with what was said, decided and came of it."""

    number: int
    title: str
    outcome: str = ""
    said: Sequence[Said] = ()
    decided: Sequence[Decided] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """All that was entered of a meeting, as lines that can be read aloud."""

    title: str
    head: Sequence[str]
    present: Sequence[str]
    points: Sequence[Dealt]
    said: Sequence[Said] = ()
    decided: Sequence[Decided] = ()
    promised: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """The headings of minutes in the language of the house."""

    present: str
    agenda: str
    said: str
    decided: str
    promised: str
    nobody: str
    outcome: str


def compose(record: Record, words: Words) -> str:
    """Write a draft: who was there, each point with its speakers and decisions, and what was promised."""
    lines = [record.title, *record.head, "", words.present]
    lines += [f"  {one}" for one in record.present] or [f"  {words.nobody}"]
    if record.points:
        lines += ["", words.agenda]
    for point in record.points:
        lines.append(f"{point.number}. {point.title}")
        lines += [f"  {one.name}：{one.words}" for one in point.said]
        lines += _decided(point.decided)
        if point.outcome:
            lines.append(f"  {words.outcome}{point.outcome}")
    if record.said:
        lines += ["", words.said, *(f"  {one.name}：{one.words}" for one in record.said)]
    if record.decided:
        lines += ["", words.decided, *_decided(record.decided)]
    if record.promised:
        lines += ["", words.promised, *(f"  {one}" for one in record.promised)]
    return "\n".join(lines)


def plain(text: str) -> str:
    """Give the text as it is kept: one kind of line end, nothing at the ends of lines."""
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")).strip("\n")


def digest(text: str) -> str:
    """Give the SHA-256 of minutes as they are kept; the same words give the same code on every system."""
    return hashlib.sha256(plain(text).encode()).hexdigest()


def _decided(decided: Sequence[Decided]) -> list[str]:
    return [f"  〔{one.number}〕{one.words}（{one.state}）" for one in decided]
