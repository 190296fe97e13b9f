"""The public board of a community: what was asked, what is arranged, what was done, what is not possible.

Projects stand before the entries of the needs list that they answer, so that nothing is told twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from lianxin.domain.needs.queries.board import Line, read_board
from lianxin.domain.projects.models import Edition, Project, ProjectNeed
from lianxin.domain.projects.queries.editions import list_issued
from lianxin.domain.projects.queries.projects import list_public
from lianxin.platform import scope

State = Project.State
GOING_ON = (State.PUBLISHED, State.RUNNING)


@dataclass(frozen=True, slots=True)
class Carried:
    """A project on the board, with how many asked for it."""

    project: Project
    asked: int


@dataclass(frozen=True, slots=True)
class Column:
    """One of the four parts: projects first, then entries that no project on the board answers."""

    projects: list[Carried] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    count: int = 0


@dataclass(frozen=True, slots=True)
class PublicBoard:
    """All that everybody may read about what a community was asked for."""

    asked: Column
    arranged: Column
    done: Column
    impossible: Column
    editions: list[Edition]


def read_public(*, community: UUID, on: date) -> PublicBoard:
    """Give the board of a community as of a day; four queries."""
    projects = list_public(community=community, on=on)
    voices: dict[UUID, int] = {}
    answered: dict[UUID, set[UUID]] = {}
    with scope.everything():
        rows = ProjectNeed.objects.filter(project__in=[row.pk for row in projects])
        for project, need, asked in rows.values_list("project_id", "need_id", "need__voices"):
            voices[project] = voices.get(project, 0) + asked
            answered.setdefault(project, set()).add(need)
    going_on = sorted((row for row in projects if row.state in GOING_ON), key=lambda row: (row.from_on, row.number))
    over = [row for row in projects if row.state not in GOING_ON]
    board = read_board(
        community=community,
        on=on,
        arranged=_needs_of(going_on, answered),
        done=_needs_of(over, answered),
    )

    def column(name: str, lines: list[Line], carried: Iterable[Project] = ()) -> Column:
        shown = [Carried(row, voices.get(row.pk, 0)) for row in carried]
        return Column(shown, lines, board.counts.get(name, 0) + len(shown))

    return PublicBoard(
        asked=column("asked", board.asked),
        arranged=column("arranged", board.arranged, going_on),
        done=column("done", board.done, over),
        impossible=column("impossible", board.impossible),
        editions=list_issued(community=community),
    )


def _needs_of(projects: Iterable[Project], answered: dict[UUID, set[UUID]]) -> set[UUID]:
    return {need for row in projects for need in answered.get(row.pk, ())}
