"""Dates whose pages are kept: read once for each edition, as a hundred visitors ask for the same one in a minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from lianxin.domain.activities.models import Occurrence, OccurrenceLimit, Question
from lianxin.domain.activities.queries.occurrences import find_public
from lianxin.domain.activities.queries.public import Standing, list_questions, read_standing

KEPT_MOST = 64
LATELY = timedelta(seconds=2)


@dataclass(frozen=True)
class KeptDate:
    """A public date in one edition, with its kinds of places and its questions; how full it is may be older."""

    edition: tuple
    row: Occurrence
    limits: list[OccurrenceLimit]
    questions: list[Question]


_dates: dict[UUID, KeptDate] = {}
_standings: dict[UUID, tuple[datetime, Standing]] = {}


def standing_lately(occurrence: UUID, *, at: datetime) -> Standing | None:
    """Give how a public date stood within two seconds: for a form, behind which the command looks for itself."""
    found = _standings.get(occurrence)
    if found is not None and timedelta(0) <= at - found[0] < LATELY:
        return found[1]
    standing = read_standing(occurrence=occurrence)
    if standing is not None:
        if len(_standings) >= KEPT_MOST:
            _standings.clear()
        _standings[occurrence] = (at, standing)
    return standing


def known(occurrence: UUID, edition: tuple) -> KeptDate:
    """Give a public date in an edition; raises Missing."""
    found = _dates.get(occurrence)
    if found is None or found.edition != edition:
        row = find_public(occurrence=occurrence)
        if len(_dates) >= KEPT_MOST:
            _dates.clear()
        questions = list_questions(activity=row.activity_id)
        found = _dates[occurrence] = KeptDate(edition, row, list(row.limits.all()), questions)
    return found


def forget() -> None:
    """Forget every kept date (tests)."""
    _dates.clear()
    _standings.clear()
