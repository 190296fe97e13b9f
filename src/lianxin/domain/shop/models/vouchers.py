"""Vouchers that merchants honour, and the monthly sheet by which they are paid."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.platform import scope
from lianxin.platform.models.base import Record
from lianxin.platform.sensitive import SealedField

from .redemptions import RedemptionLine


class Settlement(Record):
    """What a community owes a merchant for the vouchers taken in one month, agreed by both."""

    class State(models.TextChoices):
        OPEN = "open", _("drawn")
        CONFIRMED = "confirmed", _("agreed by both")
        WITHDRAWN = "withdrawn", _("withdrawn")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+", db_index=False)
    merchant = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    month_from = models.DateField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    total_fen = models.PositiveBigIntegerField()
    pieces = models.PositiveIntegerField()
    drawn_at = models.DateTimeField()
    community_signed_by = models.UUIDField(null=True, blank=True)
    community_signed_at = models.DateTimeField(null=True, blank=True)
    merchant_signed_by = models.UUIDField(null=True, blank=True)
    merchant_signed_at = models.DateTimeField(null=True, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "merchant", "month_from"],
                condition=~Q(state="withdrawn"),
                name="shop_settlement_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed")
                | Q(community_signed_at__isnull=False, merchant_signed_at__isnull=False),
                name="shop_settlement_two_signed",
            ),
            models.CheckConstraint(
                condition=Q(community_signed_by__isnull=True)
                | Q(merchant_signed_by__isnull=True)
                | ~Q(community_signed_by=F("merchant_signed_by")),
                name="shop_settlement_two_people",
            ),
        ]


class Voucher(Record):
    """One piece of a service, paid with points: used once at the merchant's, or given back when its time is over."""

    class State(models.TextChoices):
        ISSUED = "issued", _("can be used")
        TAKEN = "taken", _("used")
        VOID = "void", _("given back")
        EXPIRED = "expired", _("not used in time")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    line = models.ForeignKey(RedemptionLine, models.PROTECT, related_name="vouchers")
    merchant = models.ForeignKey(
        "people.Organisation", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    # Forgotten some time after the voucher was used.
    code = SealedField(null=True, blank=True, digest="code_digest")
    code_digest = models.CharField(max_length=64, unique=True, null=True, blank=True)
    cost_fen = models.PositiveIntegerField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.ISSUED)
    expires_on = models.DateField()
    taken_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.UUIDField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    settlement = models.ForeignKey(Settlement, models.PROTECT, null=True, blank=True, related_name="vouchers")

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="taken", taken_at__isnull=False) | ~Q(state="taken") & Q(taken_at__isnull=True),
                name="shop_voucher_taken",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["void", "expired"], ended_at__isnull=False)
                | Q(state__in=["issued", "taken"], ended_at__isnull=True),
                name="shop_voucher_ended",
            ),
            models.CheckConstraint(
                condition=Q(settlement__isnull=True) | Q(state="taken", merchant__isnull=False),
                name="shop_voucher_settled_is_taken",
            ),
            models.CheckConstraint(
                condition=~Q(state="issued") | Q(code_digest__isnull=False), name="shop_voucher_issued_has_code"
            ),
        ]
        indexes = [
            models.Index(fields=["merchant", "taken_at"], name="shop_voucher_merchant"),
            models.Index(fields=["expires_on"], condition=Q(state="issued"), name="shop_voucher_live"),
        ]
