"""A village's produce, shown with the grower's contact when the grower agreed: no orders, no payment."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.platform import scope
from lianxin.platform.models.base import Record
from lianxin.platform.sensitive import SealedField


class Produce(Record):
    """Something that grows or is made in a community, and who grows it."""

    class State(models.TextChoices):
        SHOWN = "shown", _("Shown")
        HIDDEN = "hidden", _("Hidden")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="produce")
    name = models.CharField(_("name"), max_length=60)
    description = models.TextField(_("description"), blank=True)
    price_note = models.CharField(_("price, in words"), max_length=60, blank=True)
    # Months 1 to 12; empty means the whole year.
    season_months = models.JSONField(_("months in season"), default=list, blank=True)
    grower_name = models.CharField(_("grower's name as shown"), max_length=60)
    grower_phone = SealedField(purpose="places.produce.grower_phone", null=True, blank=True)
    consent_reference = models.CharField(_("reference of the consent"), max_length=100, blank=True)
    consent_on = models.DateField(_("consent given on"), null=True, blank=True)
    consent_until = models.DateField(_("last day of the consent"), null=True, blank=True)
    picture = models.UUIDField(_("picture"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=6, choices=State.choices, default=State.HIDDEN)
    hidden_reason = models.CharField(_("why it is hidden"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = scope.tenant_manager()

    class Meta:
        verbose_name = _("produce")
        verbose_name_plural = _("produce")
        ordering = ["community", "name", "id"]
        indexes = [models.Index(fields=["state", "consent_until"], name="places_produce_expiring")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="shown")
                | (~Q(consent_reference="") & Q(consent_on__isnull=False) & Q(consent_until__isnull=False)),
                name="places_produce_shown_by_consent",
            ),
            models.CheckConstraint(
                condition=Q(consent_until__isnull=True) | Q(consent_until__gte=F("consent_on")),
                name="places_produce_consent_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name
