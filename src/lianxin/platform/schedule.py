"""Schedules: a table of due times that enqueues what is due, once per due time, whoever ticks."""

from datetime import datetime, timedelta

from django.db import transaction

from lianxin.platform import clock, contributions, tasks
from lianxin.platform.contributions import Schedule
from lianxin.platform.models import DueTime


def next_due(schedule: Schedule, after: datetime) -> datetime:
    """Give the first due time later than `after`."""
    if schedule.every is not None:
        return after + schedule.every
    if schedule.daily_at is None:
        raise ValueError(f"schedule {schedule.name} says neither every nor daily_at")
    due = clock.local_moment(clock.local_day(after), schedule.daily_at)
    return due if due > after else clock.local_moment(clock.local_day(after) + timedelta(days=1), schedule.daily_at)


def tick(*, at: datetime) -> int:
    """Enqueue every schedule that is due and move its due time on; give how many were enqueued."""
    enqueued = 0
    known = dict(DueTime.objects.values_list("name", "due_at"))
    for schedule in contributions.every("schedules"):
        due = known.get(schedule.name)
        if due is None:
            first = at if schedule.every is not None else next_due(schedule, at)
            DueTime.objects.bulk_create([DueTime(name=schedule.name, due_at=first)], ignore_conflicts=True)
            continue
        if due > at:
            continue
        with transaction.atomic():
            moved = DueTime.objects.filter(name=schedule.name, due_at=due).update(
                due_at=next_due(schedule, at), last_enqueued_at=at
            )
            if moved:
                tasks.enqueue_for_system(
                    schedule.task, args=schedule.args, key=f"{schedule.name}@{due.isoformat()}", at=at
                )
                enqueued += 1
    return enqueued
