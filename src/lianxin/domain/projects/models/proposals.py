"""What the matcher proposes, and what staff say to it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.platform import scope
from lianxin.platform.models.base import Record


class Proposal(Record):
    """One offer for some needs, at a place and time: `proposed → accepted | changed | refused`, then a project."""

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("proposal", "proposed")
        ACCEPTED = "accepted", pgettext_lazy("proposal", "accepted")
        CHANGED = "changed", _("accepted with changes")
        REFUSED = "refused", pgettext_lazy("proposal", "refused")
        REPLACED = "replaced", _("replaced by a later run")

    class Refusal(models.TextChoices):
        UNFIT = "unfit", _("does not fit the need")
        GIVER = "giver", _("the giver cannot")
        TIME = "time", _("the time does not suit")
        PLACE = "place", _("the place does not suit")
        DONE = "done", _("already arranged otherwise")
        OTHER = "other", _("another reason")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+", db_index=False)
    run = models.ForeignKey("projects.MatchRun", models.CASCADE, related_name="proposals", db_index=False)
    number = models.PositiveIntegerField()
    category = models.ForeignKey("places.ServiceCategory", models.PROTECT, related_name="+")
    offer = models.ForeignKey("resources.Offer", models.PROTECT, related_name="+")
    venue = models.ForeignKey("places.Venue", models.PROTECT, null=True, blank=True, related_name="+")
    room = models.ForeignKey("places.Room", models.PROTECT, null=True, blank=True, related_name="+")
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    times = models.PositiveSmallIntegerField(default=1)
    people = models.PositiveIntegerField()
    value = models.FloatField()
    # As engines/matching explains it: value in parts, why this giver, why then, what it displaces, rates.
    explanation = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PROPOSED)
    # Staff hold it fixed: the next run plans around it.
    is_locked = models.BooleanField(default=False)
    refusal = models.CharField(max_length=5, choices=Refusal.choices, blank=True, default="")
    reason = models.CharField(max_length=200, blank=True, default="")
    decided_by = models.UUIDField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    project = models.ForeignKey("projects.Project", models.PROTECT, null=True, blank=True, related_name="proposals")
    version = models.PositiveIntegerField(default=1)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="projects_proposal_number"),
            models.CheckConstraint(condition=Q(people__gte=1), name="projects_proposal_people"),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(starts_at__isnull=False, ends_at__gt=F("starts_at")),
                name="projects_proposal_times",
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(refusal=""), name="projects_proposal_refused"),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "replaced"]) | Q(decided_at__isnull=False),
                name="projects_proposal_decided",
            ),
        ]
        indexes = [models.Index(fields=["community", "state"], name="projects_proposal_place")]


class ProposalCommunity(Record):
    """A neighbouring community whose people come along to a joint occurrence."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="neighbours", db_index=False)
    people = models.PositiveIntegerField()

    objects = scope.tenant_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "community"], name="projects_neighbour_once")]


class ProposalNeed(Record):
    """A need behind a proposal, and how many of its people it serves."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="needs", db_index=False)
    need = models.ForeignKey("needs.Need", models.PROTECT, related_name="+")
    people = models.PositiveIntegerField()

    objects = scope.tenant_manager("proposal__community")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "need"], name="projects_proposalneed_once"),
            models.CheckConstraint(condition=Q(people__gte=1), name="projects_proposalneed_people"),
        ]
