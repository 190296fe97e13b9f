"""Fixed days on which leaders hear residents: series, days, places, and what was promised."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.domain.voice.models.cases import Channel
from lianxin.platform import scope
from lianxin.platform.models.base import Record
from lianxin.platform.sensitive import SealedField


class ReceptionSeries(Record):
    """A recurring day: the secretary's heart-to-heart day, the neighbours' hall, the evening talk."""

    class Kind(models.TextChoices):
        SECRETARY = "secretary", _("secretary's reception day")
        HALL = "hall", _("neighbours' hall")
        EVENING = "evening", _("evening talk")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    title = models.CharField(max_length=60)
    # RFC 5545 without DTSTART, as `engines/recurrence` reads it.
    recurrence = models.CharField(max_length=200)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    starts_time = models.TimeField()
    minutes = models.PositiveSmallIntegerField(default=120)
    slot_minutes = models.PositiveSmallIntegerField(default=20)
    leader_name = models.CharField(max_length=40)
    leader_title = models.CharField(max_length=40, blank=True, default="")
    leader_account = models.UUIDField(null=True, blank=True)
    venue = models.ForeignKey("places.Venue", models.PROTECT, null=True, blank=True, related_name="+")
    room = models.ForeignKey("places.Room", models.PROTECT, null=True, blank=True, related_name="+")
    place_words = models.CharField(max_length=80, blank=True, default="")
    notice = models.CharField(max_length=300, blank=True, default="")
    ended_at = models.DateTimeField(null=True, blank=True)
    made_by = models.UUIDField(null=True, blank=True)
    made_at = models.DateTimeField()
    is_sample = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(title="") & ~Q(leader_name=""), name="voice_series_named"),
            models.CheckConstraint(
                condition=Q(minutes__gte=F("slot_minutes"), slot_minutes__gte=5), name="voice_series_slots"
            ),
        ]


class ReceptionDay(Record):
    """One such day; a planned one that passed without being held is missed, and shows."""

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("day", "planned")
        HELD = "held", pgettext_lazy("day", "held")
        MISSED = "missed", pgettext_lazy("day", "missed")
        CANCELLED = "cancelled", pgettext_lazy("day", "called off")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+", db_index=False)
    series = models.ForeignKey(ReceptionSeries, models.PROTECT, related_name="days", db_index=False)
    held_on = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.PLANNED)
    state_words = models.CharField(max_length=300, blank=True, default="")
    leader_name = models.CharField(max_length=40)
    # Null until the day was held.
    leader_came = models.BooleanField(null=True, blank=True)
    slots = models.PositiveSmallIntegerField()
    taken = models.PositiveSmallIntegerField(default=0)
    # In `bookings`, when a room of the centre was taken.
    booking_id = models.UUIDField(null=True, blank=True)
    summary = models.CharField(max_length=1000, blank=True, default="")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.UUIDField(null=True, blank=True)
    is_sample = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "held_on"], name="voice_day_once"),
            models.CheckConstraint(condition=Q(taken__lte=F("slots")), name="voice_day_capacity"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="voice_day_order"),
            models.CheckConstraint(
                condition=~Q(state__in=["missed", "cancelled"]) | ~Q(state_words=""), name="voice_day_reasoned"
            ),
            models.CheckConstraint(
                condition=~Q(state="held") | Q(leader_came__isnull=False, closed_at__isnull=False),
                name="voice_day_held",
            ),
        ]
        indexes = [models.Index(fields=["community", "state", "held_on"], name="voice_day_place")]


class ReceptionPlace(Record):
    """Somebody who wants to be received: a slot or a place in the waiting line, and what came of it."""

    class State(models.TextChoices):
        BOOKED = "booked", pgettext_lazy("place", "booked")
        WAITING = "waiting", _("in the waiting line")
        RECEIVED = "received", _("received")
        ABSENT = "absent", _("did not come")
        CANCELLED = "cancelled", pgettext_lazy("place", "given up")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    day = models.ForeignKey(ReceptionDay, models.PROTECT, related_name="places", db_index=False)
    # From 0; null in the waiting line and for who just came by.
    slot = models.PositiveSmallIntegerField(null=True, blank=True)
    asked_at = models.DateTimeField()
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    guest_name = models.CharField(max_length=40, blank=True, default="")
    guest_phone = SealedField(null=True, blank=True)
    channel = models.CharField(max_length=6, choices=Channel.choices, default=Channel.NONE)
    receipt = models.CharField(max_length=12)
    about = models.CharField(max_length=300, blank=True, default="")
    booked_by = models.UUIDField(null=True, blank=True)
    helper_name = models.CharField(max_length=40, blank=True, default="")
    state = models.CharField(max_length=9, choices=State.choices, default=State.BOOKED)
    received_at = models.DateTimeField(null=True, blank=True)
    said = models.CharField(max_length=1000, blank=True, default="")
    answered = models.CharField(max_length=1000, blank=True, default="")
    case = models.ForeignKey("voice.Case", models.PROTECT, null=True, blank=True, related_name="+")
    is_sample = models.BooleanField(default=False)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "slot"],
                condition=Q(slot__isnull=False, state__in=["booked", "received", "absent"]),
                name="voice_place_slot",
            ),
            models.UniqueConstraint(fields=["receipt"], name="voice_place_receipt"),
            models.CheckConstraint(condition=~Q(state="booked") | Q(slot__isnull=False), name="voice_place_booked"),
            models.CheckConstraint(
                condition=~Q(state="received") | Q(received_at__isnull=False), name="voice_place_received"
            ),
        ]
        indexes = [models.Index(fields=["day", "state", "asked_at"], name="voice_place_day")]
