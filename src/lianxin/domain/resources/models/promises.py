"""What was promised out of an offer for a day, and whether it was kept."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.platform import scope
from lianxin.platform.models.base import Record


class Promise(Record):
    """One thing promised: so much, on that day, in that community; `open → kept | partly | broken | excused`."""

    class State(models.TextChoices):
        OPEN = "open", _("promised")
        KEPT = "kept", _("kept")
        PARTLY = "partly", _("partly kept")
        BROKEN = "broken", _("not kept")
        EXCUSED = "excused", _("called off in time")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    offer = models.ForeignKey("resources.Offer", models.PROTECT, related_name="promises")
    on = models.DateField()
    quantity = models.PositiveIntegerField(default=1)
    # The record that it is for: a proposal or a project of a higher module.
    record_kind = models.CharField(max_length=60, blank=True, default="")
    record_id = models.UUIDField(null=True, blank=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.OPEN)
    kept_quantity = models.PositiveIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True, default="")
    noted_by = models.UUIDField(null=True, blank=True)
    noted_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="resources_promise_quantity"),
            models.CheckConstraint(
                condition=Q(state="open", noted_at__isnull=True) | ~Q(state="open") & Q(noted_at__isnull=False),
                name="resources_promise_noted",
            ),
        ]
        indexes = [
            models.Index(fields=["record_id"], name="resources_promise_record", condition=Q(record_id__isnull=False)),
            models.Index(fields=["state", "on"], name="resources_promise_due"),
        ]
