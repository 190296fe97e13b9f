"""What happened to people, households and organisations, for the consequences of higher modules."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PersonDied:
    """A resident died on a day."""

    person: UUID
    household: UUID
    community: UUID
    on: date


@dataclass(frozen=True, slots=True)
class PersonMovedOut:
    """A resident left the district."""

    person: UUID
    household: UUID
    community: UUID
    on: date


@dataclass(frozen=True, slots=True)
class PersonReturned:
    """A resident who had moved out lives here again."""

    person: UUID
    household: UUID
    community: UUID
    on: date


@dataclass(frozen=True, slots=True)
class PersonMovedHousehold:
    """A resident went from one household to another, perhaps in another community."""

    person: UUID
    from_household: UUID
    to_household: UUID
    from_community: UUID
    to_community: UUID
    on: date


@dataclass(frozen=True, slots=True)
class HouseholdMoved:
    """A whole household went to another community of the district and keeps its id."""

    household: UUID
    from_community: UUID
    to_community: UUID
    people: tuple[UUID, ...]
    on: date


@dataclass(frozen=True, slots=True)
class HouseholdsMerged:
    """Households became part of another one."""

    merged: tuple[UUID, ...]
    into: UUID
    community: UUID
    on: date


@dataclass(frozen=True, slots=True)
class HouseholdSplit:
    """Some members of a household now form a new one."""

    household: UUID
    new_household: UUID
    community: UUID
    people: tuple[UUID, ...]
    on: date


@dataclass(frozen=True, slots=True)
class HouseholdClosed:
    """A household ended because nobody is left in it."""

    household: UUID
    community: UUID
    on: date


@dataclass(frozen=True, slots=True)
class PersonMerged:
    """Two records were one person; the first is gone."""

    merged: UUID
    into: UUID
    community: UUID


@dataclass(frozen=True, slots=True)
class PersonErased:
    """A resident's record is being erased."""

    person: UUID
    household: UUID
    community: UUID


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn:
    """A person took back consent for a purpose."""

    person: UUID
    purpose: str
    community: UUID


@dataclass(frozen=True, slots=True)
class ProxyRevoked:
    """An agent may no longer act for a person."""

    link: UUID
    principal: UUID
    community: UUID


@dataclass(frozen=True, slots=True)
class CardRevoked:
    """A printed card no longer identifies anybody."""

    card: UUID
    person: UUID
    community: UUID


@dataclass(frozen=True, slots=True)
class AccountClosed:
    """A login account was closed."""

    account: UUID
    person: UUID | None


@dataclass(frozen=True, slots=True)
class OrganisationsMerged:
    """Two entries were one organisation; the first is gone."""

    merged: UUID
    into: UUID
