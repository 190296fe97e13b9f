"""The projects list: what will be done about needs, with whose help, answered for by whom."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.platform import scope
from lianxin.platform.models.base import Record


class Project(Record):
    """An entry of the projects list: `draft → approved → published → running → done → evaluated`, or `cancelled`."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("project", "draft")
        APPROVED = "approved", pgettext_lazy("project", "approved")
        PUBLISHED = "published", pgettext_lazy("project", "published")
        RUNNING = "running", pgettext_lazy("project", "under way")
        DONE = "done", pgettext_lazy("project", "done")
        EVALUATED = "evaluated", _("looked back on")
        CANCELLED = "cancelled", pgettext_lazy("project", "cancelled")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    category = models.ForeignKey("places.ServiceCategory", models.PROTECT, related_name="+")
    title = models.CharField(max_length=80)
    purpose = models.CharField(max_length=300, blank=True, default="")
    # What is published: for the group, the official account, the poster, the public page.
    public_text = models.TextField(blank=True, default="")
    picture_id = models.UUIDField(null=True, blank=True)
    from_on = models.DateField()
    until_on = models.DateField()
    occurrences_planned = models.PositiveSmallIntegerField(default=1)
    people_planned = models.PositiveIntegerField(default=1)
    venue = models.ForeignKey("places.Venue", models.PROTECT, null=True, blank=True, related_name="+")
    budget_fen = models.PositiveIntegerField(default=0)
    spent_fen = models.PositiveIntegerField(null=True, blank=True)
    money_from = models.CharField(max_length=80, blank=True, default="")
    # The staff account that answers for it, and the name as published.
    responsible = models.UUIDField(null=True, blank=True)
    responsible_name = models.CharField(max_length=40, blank=True, default="")
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    state_reason = models.CharField(max_length=300, blank=True, default="")
    approved_by = models.UUIDField(null=True, blank=True)
    approved_name = models.CharField(max_length=40, blank=True, default="")
    approved_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    # Moved by check-ins that report downwards, and recounted by verify.
    occurrences_held = models.PositiveIntegerField(default=0)
    person_times = models.PositiveIntegerField(default=0)
    review = models.TextField(blank=True, default="")
    is_sample = models.BooleanField(default=False)
    made_by = models.UUIDField(null=True, blank=True)
    made_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "number"], name="projects_project_number"),
            models.CheckConstraint(condition=~Q(title=""), name="projects_project_titled"),
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="projects_project_days"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"])
                | Q(approved_by__isnull=False, approved_at__isnull=False) & ~Q(approved_name=""),
                name="projects_project_approved",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(state_reason=""), name="projects_project_cancelled"
            ),
        ]
        indexes = [models.Index(fields=["community", "state", "from_on"], name="projects_project_place")]


class ProjectCommunity(Record):
    """A neighbouring community that takes part."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, models.CASCADE, related_name="neighbours", db_index=False)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "community"], name="projects_joint_once")]


class ProjectNeed(Record):
    """A need that a project answers."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="needs", db_index=False)
    need = models.ForeignKey("needs.Need", models.PROTECT, related_name="+")
    people = models.PositiveIntegerField(default=1)
    added_at = models.DateTimeField()

    objects = scope.tenant_manager("project__community")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "need"], name="projects_projectneed_once")]


class ProjectOffer(Record):
    """An offer that a project uses."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="offers", db_index=False)
    offer = models.ForeignKey("resources.Offer", models.PROTECT, related_name="+")

    objects = scope.tenant_manager("project__community")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "offer"], name="projects_projectoffer_once")]
