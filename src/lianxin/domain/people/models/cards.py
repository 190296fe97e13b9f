"""The printed card that says who somebody is."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.platform import scope
from lianxin.platform.models.base import Record


class Card(Record):
    """A printed QR card: it identifies its holder to somebody logged in, and never logs in."""

    class Reason(models.TextChoices):
        LOST = "lost", _("lost")
        DAMAGED = "damaged", _("damaged")
        REPRINTED = "reprinted", _("replaced by a new card")
        LEFT = "left", _("the holder moved away or died")
        REQUEST = "request", _("the holder asked for it")
        ERASED = "erased", _("the record was erased")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="cards")
    number = models.CharField(_("card number"), max_length=12, unique=True)
    token_digest = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField()
    issued_by = models.UUIDField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.CharField(max_length=10, choices=Reason.choices, blank=True, default="")

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(revoked_at__isnull=True), name="people_one_valid_card"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_reason="")
                | (Q(revoked_at__isnull=False) & ~Q(revoked_reason="")),
                name="people_card_revoked_why",
            ),
        ]
