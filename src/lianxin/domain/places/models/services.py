"""The 33 service categories and the standing services that a venue offers in them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.platform.models.base import Record
from lianxin.platform.scope import tenant_manager


class ServiceState(models.TextChoices):
    """Whether a standing service is given."""

    OFFERED = "offered", _("Offered")
    PAUSED = "paused", _("Paused")
    ENDED = "ended", _("Ended")


class ServiceCategory(Record):
    """One of the categories of service to residents; 33 of them, loaded from data/categories.csv."""

    code = models.CharField(max_length=3, unique=True)
    name = models.CharField(max_length=50)
    name_en = models.CharField(max_length=80, blank=True, default="")
    description = models.CharField(max_length=300, blank=True, default="")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name


class StandingService(Record):
    """A service that a venue gives again and again: what, who, when, how to get it."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    venue = models.ForeignKey("places.Venue", models.PROTECT, related_name="services")
    category = models.ForeignKey(ServiceCategory, models.PROTECT, related_name="services")
    room = models.ForeignKey("places.Room", models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=100)
    description = models.TextField(blank=True, default="")
    provider_name = models.CharField(max_length=100, blank=True, default="")
    provider_organisation_id = models.UUIDField(null=True, blank=True)
    how_to_get = models.CharField(max_length=300, blank=True, default="")
    documents_needed = models.CharField(max_length=300, blank=True, default="")
    cost = models.CharField(max_length=100, blank=True, default="")
    times_note = models.CharField(max_length=200, blank=True, default="")
    state = models.CharField(max_length=8, choices=ServiceState.choices, default=ServiceState.OFFERED)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = tenant_manager()

    class Meta:
        ordering = ["category__position", "name", "id"]
        constraints = [
            models.CheckConstraint(
                name="places_service_until_after_from",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
            ),
            models.CheckConstraint(
                name="places_service_ended_has_day", condition=~Q(state="ended") | Q(valid_until__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ServiceHours(Record):
    """A weekly time of a standing service, or one in the n-th week of each month (5 = the last)."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    service = models.ForeignKey(StandingService, models.PROTECT, related_name="hours")
    weekday = models.PositiveSmallIntegerField()
    week_of_month = models.PositiveSmallIntegerField(null=True, blank=True)
    starts = models.TimeField()
    ends = models.TimeField()

    objects = tenant_manager()

    class Meta:
        ordering = ["weekday", "starts", "id"]
        constraints = [
            models.CheckConstraint(name="places_service_hours_weekday", condition=Q(weekday__range=(0, 6))),
            models.CheckConstraint(
                name="places_service_hours_week",
                condition=Q(week_of_month__isnull=True) | Q(week_of_month__range=(1, 5)),
            ),
            models.CheckConstraint(name="places_service_hours_order", condition=Q(ends__gt=F("starts"))),
        ]
