"""The lists as documents: a numbered, approved and frozen edition for a month or a quarter."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.platform import scope
from lianxin.platform.models.base import Record


class Edition(Record):
    """One issue of a community's needs, resources or projects list: `draft → issued`, or `dropped`."""

    class Of(models.TextChoices):
        NEEDS = "needs", _("needs list")
        RESOURCES = "resources", _("resources list")
        PROJECTS = "projects", _("projects list")

    class Every(models.TextChoices):
        MONTH = "month", _("month")
        QUARTER = "quarter", _("quarter")

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("edition", "draft")
        ISSUED = "issued", pgettext_lazy("edition", "issued")
        DROPPED = "dropped", pgettext_lazy("edition", "dropped")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+", db_index=False)
    of = models.CharField(max_length=9, choices=Of.choices)
    every = models.CharField(max_length=7, choices=Every.choices, default=Every.MONTH)
    from_on = models.DateField()
    until_on = models.DateField()
    # Given when issued: counted per community and list.
    number = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.DRAFT)
    # Frozen when issued: groups with their entries, without names of residents.
    content = models.JSONField(default=dict)
    # {"new": […], "done": […], "dropped": [[entry, why], …]} beside the edition before.
    changes = models.JSONField(default=dict, blank=True)
    previous = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    introduction = models.CharField(max_length=500, blank=True, default="")
    digest = models.CharField(max_length=64, blank=True, default="")
    drafted_at = models.DateTimeField()
    approved_by = models.UUIDField(null=True, blank=True)
    approved_name = models.CharField(max_length=40, blank=True, default="")
    issued_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="projects_edition_days"),
            models.UniqueConstraint(
                fields=["community", "of", "number"], condition=Q(number__isnull=False), name="projects_edition_number"
            ),
            models.UniqueConstraint(
                fields=["community", "of", "from_on", "every"],
                condition=~Q(state="dropped"),
                name="projects_edition_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="issued")
                | Q(number__isnull=False, issued_at__isnull=False, approved_by__isnull=False)
                & ~Q(approved_name="")
                & ~Q(digest=""),
                name="projects_edition_issued",
            ),
        ]
        indexes = [models.Index(fields=["community", "of", "from_on"], name="projects_edition_place")]
