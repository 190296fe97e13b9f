"""What a register is: its columns, its lines out of the records of some days, and the figures that its foot equals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from lianxin.platform.contributions import Window

Kind = Literal["text", "number", "money", "day", "time"]
Line = Sequence[Any]
OFFICES = frozenset({"community_staff", "subdistrict_staff", "district_staff"})
COMMUNITY = "community"


@dataclass(frozen=True)
class Column:
    """One column: its name in code, its heading, what its cells are, and whether the foot adds them up."""

    name: str
    label: Any
    kind: Kind = "text"
    is_summed: bool = False

    @property
    def is_number(self) -> bool:
        """Tell whether it is set to the right."""
        return self.kind in ("number", "money")


@dataclass(frozen=True)
class Tie:
    """A figure of the same days that the register comes to: its rows, the sum of a column, or its different values."""

    measure: str
    column: str = ""
    is_distinct: bool = False


@dataclass(frozen=True)
class Register:
    """A register: its title, the job it belongs to, its columns, and how its lines are read within the active scope."""

    code: str
    title: Any
    job: str
    about: Any
    columns: tuple[Column, ...]
    rows: Callable[[Window], Iterator[Line]]
    count: Callable[[Window], int]
    ties: tuple[Tie, ...] = ()
    footnote: Any = ""
    roles: frozenset[str] = OFFICES

    def shown(self, *, is_one_community: bool) -> list[int]:
        """Give the positions of the columns on paper; within one community nobody writes its name on each line."""
        return [at for at, column in enumerate(self.columns) if column.name != COMMUNITY or not is_one_community]

    def at(self, name: str) -> int:
        """Give the position of a column."""
        return next(at for at, column in enumerate(self.columns) if column.name == name)


@dataclass
class Foot:
    """What stands below the lines: how many there are, and the sums of the columns that are added up."""

    register: Register
    rows: int = 0
    sums: list[Any] = field(default_factory=list)
    different: dict[str, set[Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin at nothing."""
        self.sums = [0 if column.is_summed else None for column in self.register.columns]
        self.different = {tie.column: set() for tie in self.register.ties if tie.is_distinct}

    def counting(self, lines: Iterable[Line]) -> Iterator[Line]:
        """Give the lines on, and count each one that goes by."""
        summed = [at for at, column in enumerate(self.register.columns) if column.is_summed]
        told = [(self.register.at(name), kept) for name, kept in self.different.items()]
        for line in lines:
            self.rows += 1
            for at in summed:
                self.sums[at] += line[at] or 0
            for at, kept in told:
                kept.add(line[at])
            yield line

    def value(self, tie: Tie) -> int:
        """Give what the register comes to, to be held beside the figure."""
        if tie.is_distinct:
            return len(self.different[tie.column])
        return int(self.sums[self.register.at(tie.column)]) if tie.column else self.rows
