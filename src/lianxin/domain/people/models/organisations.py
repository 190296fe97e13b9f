"""Firms, units and groups: one register for every role they can have."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.platform import scope
from lianxin.platform.models.base import Record
from lianxin.platform.sensitive import SealedField


class Organisation(Record):
    """An organisation; communities share it, so it belongs to none of them."""

    class State(models.TextChoices):
        ACTIVE = "active", pgettext_lazy("organisation", "active")
        PAUSED = "paused", pgettext_lazy("organisation", "paused")
        MERGED = "merged", _("merged into another")
        CLOSED = "closed", pgettext_lazy("organisation", "closed")

    name = models.CharField(_("name"), max_length=120)
    uscc = models.CharField(_("unified social credit code"), max_length=18, null=True, blank=True)
    contact_name = models.CharField(_("contact person"), max_length=80, blank=True, default="")
    phone = SealedField(null=True, blank=True, digest="phone_digest", digest_purpose="people.person.phone")
    phone_digest = models.CharField(max_length=64, null=True, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True, default="")
    state = models.CharField(max_length=8, choices=State.choices, default=State.ACTIVE)
    agreement_from = models.DateField(null=True, blank=True)
    agreement_until = models.DateField(null=True, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged_from")
    registered_on = models.DateField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.UniqueConstraint(fields=["uscc"], condition=~Q(state="merged"), name="people_organisation_uscc"),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into__isnull=True)),
                name="people_organisation_merged",
            ),
            models.CheckConstraint(
                condition=Q(agreement_from__isnull=True)
                | Q(agreement_until__isnull=True)
                | Q(agreement_until__gte=F("agreement_from")),
                name="people_organisation_agreement",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="people_organisation_named"),
        ]
        indexes = [models.Index(fields=["name"], name="people_organisation_name")]


class OrganisationRole(Record):
    """What an organisation is to the district; it can be several things at once."""

    class Kind(models.TextChoices):
        PARTNER = "partner", _("partner unit")
        HOST = "host", _("station host")
        MERCHANT = "merchant", _("merchant")
        DONOR = "donor", _("donor")
        PUBLIC_BODY = "public_body", _("public body")
        PARTY_BRANCH = "party_branch", _("party branch")

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="roles")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    since_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "kind"], name="people_organisation_role_once")]


class OrganisationAlias(Record):
    """Another name under which people look for an organisation."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="people_organisation_alias_once")]


class OrganisationCommunity(Record):
    """That a community works with an organisation."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="communities")
    since_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "community"],
                condition=Q(until_on__isnull=True),
                name="people_organisation_community_once",
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("since_on")),
                name="people_organisation_community_days",
            ),
        ]
