"""What happened to activities, for the consequences of higher modules."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class ActivityPublished:
    """An activity's dates are public from now on: rooms are booked, shifts and sign-up are open."""

    activity: UUID
    community: UUID
    occurrences: tuple[UUID, ...]
    record_kind: str = ""
    record_id: UUID | None = None


@dataclass(frozen=True)
class OccurrenceChanged:
    """A public date takes place at another time or place."""

    occurrence: UUID
    activity: UUID
    community: UUID
    changed: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class OccurrenceCancelled:
    """A date was called off; its sign-ups, shifts and room are given back already."""

    occurrence: UUID
    activity: UUID
    community: UUID
    starts_at: datetime
    reason: str
    record_kind: str = ""
    record_id: UUID | None = None


@dataclass(frozen=True)
class OccurrenceHeld:
    """A date took place and is finished; what counted is written already."""

    occurrence: UUID
    activity: UUID
    community: UUID
    starts_at: datetime
    category: str
    person_times: int
    record_kind: str = ""
    record_id: UUID | None = None


@dataclass(frozen=True)
class PeopleCame:
    """People were checked in; facts and hours are written already, points follow in the same transaction."""

    occurrence: UUID
    activity: UUID
    community: UUID
    attendances: tuple[UUID, ...]
    record_kind: str = ""
    record_id: UUID | None = None


@dataclass(frozen=True)
class AttendanceUndone:
    """Check-ins were taken back, with everything that had followed."""

    occurrence: UUID
    activity: UUID
    community: UUID
    attendances: tuple[UUID, ...]
    record_kind: str = ""
    record_id: UUID | None = None
