"""Cases, reception days and promises in figures: flows from tallies, what is open now from the tables."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from lianxin.domain.voice.models import Case, Commitment, ReceptionDay
from lianxin.domain.voice.models.cases import Subject, Tier
from lianxin.domain.voice.rules import states
from lianxin.platform import facts

Day, Promise = ReceptionDay.State, Commitment.State
FLOWS = {
    "heard": "cases_heard",
    "ended": "cases_ended",
    "in_time": "cases_in_time",
    "confirmed": "cases_confirmed",
    "by_staff": "cases_by_staff",
    "silent": "cases_silent",
    "declined": "cases_declined",
    "not_solved": "cases_not_solved",
    "reopened": "cases_reopened",
    "lifted": "cases_lifted",
    "appealed": "cases_appealed",
}


@dataclass(frozen=True, slots=True)
class Flows:
    """What happened to cases in a stretch of time; every share names what it is a share of."""

    heard: int = 0
    ended: int = 0
    in_time: int = 0
    confirmed: int = 0
    by_staff: int = 0
    silent: int = 0
    declined: int = 0
    not_solved: int = 0
    reopened: int = 0
    lifted: int = 0
    appealed: int = 0

    def __add__(self, other: "Flows") -> "Flows":
        return Flows(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Flows)))

    @property
    def in_time_share(self) -> float | None:
        """Give what ended in time of all that ended."""
        return self.in_time / self.ended if self.ended else None

    @property
    def asked(self) -> int:
        """Give how many reporters' sides were asked whether it is solved: confirmed, silent, or said not to be."""
        return self.confirmed + self.silent + self.not_solved

    @property
    def confirmed_share(self) -> float | None:
        """Give what was confirmed of all that was asked."""
        return self.confirmed / self.asked if self.asked else None

    @property
    def reopened_share(self) -> float | None:
        """Give how often something ended was opened again, of what ended or was opened again."""
        whole = self.ended + self.reopened
        return self.reopened / whole if whole else None


@dataclass(frozen=True, slots=True)
class Levels:
    """What is open in one community now."""

    open: int = 0
    late: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """Reception days and promises of one community."""

    held: int = 0
    missed: int = 0
    cancelled: int = 0
    leader_came: int = 0
    promises: int = 0
    overdue: int = 0


def flows_by_community(*, from_on: date, until_on: date) -> dict[UUID, Flows]:
    """Give the flows of each community in scope."""
    return _flows("community", lambda key: key, from_on, until_on)


def flows_by_tier(*, from_on: date, until_on: date) -> dict[str, Flows]:
    """Give the flows of each tier."""
    return _flows("category", lambda key: str(key).partition(":")[0], from_on, until_on)


def flows_by_subject(*, from_on: date, until_on: date) -> dict[str, Flows]:
    """Give the flows of each subject."""
    return _flows("category", lambda key: str(key).partition(":")[2], from_on, until_on)


def _flows(dimension: str, key_of: Any, from_on: date, until_on: date) -> dict[Any, Flows]:
    found = facts.figures_by(dimension, FLOWS.values(), from_on=from_on, until_on=until_on)
    sums: dict[Any, dict[str, int]] = {}
    for name, measure in FLOWS.items():
        for key, total in found[measure].items():
            row = sums.setdefault(key_of(key), {})
            row[name] = row.get(name, 0) + total
    return {key: Flows(**row) for key, row in sums.items()}


def levels_by_community(*, at: datetime) -> dict[UUID, Levels]:
    """Give what is open, late and waiting in each community in scope now; one query over the open ones."""
    return _levels("community_id", at)


def levels_by(name: str, *, at: datetime) -> dict[str, Levels]:
    """Give what is open, late and waiting by "tier" or "subject"."""
    return _levels(name, at)


def _levels(name: str, at: datetime) -> dict[Any, Levels]:
    rows = Case.objects.filter(ended_at=None).order_by()
    late = Count("pk", filter=Q(due_at__lt=at, state__in=states.LIVE))
    counted = rows.values_list(name).annotate(n=Count("pk"), late=late, waiting=Count("pk", filter=Q(state="waiting")))
    return {key: Levels(*counts) for key, *counts in counted}


def kept_by_community(*, from_on: date, until_on: date, on: date) -> dict[UUID, Kept]:
    """Give the reception days of a stretch of time, and the promises that are open and overdue now."""
    days = ReceptionDay.objects.filter(held_on__gte=from_on, held_on__lt=until_on).order_by()
    held = days.values_list("community_id").annotate(
        held=Count("pk", filter=Q(state=Day.HELD)),
        missed=Count("pk", filter=Q(state=Day.MISSED)),
        cancelled=Count("pk", filter=Q(state=Day.CANCELLED)),
        leader_came=Count("pk", filter=Q(state=Day.HELD, leader_came=True)),
    )
    owed = Commitment.objects.filter(state__in=[Promise.OPEN, Promise.SHOWN]).order_by()
    promised = owed.values_list("community_id").annotate(
        promises=Count("pk"), overdue=Count("pk", filter=Q(due_by__lt=on, state=Promise.OPEN))
    )
    found = {community: Kept(*counts) for community, *counts in held}
    for community, promises, overdue in promised:
        found[community] = replace(found.get(community, Kept()), promises=promises, overdue=overdue)
    return found


def together(flows: Mapping[Any, Flows], keys: Iterable[Any] | None = None) -> Flows:
    """Add flows up, all of them or those of some keys."""
    wanted = flows.values() if keys is None else [flows[key] for key in keys if key in flows]
    return sum(wanted, Flows())


TIERS: tuple[tuple[str, Any], ...] = tuple(Tier.choices)
SUBJECTS: tuple[tuple[str, Any], ...] = tuple(Subject.choices)
