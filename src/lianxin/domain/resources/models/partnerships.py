"""How an organisation, or a Party member who reports in, is tied to a community."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.platform import scope
from lianxin.platform.models.base import Record


class Partnership(Record):
    """A tie between a community and an organisation: what kind of partner it is there, and since when."""

    class Kind(models.TextChoices):
        PAIRED = "paired", _("paired unit")
        ASSISTING = "assisting", _("assisting unit")
        PARTY_BUILDING = "party_building", _("joint Party building")
        REPORTING_IN = "reporting_in", _("unit whose members report in")
        SOCIAL = "social", _("social organisation")
        FIRM = "firm", _("firm")
        ORGAN = "organ", _("public body")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+", db_index=False)
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=14, choices=Kind.choices)
    since_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "organisation", "kind"],
                condition=Q(until_on__isnull=True),
                name="resources_partnership_once",
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("since_on")),
                name="resources_partnership_days",
            ),
        ]
