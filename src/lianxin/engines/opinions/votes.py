"""Votes on statements: of each voter on each statement the latest counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

AGREE, PASS, DISAGREE = 1, 0, -1


@dataclass(frozen=True, slots=True)
class Vote:
    """What a voter said of a statement: agree 1, pass 0, disagree -1; `at` is anything that can be compared."""

    voter: str
    statement: str
    value: int
    at: Any

    def __post_init__(self) -> None:
        if self.value not in (AGREE, PASS, DISAGREE):
            raise ValueError(f"{self.value!r} is no vote: 1, 0 and -1 are.")


@dataclass(frozen=True)
class Sheet:
    """The votes that count, by (voter, statement)."""

    votes: Mapping[tuple[str, str], int]

    @cached_property
    def voters(self) -> tuple[str, ...]:
        """Give who voted, in one order for all purposes."""
        return tuple(sorted({voter for voter, _statement in self.votes}))

    @cached_property
    def statements(self) -> tuple[str, ...]:
        """Give what was voted on, in one order for all purposes."""
        return tuple(sorted({statement for _voter, statement in self.votes}))

    def without(self, statements: Iterable[str]) -> "Sheet":
        """Give the sheet without statements that moderators took out."""
        out = frozenset(statements)
        return Sheet({key: value for key, value in self.votes.items() if key[1] not in out})


def keep_latest(votes: Iterable[Vote]) -> Sheet:
    """Keep each voter's latest vote on each statement; of two at one moment the one that comes later."""
    kept: dict[tuple[str, str], Vote] = {}
    for vote in votes:
        key = vote.voter, vote.statement
        before = kept.get(key)
        if before is None or vote.at >= before.at:
            kept[key] = vote
    return Sheet({key: vote.value for key, vote in kept.items()})
