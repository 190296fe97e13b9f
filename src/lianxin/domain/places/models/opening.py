"""Declared opening hours, observed openings, and visits counted without names."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.platform.models.base import Record
from lianxin.platform.scope import tenant_manager


class OpeningHours(Record):
    """Declared hours of one weekday (0 = Monday); a close not after the opening means the next day."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    venue = models.ForeignKey("places.Venue", models.PROTECT, related_name="hours")
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    objects = tenant_manager()

    class Meta:
        ordering = ["weekday", "opens", "id"]
        constraints = [
            models.CheckConstraint(name="places_hours_weekday", condition=Q(weekday__range=(0, 6))),
            models.CheckConstraint(
                name="places_hours_until_after_from",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
            ),
            models.UniqueConstraint(
                name="places_hours_once",
                fields=["venue", "weekday", "opens"],
                condition=Q(valid_until__isnull=True),
            ),
        ]


class OpeningException(Record):
    """Days (the last one included) on which a venue is closed or keeps other hours, with the reason."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    venue = models.ForeignKey("places.Venue", models.PROTECT, related_name="exceptions")
    first_on = models.DateField()
    last_on = models.DateField()
    opens = models.TimeField(null=True, blank=True)
    closes = models.TimeField(null=True, blank=True)
    reason = models.CharField(max_length=200)

    objects = tenant_manager()

    class Meta:
        ordering = ["first_on", "opens", "id"]
        constraints = [
            models.CheckConstraint(name="places_exception_order", condition=Q(last_on__gte=F("first_on"))),
            models.CheckConstraint(
                name="places_exception_hours_whole",
                condition=Q(opens__isnull=True, closes__isnull=True) | Q(opens__isnull=False, closes__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["venue", "last_on"], name="places_exception_venue")]


class OpeningLog(Record):
    """One observed opening: who unlocked the door when, and who locked it; an undone one counts for nothing."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    venue = models.ForeignKey("places.Venue", models.PROTECT, related_name="openings")
    opened_at = models.DateTimeField()
    opened_by = models.UUIDField(null=True, blank=True)
    via = models.CharField(max_length=10)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.UUIDField(null=True, blank=True)
    closed_by_schedule = models.BooleanField(default=False)
    undone_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True, default="")

    objects = tenant_manager()

    class Meta:
        ordering = ["-opened_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="places_log_closed_after_opened",
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("opened_at")),
            ),
            models.UniqueConstraint(
                name="places_log_one_open",
                fields=["venue"],
                condition=Q(closed_at__isnull=True, undone_at__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["venue", "opened_at"], name="places_log_venue")]


class VisitPurpose(models.TextChoices):
    """What visitors came for; no names are kept."""

    REST = "rest", pgettext_lazy("purpose of a visit", "Rest")
    WATER = "water", _("Water")
    CHARGING = "charging", _("Charging")
    SERVICE = "service", _("A service")
    ACTIVITY = "activity", _("An activity")
    READING = "reading", _("Reading")
    ERRAND = "errand", _("An errand")
    OTHER = "other", pgettext_lazy("purpose of a visit", "Something else")


class VisitCount(Record):
    """A number of visitors that somebody counted at a moment, without names."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    venue = models.ForeignKey("places.Venue", models.PROTECT, related_name="visits")
    at = models.DateTimeField()
    count = models.PositiveIntegerField()
    purpose = models.CharField(max_length=10, choices=VisitPurpose.choices, default=VisitPurpose.OTHER)
    counted_by = models.UUIDField(null=True, blank=True)
    via = models.CharField(max_length=10)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = tenant_manager()

    class Meta:
        ordering = ["-at", "id"]
        constraints = [models.CheckConstraint(name="places_visit_count", condition=Q(count__gt=0))]
        indexes = [models.Index(fields=["venue", "at"], name="places_visit_venue")]
