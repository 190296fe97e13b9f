"""The public board of a community: what was asked, arranged, done, and what is not possible; without names or words."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.db.models import F

from lianxin.domain.needs.models import Need
from lianxin.platform import scope
from lianxin.platform.clock import local_day, local_moment

State = Need.State
DONE_DAYS = 365
AT_MOST = 60


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as everybody may read it."""

    id: UUID
    number: int
    title: str
    category: str
    voices: int
    state: str
    since_on: date
    served_on: date | None
    closed_on: date | None
    reason: str
    reason_words: str


@dataclass(frozen=True, slots=True)
class Board:
    """The four columns of a community's board with their whole counts."""

    asked: list[Line] = field(default_factory=list)
    arranged: list[Line] = field(default_factory=list)
    done: list[Line] = field(default_factory=list)
    impossible: list[Line] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def read_board(*, community: UUID, on: date, arranged: Collection[UUID] = (), done: Collection[UUID] = ()) -> Board:
    """Give the board of a community as of a day: what is open, and what was closed within a year; one query.

    Entries that are `arranged` or `done` on a record which stands on the same page are not told a second time.
    """
    since = local_moment(on - timedelta(days=DONE_DAYS))
    with scope.everything():
        rows = (
            Need.objects.filter(community=community)
            .exclude(state=State.WITHDRAWN)
            .exclude(closed_at__lt=since)
            .annotate(category_name=F("category__name"))
            .order_by("-voices", "first_heard_on", "pk")
        )
        board = Board()
        columns = {
            State.OPEN: ("asked", board.asked),
            State.PLANNED: ("arranged", board.arranged),
            State.PARTLY: ("arranged", board.arranged),
            State.MET: ("done", board.done),
            State.UNMET: ("impossible", board.impossible),
        }
        for row in rows:
            name, column = columns[State(row.state)]
            if row.pk in {"arranged": arranged, "done": done}.get(name, ()):
                continue
            board.counts[name] = board.counts.get(name, 0) + 1
            board.counts["voices"] = board.counts.get("voices", 0) + row.voices
            column.append(
                Line(
                    id=row.pk,
                    number=row.number,
                    title=row.title,
                    category=row.category_name,
                    voices=row.voices,
                    state=row.state,
                    since_on=row.first_heard_on,
                    served_on=row.first_served_on,
                    closed_on=local_day(row.closed_at) if row.closed_at else None,
                    reason=row.get_unmet_reason_display() if row.unmet_reason else "",
                    reason_words=row.unmet_words,
                )
            )
    board.done.sort(key=lambda line: (line.closed_on or date.min, line.number), reverse=True)
    for column in (board.asked, board.arranged, board.done, board.impossible):
        del column[AT_MOST:]
    return board
