"""What the system administrator watches: jobs, messages that did not leave, schedules; and how parked work goes on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext_lazy

from lianxin.platform import contributions, locks, tasks
from lianxin.platform.actors import SYSTEM, Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Missing, NotAllowed, Refused
from lianxin.platform.models import DueTime, Job, Message

OPERATORS = ("system_admin", SYSTEM)
SHOWN = 200


class NotParked(Refused):
    """Only work that was put aside can be taken up again."""

    title = gettext_lazy("This work is not waiting for you any more. Reload the page to see where it stands.")


@dataclass(frozen=True)
class FailedMessage:
    """A message that did not leave, without its address and its words."""

    id: UUID
    channel: str
    template: str
    attempts: int
    created_at: datetime
    failure: str


@dataclass(frozen=True)
class ScheduleLine:
    """One round of the house: how often, when next, when last."""

    name: str
    task: str
    every: Any
    daily_at: Any
    due_at: datetime | None
    last_at: datetime | None


def _require_operator(actor: Actor) -> None:
    if not actor.holds(*OPERATORS):
        raise NotAllowed


def list_jobs(*, actor: Actor, state: str, limit: int = SHOWN) -> list[Job]:
    """Give the jobs in one state: waiting ones by when they are due, all others newest first."""
    _require_operator(actor)
    order = ("due_at", "pk") if state == Job.State.WAITING else ("-created_at", "-pk")
    return list(Job.objects.filter(state=state).order_by(*order)[:limit])


def count_jobs(*, actor: Actor) -> dict[str, int]:
    """Count the jobs in each state."""
    _require_operator(actor)
    counted = Job.objects.values("state").annotate(n=Count("pk")).values_list("state", "n")
    return dict.fromkeys(Job.State.values, 0) | dict(counted.order_by())


def list_failed_messages(*, actor: Actor, limit: int = SHOWN) -> list[FailedMessage]:
    """Give the messages that were given up after five tries, newest first."""
    _require_operator(actor)
    names = ("pk", "channel", "template", "attempts", "created_at", "failure")
    rows = Message.objects.filter(state=Message.State.FAILED).order_by("-created_at", "-pk").values_list(*names)
    return [FailedMessage(*row) for row in rows[:limit]]


def list_schedules(*, actor: Actor) -> list[ScheduleLine]:
    """Give every round that the modules contribute, with its next and last time."""
    _require_operator(actor)
    known = {row.name: row for row in DueTime.objects.all()}
    return [
        ScheduleLine(
            name=each.name,
            task=each.task,
            every=each.every,
            daily_at=each.daily_at,
            due_at=known[each.name].due_at if each.name in known else None,
            last_at=known[each.name].last_enqueued_at if each.name in known else None,
        )
        for each in contributions.every("schedules")
    ]


@command("platform.resume_job")
def resume_job(*, actor: Actor, job: UUID, at: datetime, key: UUID | None = None) -> None:
    """Put parked work back in the queue; raises NotParked when somebody else did so before."""
    _require_operator(actor)
    row = locks.lock_one(Job.objects.filter(pk=job))
    if row is None:
        raise Missing
    if row.state != Job.State.PARKED:
        raise NotParked
    tasks.resume(job=job, at=at)
    act().target(row, "resumed", {"task": [row.task, row.task]})


@command("platform.resend_message")
def resend_message(*, actor: Actor, message: UUID, at: datetime, key: UUID | None = None) -> None:
    """Let a message that was given up be tried again; raises NotParked when it is on its way already."""
    _require_operator(actor)
    row = locks.lock_one(Message.objects.filter(pk=message))
    if row is None:
        raise Missing
    if row.state != Message.State.FAILED:
        raise NotParked
    row.state, row.attempts, row.next_try_at = Message.State.WAITING, 0, at
    row.save(update_fields=["state", "attempts", "next_try_at"])
    act().target(row, "sent again")
