"""Duties: what someone must do by a time. Today, reminders and escalation read this one table."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q

from lianxin.platform import many, scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act
from lianxin.platform.models import Duty, kind_of

_MOVED = ("community_id", "title", "due_at", "assignee_account", "assignee_role", "url_name", "url_args")
_ONCE = "(kind, record_kind, record_id) WHERE closed_at IS NULL"


def open(  # noqa: A001
    *,
    kind: str,
    record: models.Model,
    community_id: UUID | None,
    title: str,
    due_at: datetime,
    assignee_account: UUID | None = None,
    assignee_role: str = "",
    url_name: str = "",
    url_args: dict[str, Any] | None = None,
) -> Duty:
    """Open a duty, or move the open one of this kind and record to the new words and time."""
    duty = Duty(
        kind=kind,
        record_kind=kind_of(record),
        record_id=record.pk,
        community_id=community_id,
        title=title[:200],
        due_at=due_at,
        assignee_account=assignee_account,
        assignee_role=assignee_role,
        url_name=url_name,
        url_args=url_args or {},
        opened_at=act().at,
    )
    # One statement, as most commands open some: nobody else can come between a look and the writing.
    many.keep_or_change(duty, once=_ONCE, names=_MOVED)
    return duty


def close(*, kind: str | Sequence[str], record: models.Model) -> bool:
    """Close the open duty of this kind, or these kinds, and record; False when none was open."""
    running = act()
    named = {"kind": kind} if isinstance(kind, str) else {"kind__in": kind}
    return bool(
        Duty.objects.filter(**named, record_kind=kind_of(record), record_id=record.pk, closed_at=None).update(
            closed_at=running.at, closed_by=running.actor.account
        )
    )


def list_open(*, actor: Actor, until: datetime | None = None) -> models.QuerySet[Duty]:
    """Give the open duties that this actor may do, soonest first: own ones, and those of a role held here."""
    rows = Duty.objects.filter(closed_at=None).filter(
        Q(assignee_account=actor.account)
        | Q(assignee_account=None, assignee_role="")
        | Q(assignee_account=None, assignee_role__in=[*actor.roles, actor.role])
    )
    if until is not None:
        rows = rows.filter(due_at__lt=until)
    return rows.order_by("due_at", "pk")


def list_for_today(*, actor: Actor, until: datetime, limit: int = 60) -> list[Duty]:
    """Give the open duties due before a moment and all that are assigned to this actor by name, soonest first."""
    rows = list_open(actor=actor).filter(Q(due_at__lt=until) | Q(assignee_account=actor.account))
    return list(rows[:limit])


def count_assigned(*, account: UUID) -> int:
    """Count the open duties that one account would hand over, in all communities."""
    with scope.everything():
        return Duty.objects.filter(closed_at=None, assignee_account=account).count()


def hand_over(*, from_account: UUID, to_account: UUID, communities: frozenset[UUID] | None = None) -> int:
    """Give one account's open duties to another; give how many moved."""
    act()
    rows = Duty.objects.filter(closed_at=None, assignee_account=from_account)
    if communities is not None:
        rows = rows.filter(community_id__in=communities)
    return rows.update(assignee_account=to_account)
