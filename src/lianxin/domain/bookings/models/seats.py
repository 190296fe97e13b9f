"""Study seats behind an open door: no booking, only somebody who comes and goes."""

from django.db import models
from django.db.models import F, Q

from lianxin.platform import scope
from lianxin.platform.models.base import Record


class StudySeats(models.Model):
    """How many seats a room has for whoever comes, and how many are taken at this moment."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    room = models.OneToOneField("places.Room", models.PROTECT, primary_key=True, related_name="study_seats")
    seats = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)
    # Stays that nobody ended are ended so many minutes after their beginning.
    longest_minutes = models.PositiveSmallIntegerField(default=240)
    version = models.PositiveIntegerField(default=1)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(taken__gte=0) & Q(taken__lte=F("seats")), name="bookings_seats_taken")
        ]


class SeatStay(Record):
    """Somebody on a study seat, named or not."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    room = models.ForeignKey("places.Room", models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    came_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    left_by_schedule = models.BooleanField(default=False)
    noted_by = models.UUIDField(null=True, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("came_at")), name="bookings_stay_order"
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(left_at__isnull=True, person__isnull=False),
                name="bookings_stay_one_open",
            ),
        ]
        indexes = [models.Index(fields=["room", "came_at"], name="bookings_stay_room")]
