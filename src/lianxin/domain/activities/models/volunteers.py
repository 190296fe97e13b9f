"""Who helps: volunteers, their teams and skills, and Party members who report in at home."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.platform import scope
from lianxin.platform.models.base import Record


class Skill(Record):
    """Something a shift may ask for: first aid, haircutting, Teochew speech, driving."""

    code = models.SlugField(max_length=30, unique=True)
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60, blank=True, default="")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]


class Volunteer(Record):
    """A resident who wants to help, with what they can do and when."""

    class State(models.TextChoices):
        ACTIVE = "active", pgettext_lazy("volunteer", "active")
        RESTING = "resting", _("taking a rest")
        LEFT = "left", pgettext_lazy("volunteer", "left")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    person = models.OneToOneField("people.Person", models.PROTECT, related_name="volunteer")
    state = models.CharField(max_length=7, choices=State.choices, default=State.ACTIVE)
    skills = models.ManyToManyField(Skill, related_name="+", blank=True)
    # Weekdays and halves of the day that suit: ["0am", "5pm"].
    suits = models.JSONField(default=list, blank=True)
    insurance_note = models.CharField(max_length=120, blank=True, default="")
    insured_until = models.DateField(null=True, blank=True)
    registered_on = models.DateField()
    version = models.PositiveIntegerField(default=1)

    objects = scope.tenant_manager()


class Team(Record):
    """A volunteer team of a community."""

    class State(models.TextChoices):
        ACTIVE = "active", pgettext_lazy("team", "active")
        ENDED = "ended", _("ended")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    purpose = models.CharField(max_length=200, blank=True, default="")
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=6, choices=State.choices, default=State.ACTIVE)
    founded_on = models.DateField()
    version = models.PositiveIntegerField(default=1)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "name"], condition=Q(state="active"), name="activities_team_name"
            )
        ]


class TeamMember(Record):
    """Somebody's time in a team."""

    class Role(models.TextChoices):
        LEADER = "leader", _("leader")
        MEMBER = "member", _("member")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, related_name="members")
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="teams")
    role = models.CharField(max_length=6, choices=Role.choices, default=Role.MEMBER)
    since_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "volunteer"], condition=Q(until_on__isnull=True), name="activities_member_once"
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("since_on")), name="activities_member_days"
            ),
        ]


class ReportingIn(Record):
    """A Party member of a work unit who reports in at the community where they live (双报到)."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, null=True, blank=True, related_name="+")
    unit_name = models.CharField(max_length=120)
    reported_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    offers = models.CharField(max_length=200, blank=True, default="")
    recorded_by = models.UUIDField(null=True, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(until_on__isnull=True), name="activities_reporting_once"
            )
        ]
