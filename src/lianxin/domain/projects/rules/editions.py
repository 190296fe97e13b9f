"""Editions: which period one is for, when it is due, and what changed since the one before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

MONTH, QUARTER = "month", "quarter"
# An edition is issued by the tenth day of its period: until then the one before still holds.
DUE_DAYS = 10


@dataclass(frozen=True)
class Period:
    """A calendar month or quarter; both days belong to it."""

    every: str
    from_on: date
    until_on: date

    @property
    def due_on(self) -> date:
        """Give the day by which its edition must be issued."""
        return self.from_on + timedelta(days=DUE_DAYS - 1)


def period_of(on: date, every: str) -> Period:
    """Give the month or quarter in which a day lies; raises ValueError for anything else."""
    if every not in (MONTH, QUARTER):
        raise ValueError(f"an edition is for a month or a quarter, not for {every!r}")
    months = 1 if every == MONTH else 3
    first = on.replace(day=1, month=(on.month - 1) // months * months + 1)
    return Period(every, first, _first_of_next(first, months) - timedelta(days=1))


def period_before(period: Period) -> Period:
    """Give the period that ends the day before this one begins."""
    return period_of(period.from_on - timedelta(days=1), period.every)


def compare(
    before: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]], fates: Mapping[str, Mapping[str, Any]]
) -> dict[str, list[dict[str, Any]]]:
    """Tell what is new, done and dropped since the edition before.

    Entries carry `id` and `title`. `fates` says of each entry that is gone what became of it ({"done": bool, "why":
    words}); one without a fate was dropped without a reason, which the page says plainly.
    """
    old = {str(entry["id"]): entry for entry in before}
    new = {str(entry["id"]): entry for entry in now}
    gone = [entry for pk, entry in old.items() if pk not in new]
    result: dict[str, list[dict[str, Any]]] = {
        "new": [_short(entry) for pk, entry in new.items() if pk not in old],
        "done": [],
        "dropped": [],
    }
    for entry in gone:
        fate = fates.get(str(entry["id"]), {})
        kind = "done" if fate.get("done") else "dropped"
        result[kind].append(_short(entry) | {"why": str(fate.get("why", ""))})
    return result


def _short(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": str(entry["id"]), "title": str(entry["title"])}


def _first_of_next(first: date, months: int) -> date:
    month = first.month - 1 + months
    return date(first.year + month // 12, month % 12 + 1, 1)
