"""What happened to divisions and venues, for the consequences that higher modules contribute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True)
class DivisionRenamed:
    """A division has another official name from a day on."""

    division: UUID
    old_name: str
    new_name: str
    on: date


@dataclass(frozen=True)
class DivisionRecoded:
    """A division has another 12-digit code from a day on."""

    division: UUID
    old_code: str
    new_code: str
    on: date


@dataclass(frozen=True)
class DivisionMoved:
    """A division lies under another one from a day on."""

    division: UUID
    old_parent: UUID | None
    new_parent: UUID
    on: date


@dataclass(frozen=True)
class DivisionSplit:
    """Parts were cut out of a division, which goes on with what is left."""

    division: UUID
    parts: tuple[UUID, ...]
    on: date


@dataclass(frozen=True)
class DivisionsMerged:
    """Divisions ended and became part of another."""

    divisions: tuple[UUID, ...]
    into: UUID
    on: date


@dataclass(frozen=True)
class VenueMoved:
    """A venue belongs to another community from a day on.

    Of several that go in one act each has an event of its own; all name them `together`, so that a consequence that
    locks accounts or stock can deal with all at the last. `with_its_community`: the old community became part of
    the new one, which is reported after this.
    """

    venue: UUID
    old_community: UUID
    new_community: UUID
    on: date
    together: tuple[UUID, ...] = ()
    with_its_community: bool = False


@dataclass(frozen=True)
class VenueOpened:
    """A planned venue took up its work."""

    venue: UUID
    on: date


@dataclass(frozen=True)
class VenuePaused:
    """A venue gives no service for now."""

    venue: UUID
    on: date


@dataclass(frozen=True)
class VenueClosed:
    """A venue closed for good."""

    venue: UUID
    on: date


@dataclass(frozen=True)
class VenueReopened:
    """A paused or closed venue works again."""

    venue: UUID
    on: date
