"""One date of an activity: when, where, for how many, and how one gets in."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.platform import scope
from lianxin.platform.models.base import Record


class Occurrence(Record):
    """A date of an activity. Its counters are moved by one conditional UPDATE per sign-up, which is also the lock."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        HELD = "held", pgettext_lazy("occurrence", "held")
        NOT_HELD = "not_held", _("not held")
        CANCELLED = "cancelled", _("cancelled")

    class FirstFor(models.TextChoices):
        NOBODY = "", pgettext_lazy("sign-up", "nobody")
        NEIGHBOURS = "neighbours", _("residents of the community")
        NEWCOMERS = "newcomers", _("those who have not come for three months")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+", db_index=False)
    activity = models.ForeignKey("activities.Activity", models.PROTECT, related_name="occurrences")
    # Place in the series; a date taken out leaves a gap.
    number = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    # Only where this date is called otherwise than the activity.
    title = models.CharField(max_length=80, blank=True, default="")
    note = models.CharField(max_length=300, blank=True, default="")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    venue = models.ForeignKey("places.Venue", models.PROTECT, null=True, blank=True, related_name="+")
    room = models.ForeignKey("places.Room", models.PROTECT, null=True, blank=True, related_name="+")
    # Where, if not at a venue, or where exactly at it.
    place = models.CharField(max_length=120, blank=True, default="")
    booking_time = models.ForeignKey(
        "bookings.BookingTime", models.PROTECT, null=True, blank=True, related_name="occurrences"
    )
    # Names of fields that were changed on this date alone.
    edited = models.JSONField(default=list, blank=True)

    takes_sign_ups = models.BooleanField(default=True)
    size = models.PositiveIntegerField(null=True, blank=True)
    taken = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0)
    # The number that the next sign-up gets.
    next_no = models.PositiveIntegerField(default=1)
    household_most = models.PositiveSmallIntegerField(null=True, blank=True)
    waiting_most = models.PositiveIntegerField(null=True, blank=True)
    sign_up_from = models.DateTimeField(null=True, blank=True)
    sign_up_until = models.DateTimeField(null=True, blank=True)
    first_for = models.CharField(max_length=10, choices=FirstFor.choices, blank=True, default="")
    first_until = models.DateTimeField(null=True, blank=True)
    # How long a place is kept for the one who waited for it.
    offer_minutes = models.PositiveSmallIntegerField(default=720)

    # A draw: the digest is published with the occurrence, the seed after the draw.
    is_drawn = models.BooleanField(default=False)
    seed_digest = models.CharField(max_length=64, blank=True, default="")
    seed = models.CharField(max_length=64, blank=True, default="")
    drawn_at = models.DateTimeField(null=True, blank=True)

    # Minutes before the start and after the end in which one can check in.
    early_minutes = models.PositiveSmallIntegerField(default=60)
    late_minutes = models.PositiveSmallIntegerField(default=120)
    has_check_out = models.BooleanField(default=False)
    # Walk-ins may come in though it is full (an open-air film): nobody is sent home.
    lets_everybody_in = models.BooleanField(default=False)

    published_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(max_length=200, blank=True, default="")
    # Grows with each change that a calendar must know (SEQUENCE); changed_at is its LAST-MODIFIED.
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="activities_occurrence_order"),
            models.CheckConstraint(
                condition=Q(size__isnull=True) | Q(taken__lte=F("size")), name="activities_occurrence_size"
            ),
            models.CheckConstraint(
                condition=Q(size__isnull=True) | Q(size__gt=0), name="activities_occurrence_size_positive"
            ),
            models.CheckConstraint(condition=Q(taken__gte=0) & Q(waiting__gte=0), name="activities_occurrence_counts"),
            models.CheckConstraint(
                condition=Q(first_for="", first_until__isnull=True) | ~Q(first_for="") & Q(first_until__isnull=False),
                name="activities_occurrence_first_whole",
            ),
            models.CheckConstraint(
                condition=Q(is_drawn=False) | Q(size__isnull=False, sign_up_until__isnull=False),
                name="activities_occurrence_draw_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | Q(cancelled_at__isnull=False), name="activities_occurrence_cancelled"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"]) | Q(published_at__isnull=False),
                name="activities_occurrence_published",
            ),
            models.UniqueConstraint(fields=["activity", "number"], name="activities_occurrence_number"),
        ]
        indexes = [
            models.Index(fields=["community", "starts_at"], name="activities_occ_community"),
            models.Index(fields=["starts_at"], name="activities_occ_starts"),
            models.Index(fields=["venue", "starts_at"], name="activities_occ_venue"),
            models.Index(fields=["ends_at"], name="activities_occ_unfinished", condition=Q(state="published")),
        ]


class OccurrenceLimit(Record):
    """A limit beside the seats, for one kind of place: children, wheelchairs, a role."""

    occurrence = models.ForeignKey(Occurrence, models.CASCADE, related_name="limits")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)
    min_age = models.PositiveSmallIntegerField(null=True, blank=True)
    max_age = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = scope.tenant_manager("occurrence__community")

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(taken__lte=F("size")), name="activities_limit_size"),
            models.UniqueConstraint(fields=["occurrence", "name"], name="activities_limit_name"),
        ]
