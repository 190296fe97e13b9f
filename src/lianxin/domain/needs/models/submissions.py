"""Filled-in forms as they came in; the first one stays, a corrected one follows it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.platform import scope
from lianxin.platform.models.base import Record
from lianxin.platform.sensitive import SealedField


class Submission(Record):
    """One filled-in form; its content is kept as it came, sealed, under the form's own instance id."""

    class How(models.TextChoices):
        PAGE = "page", _("on a page")
        VISIT = "visit", _("on a visit")
        PAPER = "paper", _("typed in from paper")
        DEVICE = "device", _("by another program")

    class State(models.TextChoices):
        RECEIVED = "received", _("received")
        EDITED = "edited", _("replaced by a corrected one")
        REJECTED = "rejected", _("set aside")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+", db_index=False)
    survey_version = models.ForeignKey("needs.SurveyVersion", models.PROTECT, related_name="submissions")
    instance_id = models.CharField(max_length=80)
    # SHA-256 of the answers: the same instance with other answers is a conflict, never an overwrite.
    content_digest = models.CharField(max_length=64)
    content = SealedField()
    how = models.CharField(max_length=6, choices=How.choices)
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    household = models.ForeignKey("people.Household", models.PROTECT, null=True, blank=True, related_name="+")
    quota = models.ForeignKey("needs.SurveyQuota", models.SET_NULL, null=True, blank=True, related_name="+")
    counts = models.BooleanField(default=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.RECEIVED)
    state_reason = models.CharField(max_length=200, blank=True, default="")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField()
    made_by = models.UUIDField(null=True, blank=True)
    device = models.CharField(max_length=80, blank=True, default="")

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["instance_id"], name="needs_submission_instance"),
            models.CheckConstraint(
                condition=~Q(state="rejected") | ~Q(state_reason=""), name="needs_submission_reasoned"
            ),
        ]
        indexes = [models.Index(fields=["community", "received_at"], name="needs_submission_place")]


class SubmissionFile(Record):
    """A picture that belongs to a filled-in form; it may arrive after it."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    submission = models.ForeignKey(Submission, models.CASCADE, related_name="files", db_index=False)
    name = models.CharField(max_length=120)
    file_id = models.UUIDField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["submission", "name"], name="needs_submissionfile_once")]
