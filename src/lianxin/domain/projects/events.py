"""What happened to projects, for the consequences of higher modules."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class ProjectPublished:
    """A project is on the public list from now on."""

    project: UUID
    community: UUID


@dataclass(frozen=True)
class ProjectEnded:
    """A project is done; its askers are told in the same transaction."""

    project: UUID
    community: UUID


@dataclass(frozen=True)
class ProjectCancelled:
    """A project does not take place; what hangs on it should be called off."""

    project: UUID
    community: UUID
    reason: str
