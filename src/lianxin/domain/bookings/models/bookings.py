"""A booking and its dates."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.platform import scope
from lianxin.platform.models.base import Record
from lianxin.platform.sensitive import SealedField


class Booking(Record):
    """A wish for a room, once or repeated."""

    class State(models.TextChoices):
        ASKED = "asked", _("asked for")
        CONFIRMED = "confirmed", _("confirmed")
        REFUSED = "refused", _("refused")
        CANCELLED = "cancelled", _("cancelled")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    venue = models.ForeignKey("places.Venue", models.PROTECT, related_name="+")
    room = models.ForeignKey("places.Room", models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=State.choices)
    # What it is for, as others may read it; of a confidential room nobody else sees it.
    title = models.CharField(max_length=120)
    # Who books: a resident, an organisation, or an account for the community itself; and who stands for it.
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    household = models.ForeignKey("people.Household", models.PROTECT, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, null=True, blank=True, related_name="+")
    contact_name = models.CharField(max_length=80, blank=True, default="")
    contact_phone = SealedField(null=True, blank=True)
    booked_by = models.UUIDField(null=True, blank=True)
    # The record of a higher module for which it was booked: an occurrence, a reception day.
    record_kind = models.CharField(max_length=60, blank=True, default="")
    record_id = models.UUIDField(null=True, blank=True)
    people_expected = models.PositiveIntegerField(null=True, blank=True)
    set_up = models.CharField(max_length=60, blank=True, default="")
    note = models.CharField(max_length=500, blank=True, default="")
    # Recurrence as given: {"every": "week", "interval": 1, "weekdays": [1], "until": "2026-12-31"}; {} for once.
    recurrence = models.JSONField(default=dict, blank=True)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.UUIDField(null=True, blank=True)
    answer = models.CharField(max_length=300, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="bookings_booking_titled"),
            models.CheckConstraint(
                condition=~Q(state="refused") | Q(decided_at__isnull=False), name="bookings_booking_decided"
            ),
            models.CheckConstraint(
                condition=Q(record_kind="", record_id__isnull=True) | ~Q(record_kind="") & Q(record_id__isnull=False),
                name="bookings_booking_record_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["record_id"], name="bookings_booking_record", condition=Q(record_id__isnull=False)),
            models.Index(fields=["community", "state"], name="bookings_booking_state"),
        ]


class BookingTime(Record):
    """One date of a booking. Live times of a room never overlap, their buffers included."""

    class State(models.TextChoices):
        ASKED = "asked", _("asked for")
        CONFIRMED = "confirmed", _("confirmed")
        USED = "used", _("in use or used")
        RELEASED = "released", pgettext_lazy("booking", "given back")
        CANCELLED = "cancelled", _("cancelled")
        REFUSED = "refused", _("refused")

    LIVE = (State.ASKED, State.CONFIRMED, State.USED)

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    booking = models.ForeignKey(Booking, models.PROTECT, related_name="times")
    room = models.ForeignKey("places.Room", models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    # With the buffers of the room's terms at the time of booking.
    blocked_from = models.DateTimeField()
    blocked_until = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State.choices)
    is_moved = models.BooleanField(default=False)
    arrived_at = models.DateTimeField(null=True, blank=True)
    arrived_by = models.UUIDField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_reason = models.CharField(max_length=200, blank=True, default="")
    # Grows with each change, for calendars (SEQUENCE).
    sequence = models.PositiveIntegerField(default=0)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="bookings_time_order"),
            models.CheckConstraint(
                condition=Q(blocked_from__lte=F("starts_at")) & Q(blocked_until__gte=F("ends_at")),
                name="bookings_time_buffers",
            ),
            models.CheckConstraint(condition=~Q(state="used") | Q(arrived_at__isnull=False), name="bookings_time_used"),
        ]
        indexes = [
            models.Index(
                fields=["room", "blocked_from"],
                name="bookings_time_live",
                condition=Q(state__in=["asked", "confirmed", "used"]),
            ),
            models.Index(fields=["community", "starts_at"], name="bookings_time_community"),
        ]
