"""Rooms and equipment of a venue."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.platform.models.base import Record
from lianxin.platform.scope import tenant_manager


class RoomState(models.TextChoices):
    """Whether people can use a room."""

    IN_USE = "in_use", _("In use")
    PAUSED = "paused", _("Not in use for now")
    REMOVED = "removed", _("No longer there")


class Condition(models.TextChoices):
    """State of a piece of equipment at its last look."""

    GOOD = "good", pgettext_lazy("condition", "Good")
    WORN = "worn", _("Worn")
    BROKEN = "broken", _("Broken")
    MISSING = "missing", pgettext_lazy("condition", "Missing")


class RoomKind(Record):
    """A kind of room ("one hall, five rooms" and whatever a community adds); rows, not code."""

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=50)
    name_en = models.CharField(max_length=50, blank=True, default="")
    is_for_residents = models.BooleanField(default=True)
    is_confidential = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name


class Room(Record):
    """A room of a venue."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    venue = models.ForeignKey("places.Venue", models.PROTECT, related_name="rooms")
    kind = models.ForeignKey(RoomKind, models.PROTECT, related_name="+")
    name = models.CharField(max_length=50)
    area_m2 = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    seats = models.PositiveIntegerField(null=True, blank=True)
    floor = models.SmallIntegerField(default=1)
    step_free = models.BooleanField(default=False)
    confidential = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=RoomState.choices, default=RoomState.IN_USE)
    note = models.CharField(max_length=200, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    objects = tenant_manager()

    class Meta:
        ordering = ["floor", "kind__position", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                name="places_room_name_once", fields=["venue", "name"], condition=~Q(state="removed")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Equipment(Record):
    """Things that a venue holds for use, with the condition seen at the last look."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    venue = models.ForeignKey("places.Venue", models.PROTECT, related_name="equipment")
    room = models.ForeignKey(Room, models.PROTECT, null=True, blank=True, related_name="equipment")
    name = models.CharField(max_length=100)
    count = models.PositiveIntegerField(default=1)
    condition = models.CharField(max_length=8, choices=Condition.choices, default=Condition.GOOD)
    inspected_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True, default="")
    removed_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = tenant_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.CheckConstraint(name="places_equipment_count", condition=Q(count__gt=0))]

    def __str__(self) -> str:
        return self.name
