"""Who came: each row is one person, known by name, seen by somebody or something."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.platform import scope
from lianxin.platform.models.base import Record
from lianxin.platform.sensitive import SealedField


class Attendance(Record):
    """One person at one occurrence. Its id may be made by the device that saw it, so that a repeat changes nothing."""

    class How(models.TextChoices):
        VENUE_CODE = "venue_code", _("scanned the code at the door")
        OWN_CODE = "own_code", _("showed a code")
        CARD = "card", _("showed a card")
        TYPED_CODE = "typed_code", _("told a code")
        NAME = "name", _("name and last digits")
        WALK_IN = "walk_in", _("came without signing up")
        PAPER = "paper", _("signed on paper")
        IMPORT = "import", _("from a sheet with names")
        SHIFT = "shift", _("did a shift")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+", db_index=False)
    occurrence = models.ForeignKey("activities.Occurrence", models.PROTECT, related_name="attendances", db_index=False)
    sign_up = models.ForeignKey("activities.SignUp", models.PROTECT, null=True, blank=True, related_name="attendances")
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    household = models.ForeignKey("people.Household", models.PROTECT, null=True, blank=True, related_name="+")
    guest_name = models.CharField(max_length=40, blank=True, default="")
    guest_phone = SealedField(null=True, blank=True, digest="guest_digest", digest_purpose="people.person.phone")
    guest_digest = models.CharField(max_length=64, blank=True, default="")
    how = models.CharField(max_length=10, choices=How.choices)
    came_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    # Came as a volunteer of this shift; minutes are those that count.
    shift_place = models.ForeignKey(
        "activities.ShiftPlace", models.PROTECT, null=True, blank=True, related_name="attendances"
    )
    minutes = models.PositiveSmallIntegerField(default=0)
    is_offline = models.BooleanField(default=False)
    noted_at = models.DateTimeField()
    noted_by = models.UUIDField(null=True, blank=True)
    source_run = models.UUIDField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.UUIDField(null=True, blank=True)
    undone_reason = models.CharField(max_length=200, blank=True, default="")

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, guest_name="") | Q(person__isnull=True) & ~Q(guest_name=""),
                name="activities_attendance_somebody",
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("came_at")), name="activities_attendance_order"
            ),
            models.UniqueConstraint(
                fields=["occurrence", "person"],
                condition=Q(undone_at__isnull=True, person__isnull=False),
                name="activities_attendance_once",
            ),
            models.UniqueConstraint(
                fields=["sign_up"],
                condition=Q(undone_at__isnull=True, sign_up__isnull=False),
                name="activities_attendance_sign_up_once",
            ),
            models.UniqueConstraint(
                fields=["occurrence", "guest_digest", "guest_name"],
                condition=Q(undone_at__isnull=True) & ~Q(guest_digest=""),
                name="activities_attendance_guest_once",
            ),
        ]
        indexes = [
            models.Index(fields=["occurrence", "came_at"], name="activities_attendance_occ"),
            models.Index(fields=["community", "came_at"], name="activities_attendance_when"),
        ]


class CrowdLog(Record):
    """A crowd in the open air, counted without names; kept and shown apart, added to nothing."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    occurrence = models.ForeignKey("activities.Occurrence", models.PROTECT, related_name="crowds")
    at = models.DateTimeField()
    count = models.PositiveIntegerField()
    counted_how = models.CharField(max_length=100)
    counted_by = models.UUIDField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(count__gt=0), name="activities_crowd_count")]


class NoShow(Record):
    """Somebody had a place and did not come; for the series only, never public, forgiven after six months."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    activity = models.ForeignKey("activities.Activity", models.PROTECT, related_name="+")
    sign_up = models.OneToOneField("activities.SignUp", models.PROTECT, related_name="no_show")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    on = models.DateField()
    forgiven_at = models.DateTimeField(null=True, blank=True)
    forgiven_why = models.CharField(max_length=100, blank=True, default="")

    objects = scope.tenant_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["person", "activity"],
                name="activities_no_show_person",
                condition=Q(forgiven_at__isnull=True),
            )
        ]
