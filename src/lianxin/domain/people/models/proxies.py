"""Who may act for whom."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.platform import scope
from lianxin.platform.models.base import Record


class ProxyLink(Record):
    """A person's agent: family, volunteer, staff or guardian, for named acts and a time."""

    class Kind(models.TextChoices):
        FAMILY = "family", _("family")
        VOLUNTEER = "volunteer", _("volunteer")
        STAFF = "staff", _("community staff")
        GUARDIAN = "guardian", _("guardian")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    principal = models.ForeignKey("people.Person", models.PROTECT, related_name="proxies")
    agent_person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="acts_for")
    agent_account_id = models.UUIDField(null=True, blank=True, db_index=True)
    kind = models.CharField(max_length=9, choices=Kind.choices)
    acts = models.JSONField(default=list)
    consent = models.ForeignKey("people.ConsentReceipt", models.PROTECT, null=True, blank=True, related_name="+")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    linked_by = models.UUIDField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.CharField(max_length=200, blank=True, default="")

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(agent_person__isnull=False, agent_account_id__isnull=True)
                | Q(agent_person__isnull=True, agent_account_id__isnull=False),
                name="people_proxy_one_agent",
            ),
            models.CheckConstraint(
                condition=Q(agent_person__isnull=True) | ~Q(agent_person=F("principal")), name="people_proxy_not_self"
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="people_proxy_days"
            ),
            models.CheckConstraint(
                condition=Q(kind="guardian") | Q(consent__isnull=False), name="people_proxy_by_consent"
            ),
            models.UniqueConstraint(
                fields=["principal", "agent_person", "kind"],
                condition=Q(revoked_at__isnull=True, agent_person__isnull=False),
                name="people_proxy_once",
            ),
        ]
