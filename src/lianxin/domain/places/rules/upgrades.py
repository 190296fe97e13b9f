"""The life of an upgrade in one table, its money, and the rooms of "one hall, five rooms"."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

PLANNED = "planned"
APPROVED = "approved"
UNDER_WAY = "under_way"
OPENED = "opened"
CLOSED = "closed"
CANCELLED = "cancelled"

TRANSITIONS: dict[str, frozenset[str]] = {
    PLANNED: frozenset({APPROVED, CANCELLED}),
    APPROVED: frozenset({PLANNED, UNDER_WAY, CANCELLED}),
    UNDER_WAY: frozenset({OPENED, CANCELLED}),
    OPENED: frozenset({CLOSED}),
    CLOSED: frozenset(),
    CANCELLED: frozenset(),
}
RUNNING = frozenset({PLANNED, APPROVED, UNDER_WAY})
# Bills come in after the opening day, so money can still be spent until the books are closed.
SPENDABLE = frozenset({APPROVED, UNDER_WAY, OPENED})
ENDED = frozenset({CLOSED, CANCELLED})


def may_move(state: str, to: str) -> bool:
    """Tell whether an upgrade may go from one state to another."""
    return to in TRANSITIONS[state]


@dataclass(frozen=True)
class RoomPlan:
    """A room that a template proposes."""

    kind: str
    name: Any


# 一厅五室: the centre's hall and the five rooms most often named with it; names and number can be changed afterwards.
ONE_HALL_FIVE_ROOMS: tuple[RoomPlan, ...] = (
    RoomPlan("hall", _("Service hall")),
    RoomPlan("meeting", _("Meeting room")),
    RoomPlan("reading", _("Reading room")),
    RoomPlan("sports", _("Activity room")),
    RoomPlan("counselling", _("Counselling room")),
    RoomPlan("volunteer", _("Volunteers' room")),
)
TEMPLATES: dict[str, tuple[RoomPlan, ...]] = {"one_hall_five_rooms": ONE_HALL_FIVE_ROOMS}


@dataclass(frozen=True)
class Money:
    """The money of an upgrade in fen."""

    budget_fen: int
    spent_fen: int

    @property
    def left_fen(self) -> int:
        """Give what is not spent yet."""
        return self.budget_fen - self.spent_fen

    @property
    def spent_percent(self) -> int:
        """Give the share spent, 0 to 100, rounded down."""
        return 100 * self.spent_fen // self.budget_fen if self.budget_fen else 0


def money_of(lines: Iterable[tuple[int, int]]) -> Money:
    """Add up (budget, spent) pairs in fen."""
    budget = spent = 0
    for line_budget, line_spent in lines:
        budget += line_budget
        spent += line_spent
    return Money(budget_fen=budget, spent_fen=spent)


def days_late(due_on: date, done_on: date | None, on: date) -> int:
    """Give by how many days a milestone was missed, 0 when it was or can still be kept."""
    return max(0, ((done_on or on) - due_on).days)
