"""Work that follows an act: messages, jobs, schedules, leases, duties, remembered keys."""

from django.db import models
from django.db.models import Q

from lianxin.platform.models.base import Record
from lianxin.platform.scope import tenant_manager
from lianxin.platform.sensitive import SealedField


class Remembered(models.Model):
    """The outcome of a command that was sent with a key, so that a repeat finds it again."""

    key = models.UUIDField(primary_key=True)
    command = models.CharField(max_length=80)
    request_hash = models.CharField(max_length=64)
    outcome = models.JSONField(null=True)
    remembered_at = models.DateTimeField()


class Lease(models.Model):
    """A right held by one process for a while (folding, sealing)."""

    name = models.CharField(max_length=80, primary_key=True)
    holder = models.CharField(max_length=80)
    until_at = models.DateTimeField()


class Message(Record):
    """A message to an address, written with the act and delivered after it."""

    class State(models.TextChoices):
        WAITING = "WAITING"
        SENT = "SENT"
        FAILED = "FAILED"

    channel = models.CharField(max_length=20)
    address = SealedField(purpose="platform.message.address")
    template = models.CharField(max_length=60)
    context = SealedField(purpose="platform.message.context")
    community_id = models.UUIDField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(state="WAITING"), name="message_waiting"),
        ]


class Job(Record):
    """Slow work: leased by a worker, retried, parked after five attempts, watched by whoever asked."""

    class State(models.TextChoices):
        WAITING = "WAITING"
        RUNNING = "RUNNING"
        DONE = "DONE"
        PARKED = "PARKED"

    task = models.CharField(max_length=80)
    lane = models.CharField(max_length=10, default="quick")
    args = models.JSONField(default=dict)
    actor = models.JSONField(default=dict)
    asked_by = models.UUIDField(null=True)
    key = models.CharField(max_length=120, null=True, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    lease_until_at = models.DateTimeField(null=True)
    worker = models.CharField(max_length=80, blank=True)
    done_units = models.BigIntegerField(default=0)
    total_units = models.BigIntegerField(default=0)
    note = models.CharField(max_length=200, blank=True)
    failure = models.TextField(blank=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["lane", "due_at"], condition=Q(state="WAITING"), name="job_waiting"),
            models.Index(fields=["lease_until_at"], condition=Q(state="RUNNING"), name="job_running"),
        ]


class DueTime(models.Model):
    """When a schedule is due next; moved on in the transaction that enqueues its job."""

    name = models.CharField(max_length=80, primary_key=True)
    due_at = models.DateTimeField()
    last_enqueued_at = models.DateTimeField(null=True)


class Duty(Record):
    """Something that someone must do by a time."""

    kind = models.CharField(max_length=60)
    record_kind = models.CharField(max_length=60)
    record_id = models.UUIDField()
    community_id = models.UUIDField(null=True)
    title = models.CharField(max_length=200)
    due_at = models.DateTimeField()
    assignee_account = models.UUIDField(null=True)
    assignee_role = models.CharField(max_length=40, blank=True)
    url_name = models.CharField(max_length=80, blank=True)
    url_args = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)

    objects = tenant_manager("community_id")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "record_kind", "record_id"], condition=Q(closed_at=None), name="duty_open_once"
            ),
        ]
        indexes = [
            models.Index(fields=["community_id", "due_at"], condition=Q(closed_at=None), name="duty_open_by_community"),
            models.Index(
                fields=["assignee_account", "due_at"], condition=Q(closed_at=None), name="duty_open_by_account"
            ),
        ]
