"""Who waits for a slot that is taken."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.platform import scope
from lianxin.platform.models.base import Record


class SlotWait(Record):
    """Somebody's wish for a room at a time that is taken; offered to the first who waits when it becomes free."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        OFFERED = "offered", _("offered")
        TAKEN = "taken", _("taken")
        LEFT = "left", _("left the list")
        OVER = "over", _("over")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    room = models.ForeignKey("places.Room", models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField(max_length=120)
    asked_by = models.UUIDField(null=True, blank=True)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    offered_until = models.DateTimeField(null=True, blank=True)
    booking = models.ForeignKey("bookings.Booking", models.PROTECT, null=True, blank=True, related_name="+")

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="bookings_wait_order"),
            models.CheckConstraint(
                condition=~Q(state="offered") | Q(offered_until__isnull=False), name="bookings_wait_offered"
            ),
            models.UniqueConstraint(
                fields=["room", "starts_at", "person"],
                condition=Q(state__in=["waiting", "offered"], person__isnull=False),
                name="bookings_wait_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["room", "starts_at"],
                name="bookings_wait_live",
                condition=Q(state__in=["waiting", "offered"]),
            )
        ]
