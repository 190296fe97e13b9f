"""Households and who belonged to them when."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.platform import scope
from lianxin.platform.models.base import Record


class Household(Record):
    """People who live as one family at one address; its printed number is unique in the community."""

    class State(models.TextChoices):
        ACTIVE = "active", _("active")
        MERGED = "merged", _("merged into another household")
        SPLIT = "split", _("split up")
        MOVED = "moved", _("moved away")
        CLOSED = "closed", pgettext_lazy("household", "closed")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+", db_index=False)
    number = models.CharField(_("household number"), max_length=32)
    address = models.CharField(_("address"), max_length=200, blank=True, default="")
    building = models.CharField(_("building"), max_length=40, blank=True, default="")
    unit = models.CharField(_("stairwell"), max_length=20, blank=True, default="")
    room = models.CharField(_("room number"), max_length=20, blank=True, default="")
    state = models.CharField(max_length=8, choices=State.choices, default=State.ACTIVE)
    created_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors")
    source_run = models.UUIDField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = scope.tenant_manager()

    class Meta:
        verbose_name = _("household")
        verbose_name_plural = _("households")
        constraints = [
            models.UniqueConstraint(fields=["community", "number"], name="people_household_number"),
            models.CheckConstraint(
                condition=Q(state="active", ended_on__isnull=True) | (~Q(state="active") & Q(ended_on__isnull=False)),
                name="people_household_ended",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("created_on")), name="people_household_days"
            ),
        ]


class HouseholdCounter(models.Model):
    """The last household number given out in a community."""

    community = models.OneToOneField("places.Division", models.PROTECT, primary_key=True, related_name="+")
    last = models.PositiveIntegerField(default=0)

    objects = scope.tenant_manager()


class HouseholdMembership(Record):
    """A person's time in a household, in the community it then had; the open row says where the person is now."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="memberships")
    household = models.ForeignKey(Household, models.PROTECT, related_name="memberships")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(until_on__isnull=True), name="people_one_open_membership"
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="people_membership_days"
            ),
        ]
        indexes = [models.Index(fields=["community", "from_on"], name="people_membership_from")]
