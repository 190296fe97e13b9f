"""Slow work as rows: written with the act, leased by a worker, retried, parked, watched."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import DatabaseError, close_old_connections, connection, transaction
from django.db.models import F, Q

from lianxin.platform import bad_luck, clock, scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, plain
from lianxin.platform.models import Job

log = logging.getLogger(__name__)

QUICK, LONG = "quick", "long"
MAX_ATTEMPTS = 5
LEASE = timedelta(seconds=30)
HEARTBEAT_SECONDS = 8
# A job that meets bad luck (bad_luck.py) tries again without losing an attempt, for so long.
PATIENCE = timedelta(days=1)
PAUSE = timedelta(seconds=30)


class LeaseLost(RuntimeError):
    """Another worker has taken the job over; this one stops at once."""


@dataclass(frozen=True)
class _Task:
    name: str
    lane: str
    run: Callable[..., None]


_tasks: dict[str, _Task] = {}


def task(name: str, *, lane: str = QUICK) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register `function(job, **args)` as the task of this name; it must be safe to run more than once."""

    def decorate(function: Callable[..., None]) -> Callable[..., None]:
        _tasks[name] = _Task(name, lane, function)
        return function

    return decorate


def enqueue(
    name: str, *, args: dict[str, Any] | None = None, key: str | None = None, due_at: datetime | None = None
) -> Job:
    """Put a job in the queue, in the running command's transaction and with its actor; a known key is one job."""
    running = act()
    return _insert(name, args or {}, actor=running.actor, key=key, at=running.at, due_at=due_at)


def enqueue_for_system(name: str, *, args: dict[str, Any] | None = None, key: str | None = None, at: datetime) -> Job:
    """Put a job of the machinery itself in the queue (schedules)."""
    return _insert(name, args or {}, actor=Actor.system(), key=key, at=at, due_at=None)


def _insert(
    name: str, args: dict[str, Any], *, actor: Actor, key: str | None, at: datetime, due_at: datetime | None
) -> Job:
    job = Job(
        task=name,
        lane=_tasks[name].lane,
        args=plain(args),
        actor=actor.to_json(),
        asked_by=actor.account,
        key=key,
        due_at=due_at or at,
        created_at=at,
    )
    if key is None:
        job.save(force_insert=True)
        return job
    Job.objects.bulk_create([job], ignore_conflicts=True)
    return Job.objects.get(key=key)


@dataclass
class Running:
    """The handle a task gets: who asked, and how to tell how far it is."""

    id: UUID
    actor: Actor
    worker: str
    attempt: int

    def progress(self, done: int, total: int, note: str = "") -> None:
        """Tell how far the work is, and renew the lease; raises LeaseLost when it was taken over."""
        self._touch(done_units=done, total_units=total, note=note[:200])

    def beat(self) -> None:
        """Renew the lease; raises LeaseLost when it was taken over."""
        self._touch()

    def _touch(self, **changes: Any) -> None:
        kept = Job.objects.filter(
            pk=self.id, worker=self.worker, attempts=self.attempt, state=Job.State.RUNNING
        ).update(lease_until_at=clock.now() + LEASE, **changes)
        if not kept:
            raise LeaseLost(str(self.id))


def claim(*, worker: str, lane: str, at: datetime) -> Job | None:
    """Take the next due job of a lane, or one whose worker died; give None when there is none."""
    claimable = Q(state=Job.State.WAITING, due_at__lte=at) | Q(state=Job.State.RUNNING, lease_until_at__lt=at)
    with transaction.atomic():
        waiting = Job.objects.filter(claimable, lane=lane).order_by("due_at", "pk")
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True)
        job = waiting.first()
        if job is None:
            return None
        if job.attempts >= MAX_ATTEMPTS:
            Job.objects.filter(pk=job.pk).update(
                state=Job.State.PARKED, finished_at=at, failure=job.failure or "its worker stopped five times"
            )
            return None
        Job.objects.filter(pk=job.pk).update(
            state=Job.State.RUNNING,
            attempts=F("attempts") + 1,
            worker=worker,
            lease_until_at=at + LEASE,
            started_at=at,
        )
    return Job.objects.get(pk=job.pk)


def run_one(*, worker: str, lane: str, at: datetime) -> bool:
    """Claim and run one job of a lane to its end; False when there was none."""
    job = claim(worker=worker, lane=lane, at=at)
    if job is None:
        return False
    running = Running(id=job.pk, actor=Actor.from_json(job.actor), worker=worker, attempt=job.attempts)
    try:
        with _heartbeat(running), scope.within(running.actor.communities):
            _tasks[job.task].run(running, **job.args)
    except LeaseLost:
        log.warning("job %s was taken over", job.pk)
    except Exception as error:  # noqa: BLE001 - whatever a task raises is written down by it
        _note_failure(running, job, error)
    else:
        _let_go(running, state=Job.State.DONE, finished_at=clock.now(), failure="")
    return True


def _note_failure(running: Running, job: Job, error: Exception) -> None:
    moment = clock.now()
    failure = f"{type(error).__name__}: {error}"[:2000]
    if bad_luck.met(error) is not None and moment - job.created_at < PATIENCE:
        log.warning("job %s (%s) met bad luck and waits: %s", job.pk, job.task, error)
        _let_go(running, state=Job.State.WAITING, failure=failure, due_at=moment + PAUSE, attempts=F("attempts") - 1)
        return
    log.exception("job %s (%s) failed", job.pk, job.task)
    parked = job.attempts >= MAX_ATTEMPTS
    _let_go(
        running,
        state=Job.State.PARKED if parked else Job.State.WAITING,
        failure=failure,
        due_at=moment + timedelta(seconds=2**job.attempts),
        finished_at=moment if parked else None,
    )


def _let_go(running: Running, **changes: Any) -> None:
    """Write down how it ended; what cannot be written just now is done over when the lease has run out."""
    try:
        _mine(running).update(lease_until_at=None, **changes)
    except DatabaseError as error:
        if bad_luck.met(error) is None:
            raise
        log.warning("how job %s ended could not be written: %s", running.id, error)


def _mine(running: Running) -> Any:
    return Job.objects.filter(pk=running.id, worker=running.worker, attempts=running.attempt, state=Job.State.RUNNING)


@contextmanager
def _heartbeat(running: Running) -> Iterator[None]:
    """Renew the lease from a thread of its own while the task runs."""
    stop = threading.Event()

    def beat() -> None:
        while not stop.wait(HEARTBEAT_SECONDS):
            try:
                running.beat()
            except LeaseLost:
                return
            except Exception:
                log.warning("heartbeat of job %s missed", running.id, exc_info=True)
            finally:
                close_old_connections()
        connection.close()

    thread = threading.Thread(target=beat, daemon=True, name=f"heartbeat-{running.id}")
    thread.start()
    try:
        yield
    finally:
        stop.set()


def resume(*, job: UUID, at: datetime) -> None:
    """Put a parked job back in the queue (the operator's act)."""
    Job.objects.filter(pk=job, state=Job.State.PARKED).update(
        state=Job.State.WAITING, attempts=0, due_at=at, finished_at=None
    )


def forget_done(at: datetime, days: int = 30) -> int:
    """Remove finished jobs older than so many days."""
    return Job.objects.filter(state=Job.State.DONE, finished_at__lt=at - timedelta(days=days)).delete()[0]
