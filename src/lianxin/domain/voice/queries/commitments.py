"""Reading commitments: a community's list with what is late on top, one of them, and where it was given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from lianxin.domain.voice import policy
from lianxin.domain.voice.models import Commitment
from lianxin.domain.voice.rules import commitments as rules
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.errors import Missing

RELATED = ("community", "matter", "meeting", "case", "reception", "clause", "party")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a commitment was given: its kind, its words for staff, and the ids by which its page is found."""

    kind: str
    title: str
    record: UUID | None


def list_commitments(
    *,
    actor: Actor,
    state: str = "live",
    on: date,
    source: str = "",
    words: str = "",
    communities: Iterable[UUID] | None = None,
) -> QuerySet[Commitment]:
    """Give the commitments in scope, the first due on top; `state` is "live", "late", "all" or a state of its own."""
    rows = Commitment.objects.select_related(*RELATED)
    if not policy.may_read_any(actor):
        return rows.none()
    if communities is not None:
        rows = rows.filter(community__in=list(communities))
    if source in SOURCES:
        rows = rows.filter(**{f"{source}__isnull": False})
    if words.strip():
        rows = rows.filter(Q(words__contains=words.strip()) | Q(owner_name__contains=words.strip()))
    if state in ("live", "late"):
        rows = rows.filter(state__in=rules.LIVE)
        rows = rows.filter(due_by__lt=on) if state == "late" else rows
        return rows.order_by("due_by", "number", "pk")
    if state != "all":
        rows = rows.filter(state=state)
    return rows.order_by("-due_by", "-number", "pk")


SOURCES = ("matter", "case", "reception", "clause")


def count_late(*, actor: Actor, on: date) -> int:
    """Count the open commitments in scope whose day is over."""
    return list_commitments(actor=actor, state="late", on=on).order_by().count()


def find_commitment(*, actor: Actor, commitment: UUID) -> Commitment:
    """Give one commitment that the actor may read; raises Missing."""
    row = Commitment.objects.select_related(*RELATED).filter(pk=commitment).first()
    if row is None or not policy.may_read(actor, row.community_id):
        raise Missing
    return row


def of_matter(matter: UUID) -> list[Commitment]:
    """Give the commitments of a matter, those that are open first, each by its day."""
    rows = Commitment.objects.filter(matter=matter).select_related("meeting", "party")
    return sorted(rows, key=lambda one: (one.state not in rules.LIVE, one.due_by, one.number))


def light_of(row: Commitment, on: date) -> str:
    """Give the light of an open commitment; what is closed has none."""
    if row.state not in rules.LIVE:
        return ""
    return rules.light(promised_on=local_day(row.made_at), due_by=row.due_by, on=on)


def source_of(row: Commitment) -> Source:
    """Tell where a commitment was given; of a mediation only that there is one."""
    if row.matter is not None:
        return Source("matter", row.matter.title, row.matter_id)
    if row.case is not None:
        return Source("case", row.case.title, row.case_id)
    if row.reception is not None:
        return Source("reception", "", row.reception.day_id)
    return Source("clause", "", row.clause.mediation_id if row.clause is not None else None)
