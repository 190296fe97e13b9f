"""Hours that count, and the paper that says so."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.platform import scope
from lianxin.platform.models.base import Record


class HoursEntry(Record):
    """Minutes of voluntary work of one person; a correction is a row of its own. Only grows."""

    class Kind(models.TextChoices):
        SHIFT = "shift", _("a shift")
        CORRECTION = "correction", _("correction")
        TAKEN_OVER = "taken_over", pgettext_lazy("hours", "taken over from paper")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    on = models.DateField()
    minutes = models.IntegerField()
    shift_place = models.ForeignKey(
        "activities.ShiftPlace", models.PROTECT, null=True, blank=True, related_name="hours"
    )
    corrects = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="corrected_by")
    reason = models.CharField(max_length=200, blank=True, default="")
    entered_at = models.DateTimeField()
    entered_by = models.UUIDField(null=True, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="correction", corrects__isnull=False) | ~Q(kind="correction") & Q(corrects=None),
                name="activities_hours_corrects",
            ),
            models.CheckConstraint(condition=~Q(minutes=0), name="activities_hours_some"),
        ]
        indexes = [
            models.Index(fields=["person", "on"], name="activities_hours_person"),
            models.Index(fields=["community", "on"], name="activities_hours_community"),
        ]


class Certificate(Record):
    """A printed statement of hours between two days, or of one occurrence; its code can be looked up by anybody."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    occurrence = models.ForeignKey("activities.Occurrence", models.PROTECT, null=True, blank=True, related_name="+")
    number = models.CharField(max_length=20, unique=True)
    code = models.CharField(max_length=16, unique=True)
    from_on = models.DateField()
    until_on = models.DateField()
    minutes = models.PositiveIntegerField()
    times = models.PositiveIntegerField()
    # The name as printed, masked on the public page; gone when the person is erased.
    name = models.CharField(max_length=80, blank=True, default="")
    issued_at = models.DateTimeField()
    issued_by = models.UUIDField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.CharField(max_length=200, blank=True, default="")

    objects = scope.tenant_manager()
