"""What came of a project, as check-ins report it: which dates were held, who came."""

from django.db import models

from lianxin.platform import scope
from lianxin.platform.models.base import Record


class OutcomeOccurrence(Record):
    """A date of an activity that belongs to a project."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    project = models.ForeignKey("projects.Project", models.PROTECT, related_name="dates", db_index=False)
    # The occurrence of the higher module.
    occurrence = models.UUIDField(unique=True)
    starts_at = models.DateTimeField()
    title = models.CharField(max_length=80)
    is_held = models.BooleanField(default=False)
    is_cancelled = models.BooleanField(default=False)

    objects = scope.tenant_manager()

    class Meta:
        indexes = [models.Index(fields=["project", "starts_at"], name="projects_outcome_project")]


class OutcomePerson(Record):
    """Somebody who came: one row per attendance, taken back with it."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    project = models.ForeignKey("projects.Project", models.PROTECT, related_name="people", db_index=False)
    date = models.ForeignKey(OutcomeOccurrence, models.PROTECT, related_name="people")
    # The attendance of the higher module.
    attendance = models.UUIDField(unique=True)
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    household = models.ForeignKey("people.Household", models.PROTECT, null=True, blank=True, related_name="+")
    on = models.DateField()
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        indexes = [
            models.Index(fields=["project", "person"], name="projects_outcomeperson_who"),
            models.Index(fields=["household"], name="projects_outcome_household"),
        ]
