"""How a room is lent, at which hours, and when it is not."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.platform import scope
from lianxin.platform.models.base import Record


class RoomTerms(Record):
    """The terms on which one room is lent; a room without them is booked by staff only."""

    class OpenTo(models.TextChoices):
        STAFF = "staff", _("staff only")
        PARTNERS = "partners", _("staff, hosts and partners")
        RESIDENTS = "residents", _("residents too")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    room = models.OneToOneField("places.Room", models.PROTECT, related_name="terms")
    open_to = models.CharField(max_length=9, choices=OpenTo.choices, default=OpenTo.STAFF)
    needs_approval = models.BooleanField(default=True)
    # Nobody but those who keep the room sees who booked it and what for (counselling).
    is_confidential = models.BooleanField(default=False)
    buffer_before = models.PositiveSmallIntegerField(default=0)
    buffer_after = models.PositiveSmallIntegerField(default=0)
    shortest_minutes = models.PositiveSmallIntegerField(default=30)
    longest_minutes = models.PositiveSmallIntegerField(default=240)
    days_ahead = models.PositiveSmallIntegerField(default=60)
    # At most so many live times of one household in a calendar week; none: no limit.
    most_a_week = models.PositiveSmallIntegerField(null=True, blank=True)
    # Given back by itself when nobody came so many minutes after the start; none: kept.
    release_after = models.PositiveSmallIntegerField(null=True, blank=True)
    # How long a slot is kept for the one who waited for it.
    offer_minutes = models.PositiveSmallIntegerField(default=120)
    # Ways of arranging the room, by name: "rows", "round tables".
    set_ups = models.JSONField(default=list, blank=True)
    house_rules = models.CharField(max_length=500, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(shortest_minutes__gt=0) & Q(longest_minutes__gte=F("shortest_minutes")),
                name="bookings_terms_minutes",
            ),
            models.CheckConstraint(
                condition=Q(buffer_before__lte=240) & Q(buffer_after__lte=240), name="bookings_terms_buffers"
            ),
            models.CheckConstraint(condition=Q(days_ahead__gt=0) & Q(offer_minutes__gt=0), name="bookings_terms_days"),
        ]


class RoomHours(Record):
    """Hours of one weekday (0 = Monday) in which a room is lent; a room without rows keeps its venue's hours."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    room = models.ForeignKey("places.Room", models.PROTECT, related_name="lending_hours")
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weekday__range=(0, 6)), name="bookings_hours_weekday"),
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="bookings_hours_order"),
            models.UniqueConstraint(fields=["room", "weekday", "opens"], name="bookings_hours_once"),
        ]


class RoomClosing(Record):
    """A stretch of time in which a room is not lent (repair, stock-taking), with the reason."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    room = models.ForeignKey("places.Room", models.PROTECT, related_name="closings")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=200)
    closed_by = models.UUIDField(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="bookings_closing_order")]
        indexes = [models.Index(fields=["room", "ends_at"], name="bookings_closing_room")]
