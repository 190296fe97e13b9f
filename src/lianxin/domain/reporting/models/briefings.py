"""Briefings: the Word templates they are made from, each one made, and what was issued, which stays as it was."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from lianxin.platform.models.base import Record


class BriefingKind(models.TextChoices):
    """How long a stretch of time a briefing tells of."""

    MONTH = "month", pgettext_lazy("briefing", "Monthly")
    QUARTER = "quarter", pgettext_lazy("briefing", "Quarterly")
    YEAR = "year", pgettext_lazy("briefing", "Yearly")


class BriefingTemplate(Record):
    """A version of the template of one kind: `draft → in_use → retired`; without one the program's own is used."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("template", "not used yet")
        IN_USE = "in_use", pgettext_lazy("template", "in use")
        RETIRED = "retired", pgettext_lazy("template", "no longer used")

    kind = models.CharField(max_length=7, choices=BriefingKind.choices)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.DRAFT)
    file_id = models.UUIDField()
    digest = models.CharField(max_length=64)
    # {"names": ["figure.person_times", …], "rows": ["places.name", …]}
    asks_for = models.JSONField(default=dict)
    note = models.CharField(max_length=200, blank=True, default="")
    uploaded_by = models.UUIDField(null=True, blank=True)
    uploaded_at = models.DateTimeField()
    put_in_use_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="reporting_template_number"),
            models.UniqueConstraint(fields=["kind"], condition=Q(state="in_use"), name="reporting_template_one_in_use"),
        ]


class Briefing(Record):
    """A briefing about a part of the district: `making → draft → issued → withdrawn`, or `failed`, or `dropped`."""

    class State(models.TextChoices):
        MAKING = "making", pgettext_lazy("briefing", "being made")
        FAILED = "failed", pgettext_lazy("briefing", "could not be made")
        DRAFT = "draft", pgettext_lazy("briefing", "draft")
        ISSUED = "issued", pgettext_lazy("briefing", "issued")
        WITHDRAWN = "withdrawn", pgettext_lazy("briefing", "withdrawn")
        DROPPED = "dropped", pgettext_lazy("briefing", "thrown away")

    kind = models.CharField(max_length=7, choices=BriefingKind.choices)
    from_on = models.DateField()
    until_on = models.DateField()
    area = models.ForeignKey("places.Division", models.PROTECT, related_name="+", db_index=False)
    # None: the one that comes with the program, whose digest stands here all the same.
    template = models.ForeignKey(BriefingTemplate, models.PROTECT, null=True, blank=True, related_name="+")
    template_digest = models.CharField(max_length=64, blank=True, default="")
    number = models.PositiveIntegerField()
    # The year in the number is that of the day on the paper.
    number_year = models.PositiveSmallIntegerField()
    office = models.CharField(max_length=80)
    dated_on = models.DateField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.MAKING)
    file_id = models.UUIDField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True, default="")
    # {"values": [[figure, from, until, division or "", value], …]}: each number, to be computed again and compared.
    figures = models.JSONField(default=dict, blank=True)
    failure = models.CharField(max_length=300, blank=True, default="")
    job_id = models.UUIDField(null=True, blank=True)
    asked_by = models.UUIDField(null=True, blank=True)
    asked_name = models.CharField(max_length=40, blank=True, default="")
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True, blank=True)
    approved_name = models.CharField(max_length=40, blank=True, default="")
    issued_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=200, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gt=F("from_on")), name="reporting_briefing_days"),
            models.UniqueConstraint(
                fields=["area", "number_year", "number"],
                condition=~Q(state="dropped"),
                name="reporting_briefing_number",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["draft", "issued", "withdrawn"])
                | Q(file_id__isnull=False, made_at__isnull=False) & ~Q(digest=""),
                name="reporting_briefing_made",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["issued", "withdrawn"]) | Q(issued_at__isnull=False) & ~Q(approved_name=""),
                name="reporting_briefing_issued",
            ),
        ]
        indexes = [models.Index(fields=["area", "from_on"], name="reporting_briefing_area")]


class IssuedBriefing(Record):
    """What was issued, once and for ever: the table only grows, and `verify` holds the briefing and its file to it."""

    briefing = models.OneToOneField(Briefing, models.PROTECT, related_name="as_issued")
    number = models.PositiveIntegerField()
    number_year = models.PositiveSmallIntegerField()
    file_id = models.UUIDField()
    digest = models.CharField(max_length=64)
    figures_digest = models.CharField(max_length=64)
    approved_by = models.UUIDField()
    approved_name = models.CharField(max_length=40)
    issued_at = models.DateTimeField()
