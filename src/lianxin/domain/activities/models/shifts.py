"""Work to be done at a time and place, and who takes it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.platform import scope
from lianxin.platform.models.base import Record

from .volunteers import Skill


class Shift(Record):
    """A piece of voluntary work: at an occurrence, or for a delivery round or a visit of a higher module."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        OPEN = "open", pgettext_lazy("shift", "open")
        DONE = "done", pgettext_lazy("shift", "done")
        CANCELLED = "cancelled", _("cancelled")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+", db_index=False)
    occurrence = models.ForeignKey(
        "activities.Occurrence", models.PROTECT, null=True, blank=True, related_name="shifts"
    )
    record_kind = models.CharField(max_length=60, blank=True, default="")
    record_id = models.UUIDField(null=True, blank=True)
    team = models.ForeignKey("activities.Team", models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    # What one does: host, set up, carry, drive.
    role = models.CharField(max_length=40)
    what = models.CharField(max_length=300, blank=True, default="")
    skills = models.ManyToManyField(Skill, related_name="+", blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    venue = models.ForeignKey("places.Venue", models.PROTECT, null=True, blank=True, related_name="+")
    place = models.CharField(max_length=120, blank=True, default="")
    lng = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    least = models.PositiveSmallIntegerField(default=1)
    most = models.PositiveSmallIntegerField()
    taken = models.PositiveSmallIntegerField(default=0)
    closed_at = models.DateTimeField(null=True, blank=True)
    close_reason = models.CharField(max_length=200, blank=True, default="")
    made_by = models.UUIDField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="activities_shift_order"),
            models.CheckConstraint(condition=Q(taken__lte=F("most")), name="activities_shift_most"),
            models.CheckConstraint(condition=Q(most__gt=0) & Q(least__lte=F("most")), name="activities_shift_least"),
        ]
        indexes = [models.Index(fields=["community", "starts_at"], name="activities_shift_community")]


class ShiftPlace(Record):
    """One person on one shift."""

    class State(models.TextChoices):
        TAKEN = "taken", pgettext_lazy("shift", "taken")
        DONE = "done", pgettext_lazy("shift", "done")
        MISSED = "missed", pgettext_lazy("shift", "did not come")
        CANCELLED = "cancelled", pgettext_lazy("shift", "given back")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    shift = models.ForeignKey(Shift, models.PROTECT, related_name="places", db_index=False)
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    # Somebody sent by a partner who has no record here.
    guest_name = models.CharField(max_length=40, blank=True, default="")
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=9, choices=State.choices, default=State.TAKEN)
    is_reporting_in = models.BooleanField(default=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    came_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(default=0)
    taken_at = models.DateTimeField()
    taken_by = models.UUIDField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_reason = models.CharField(max_length=200, blank=True, default="")
    reminded_at = models.DateTimeField(null=True, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, guest_name="") | Q(person__isnull=True) & ~Q(guest_name=""),
                name="activities_place_somebody",
            ),
            models.UniqueConstraint(
                fields=["shift", "person"],
                condition=~Q(state="cancelled") & Q(person__isnull=False),
                name="activities_place_once",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "starts_at"], name="activities_place_person"),
            models.Index(fields=["shift", "state"], name="activities_place_shift"),
        ]
