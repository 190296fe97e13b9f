"""Visits to households: planned, done at the door without a network, and what was promised there."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.platform import scope
from lianxin.platform.models.base import Record
from lianxin.platform.sensitive import SealedField


class Visit(Record):
    """One visit to a household by a grid worker: `planned → done | absent | refused | void`."""

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("visit", "planned")
        DONE = "done", _("somebody was met")
        ABSENT = "absent", _("nobody was in")
        REFUSED = "refused", _("not wanted")
        VOID = "void", pgettext_lazy("visit", "called off")

    class Reason(models.TextChoices):
        ROUND = "round", _("the regular round")
        ALONE = "alone", _("lives alone")
        PROMISE = "promise", _("something was promised")
        WISH = "wish", _("somebody asked")
        NEW = "new", _("newly moved in")
        SURVEY = "survey", _("a survey")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+", db_index=False)
    household = models.ForeignKey("people.Household", models.PROTECT, related_name="+")
    # The account of whoever goes.
    worker = models.UUIDField(null=True, blank=True)
    reason = models.CharField(max_length=7, choices=Reason.choices, default=Reason.ROUND)
    reason_words = models.CharField(max_length=120, blank=True, default="")
    due_on = models.DateField()
    survey = models.ForeignKey("needs.Survey", models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=7, choices=State.choices, default=State.PLANNED)
    state_reason = models.CharField(max_length=200, blank=True, default="")
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Only where the household agreed and the worker pressed for it: no track is ever kept.
    lng = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    accuracy_metres = models.PositiveIntegerField(null=True, blank=True)
    note = SealedField(null=True, blank=True)
    submission = models.OneToOneField(
        "needs.Submission", models.PROTECT, null=True, blank=True, related_name="done_visit"
    )
    # The id that the phone gave to this record of the visit, and what it sent (for the conflict page).
    device_record = models.UUIDField(null=True, blank=True)
    device_digest = models.CharField(max_length=64, blank=True, default="")
    recorded_at = models.DateTimeField(null=True, blank=True)
    planned_by = models.UUIDField(null=True, blank=True)
    planned_at = models.DateTimeField()
    is_sample = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["device_record"], condition=Q(device_record__isnull=False), name="needs_visit_device_record"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(started_at__isnull=False, ended_at__gte=F("started_at")),
                name="needs_visit_times",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "void"]) | Q(recorded_at__isnull=False), name="needs_visit_recorded"
            ),
        ]
        indexes = [
            models.Index(fields=["community", "state", "due_on"], name="needs_visit_place"),
            models.Index(fields=["worker", "state", "due_on"], name="needs_visit_worker"),
        ]


class VisitPromise(Record):
    """Something promised at the door; it is a duty until it is kept or taken back with a reason."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("promise", "open")
        KEPT = "kept", pgettext_lazy("promise", "kept")
        DROPPED = "dropped", _("cannot be kept")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, models.CASCADE, related_name="promises")
    household = models.ForeignKey("people.Household", models.PROTECT, related_name="+")
    words = models.CharField(max_length=200)
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.OPEN)
    result = models.CharField(max_length=200, blank=True, default="")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.UUIDField(null=True, blank=True)
    device_record = models.UUIDField(null=True, blank=True)
    made_at = models.DateTimeField()

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="needs_visitpromise_worded"),
            models.CheckConstraint(
                condition=Q(state="open", ended_at__isnull=True) | ~Q(state="open") & Q(ended_at__isnull=False),
                name="needs_visitpromise_ended",
            ),
            models.UniqueConstraint(
                fields=["device_record"], condition=Q(device_record__isnull=False), name="needs_visitpromise_device"
            ),
        ]


class VisitConflict(Record):
    """A record from a phone that met another one of the same visit: both are kept until somebody decides."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("conflict", "open")
        TAKEN = "taken", _("the phone's was taken")
        LEFT = "left", _("what was there was left")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, models.CASCADE, related_name="conflicts")
    device_record = models.UUIDField(unique=True)
    content = SealedField()
    sent_by = models.UUIDField(null=True, blank=True)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=5, choices=State.choices, default=State.OPEN)
    decided_by = models.UUIDField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = scope.tenant_manager()


class VisitDevice(Record):
    """A phone that carries households along: who took them, when they expire there, and what it last sent."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    worker = models.UUIDField()
    # Digest of the word by which the phone shows that it is this one.
    token_digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=80, blank=True, default="")
    taken_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    households = models.PositiveIntegerField(default=0)
    last_sent_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("taken_at")), name="needs_visitdevice_expires")
        ]
