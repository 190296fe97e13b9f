"""The agreement that a community and a partner sign, as printed."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.platform import scope
from lianxin.platform.models.base import Record


class Agreement(Record):
    """What a partner and a community agreed on; signed, its text and offers stay as they were."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SIGNED = "signed", _("signed")
        ENDED = "ended", _("ended")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+", db_index=False)
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(null=True, blank=True)
    from_on = models.DateField()
    until_on = models.DateField()
    terms = models.TextField(blank=True, default="")
    # The offers as they were on the day of signing, for the printed paper.
    content = models.JSONField(default=dict, blank=True)
    digest = models.CharField(max_length=64, blank=True, default="")
    state = models.CharField(max_length=6, choices=State.choices, default=State.DRAFT)
    signed_on = models.DateField(null=True, blank=True)
    signed_for_community = models.CharField(max_length=40, blank=True, default="")
    signed_for_partner = models.CharField(max_length=40, blank=True, default="")
    end_reason = models.CharField(max_length=200, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "number"], condition=Q(number__isnull=False), name="resources_agreement_number"
            ),
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="resources_agreement_days"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(signed_on__isnull=False, number__isnull=False),
                name="resources_agreement_signed",
            ),
        ]
        indexes = [models.Index(fields=["community", "state"], name="resources_agreement_place")]
