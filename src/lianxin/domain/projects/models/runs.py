"""One run of the matcher: what went in, what came out, how good it is."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.platform import scope
from lianxin.platform.models.base import Record


class MatchRun(Record):
    """The matching of one division for a week or a month; its figures are kept with it."""

    class Kind(models.TextChoices):
        WEEKLY = "weekly", _("people to offers, for a week")
        MONTHLY = "monthly", _("occurrences, for a month")

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("run", "waiting")
        RUNNING = "running", pgettext_lazy("run", "running")
        DONE = "done", pgettext_lazy("run", "done")
        FAILED = "failed", pgettext_lazy("run", "failed")
        REPLACED = "replaced", _("replaced by a later one")

    # The division that it was made for: a community, a subdistrict or the district.
    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=7, choices=Kind.choices)
    from_on = models.DateField()
    until_on = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    # Started again from this one, around what staff locked and refused in it.
    follows = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="followed_by")
    parameters = models.JSONField(default=dict, blank=True)
    inputs_digest = models.CharField(max_length=64, blank=True, default="")
    method = models.CharField(max_length=40, blank=True, default="")
    value = models.FloatField(null=True, blank=True)
    bound = models.FloatField(null=True, blank=True)
    cpu_seconds = models.FloatField(null=True, blank=True)
    # Rates of communities, least, tenth percentile, Gini, what is reachable, the naive plan beside.
    metrics = models.JSONField(default=dict, blank=True)
    failure = models.CharField(max_length=300, blank=True, default="")
    is_sample = models.BooleanField(default=False)
    asked_by = models.UUIDField(null=True, blank=True)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="projects_run_days"),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(value__isnull=False, done_at__isnull=False), name="projects_run_done"
            ),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(failure=""), name="projects_run_failed"),
        ]
        indexes = [models.Index(fields=["community", "asked_at"], name="projects_run_place")]


class UnservedNeed(Record):
    """A need that a run could not serve, and the one reason."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    run = models.ForeignKey(MatchRun, models.CASCADE, related_name="unserved", db_index=False)
    need = models.ForeignKey("needs.Need", models.PROTECT, related_name="+")
    people = models.PositiveIntegerField(default=1)
    # A Need.Reason.
    reason = models.CharField(max_length=11)
    detail = models.JSONField(default=dict, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "need"], name="projects_unserved_once")]


class Recruitment(Record):
    """What one more of would serve how many: shadow prices turned into a list to go round with."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    run = models.ForeignKey(MatchRun, models.CASCADE, related_name="recruitment")
    category = models.ForeignKey("places.ServiceCategory", models.PROTECT, related_name="+")
    slot = models.CharField(max_length=20, blank=True, default="")
    serves = models.PositiveIntegerField()
    price = models.FloatField()

    objects = scope.tenant_manager()

    class Meta:
        ordering = ["-serves", "id"]


class ForbiddenPair(Record):
    """An offer that does not go to a community, by staff's decision; the matcher keeps to it."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    offer = models.ForeignKey("resources.Offer", models.PROTECT, related_name="+", db_index=False)
    reason = models.CharField(max_length=200)
    made_by = models.UUIDField(null=True, blank=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["offer", "community"], condition=Q(ended_at__isnull=True), name="projects_forbidden_once"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="projects_forbidden_reasoned"),
        ]
