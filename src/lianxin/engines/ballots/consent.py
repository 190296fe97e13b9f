"""Consent with reasons: a proposal stands when nobody has an objection that is still unanswered."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Position(StrEnum):
    """What somebody says of a proposal."""

    CONSENT = "consent"
    CONCERN = "concern"
    OBJECT = "object"
    ASIDE = "aside"


@dataclass(frozen=True, slots=True)
class Voice:
    """One position; a concern and an objection need their reason, and an objection may have been answered."""

    voter: str
    position: Position
    reason: str = ""
    answered: bool = False


@dataclass(frozen=True, slots=True)
class Consent:
    """Whether a proposal stands, what stands against it, and what to keep in mind."""

    stands: bool
    enough: bool
    objections: tuple[Voice, ...]
    concerns: tuple[Voice, ...]


def hear(voices: Sequence[Voice], *, quorum: int) -> Consent:
    """Weigh positions; who stands aside is present and binds nobody; raises ValueError for a reason that is missing."""
    seen: set[str] = set()
    for one in voices:
        if one.voter in seen:
            raise ValueError(f"{one.voter} spoke twice: only the last position may be handed in.")
        seen.add(one.voter)
        if one.position in (Position.OBJECT, Position.CONCERN) and not one.reason.strip():
            raise ValueError(f"{one.voter} gave no reason.")
    objections = tuple(one for one in voices if one.position is Position.OBJECT and not one.answered)
    enough = len(voices) >= quorum
    concerns = tuple(one for one in voices if one.position is Position.CONCERN)
    return Consent(enough and not objections, enough, objections, concerns)
