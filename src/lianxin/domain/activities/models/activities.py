"""What is offered: an activity, alone or as a series, who organises it and what it asks of those who sign up."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.platform import scope
from lianxin.platform.models.base import Record


class Activity(Record):
    """An activity of a community; its dates are occurrences."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        ENDED = "ended", _("ended")
        CANCELLED = "cancelled", _("cancelled")

    class OpenTo(models.TextChoices):
        COMMUNITY = "community", _("residents of the community")
        SUBDISTRICT = "subdistrict", _("residents of the subdistrict")
        EVERYBODY = "everybody", _("everybody")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+", db_index=False)
    category = models.ForeignKey("places.ServiceCategory", models.PROTECT, related_name="+")
    title = models.CharField(max_length=80)
    summary = models.CharField(max_length=200, blank=True, default="")
    # What the public page and the poster say.
    poster_text = models.TextField(blank=True, default="")
    picture_id = models.UUIDField(null=True, blank=True)
    # Code of a festival template (data/festivals.json) that it was made from.
    festival = models.SlugField(max_length=30, blank=True, default="")
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    # {} for a single one, else {"every": "week", "interval": 1, "weekdays": [0], "until": "2026-12-31", "times": null}.
    recurrence = models.JSONField(default=dict, blank=True)
    # What a new date starts with: the fields of Occurrence by name.
    plan = models.JSONField(default=dict, blank=True)
    open_to = models.CharField(max_length=11, choices=OpenTo.choices, default=OpenTo.EVERYBODY)
    min_age = models.PositiveSmallIntegerField(null=True, blank=True)
    max_age = models.PositiveSmallIntegerField(null=True, blank=True)
    audience_note = models.CharField(max_length=120, blank=True, default="")
    bring_note = models.CharField(max_length=120, blank=True, default="")
    cost_note = models.CharField(max_length=80, blank=True, default="")
    contact_name = models.CharField(max_length=40, blank=True, default="")
    contact_phone = models.CharField(max_length=30, blank=True, default="")
    # It is done by volunteers: its occurrences and person-times count as voluntary service too.
    is_volunteering = models.BooleanField(default=False)
    # The act offered for points at check-in (an item of the community's rules); empty: none.
    act_kind = models.SlugField(max_length=40, blank=True, default="")
    # The record of a higher module it belongs to: a project of the projects list.
    record_kind = models.CharField(max_length=60, blank=True, default="")
    record_id = models.UUIDField(null=True, blank=True)
    is_sample = models.BooleanField(default=False)
    made_by = models.UUIDField(null=True, blank=True)
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="activities_activity_titled"),
            models.CheckConstraint(
                condition=Q(min_age__isnull=True) | Q(max_age__isnull=True) | Q(max_age__gte=F("min_age")),
                name="activities_activity_ages",
            ),
            models.CheckConstraint(
                condition=Q(record_kind="", record_id__isnull=True) | ~Q(record_kind="") & Q(record_id__isnull=False),
                name="activities_activity_record_whole",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(published_at__isnull=False), name="activities_activity_published"
            ),
        ]
        indexes = [
            models.Index(fields=["community", "state"], name="activities_activity_community"),
            models.Index(fields=["record_id"], name="activities_activity_record", condition=Q(record_id__isnull=False)),
        ]


class ActivityCommunity(Record):
    """Another community that holds an activity together with its own one."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="partners")

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["activity", "community"], name="activities_joint_once"),
        ]


class ActivityOrganiser(Record):
    """An organisation that holds or helps with an activity: a partner unit, a station's host."""

    class Role(models.TextChoices):
        HOLDS = "holds", _("holds it")
        HELPS = "helps", _("helps")

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="organisers")
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    role = models.CharField(max_length=5, choices=Role.choices, default=Role.HELPS)

    objects = scope.tenant_manager("activity__community")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["activity", "organisation"], name="activities_organiser_once"),
        ]


class Question(Record):
    """Something asked at sign-up, beside name and phone; at most five of an activity."""

    class Kind(models.TextChoices):
        TEXT = "text", _("a few words")
        YES_NO = "yes_no", _("yes or no")
        CHOICE = "choice", _("one of several")

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=100)
    kind = models.CharField(max_length=6, choices=Kind.choices, default=Kind.TEXT)
    choices = models.JSONField(default=list, blank=True)
    is_required = models.BooleanField(default=False)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = scope.tenant_manager("activity__community")

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "position"],
                condition=Q(removed_at__isnull=True),
                name="activities_question_position",
            ),
        ]
