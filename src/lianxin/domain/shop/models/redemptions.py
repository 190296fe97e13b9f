"""Points turned into things: reserved, collected, brought back."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.platform import scope
from lianxin.platform.models.base import Record
from lianxin.platform.sensitive import SealedField

from .catalogue import Item


class LimitCounter(Record):
    """How many pieces of an item a household took in one window: the limit is a constraint, not a query."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", db_index=False)
    household = models.ForeignKey("people.Household", models.PROTECT, related_name="+")
    window = models.CharField(max_length=12)
    used = models.PositiveIntegerField(default=0)
    most = models.PositiveIntegerField()

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "household", "window"], name="shop_limit_once"),
            models.CheckConstraint(condition=Q(used__lte=F("most")), name="shop_limit_kept"),
        ]


class Redemption(Record):
    """One order of a household; its points are held until it is collected, then spent."""

    class State(models.TextChoices):
        RESERVED = "reserved", _("reserved")
        COLLECTED = "collected", _("collected")
        CANCELLED = "cancelled", _("cancelled")
        EXPIRED = "expired", _("not collected in time")
        RETURNED = "returned", _("brought back")

    class Via(models.TextChoices):
        ONLINE = "online", _("online")
        COUNTER = "counter", _("at the counter")
        TILL = "till", _("at a till without network")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+", db_index=False)
    household = models.ForeignKey("people.Household", models.PROTECT, related_name="+", db_index=False)
    # Who collects, where somebody was named.
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    # Where it is collected; vouchers are collected nowhere.
    venue = models.ForeignKey("places.Venue", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    state = models.CharField(max_length=9, choices=State.choices)
    made_via = models.CharField(max_length=7, choices=Via.choices)
    points = models.PositiveIntegerField()
    code = SealedField(null=True, blank=True, digest="code_digest")
    code_digest = models.CharField(max_length=64, null=True, blank=True)
    hold = models.ForeignKey("points.Hold", models.PROTECT, null=True, blank=True, related_name="+")
    txn = models.ForeignKey("points.Txn", models.PROTECT, null=True, blank=True, related_name="+")
    identity_check = models.CharField(max_length=30, blank=True, default="")
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    # When the pieces were put aside for collecting.
    ready_at = models.DateTimeField(null=True, blank=True)
    collected_at = models.DateTimeField(null=True, blank=True)
    collected_by = models.UUIDField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True, default="")

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="reserved")
                | Q(venue__isnull=False, expires_at__isnull=False, code_digest__isnull=False, txn__isnull=True),
                name="shop_redemption_reserved_whole",
            ),
            models.CheckConstraint(
                condition=Q(points=0) | ~Q(state="reserved") | Q(hold__isnull=False),
                name="shop_redemption_reserved_holds",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["collected", "returned"], collected_at__isnull=False)
                & (Q(points=0) | Q(txn__isnull=False))
                | ~Q(state__in=["collected", "returned"]) & Q(collected_at__isnull=True, txn__isnull=True),
                name="shop_redemption_collected_spent",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["reserved", "collected"], ended_at__isnull=True)
                | Q(state__in=["cancelled", "expired", "returned"], ended_at__isnull=False),
                name="shop_redemption_ended",
            ),
            models.UniqueConstraint(
                fields=["code_digest"], condition=Q(state="reserved"), name="shop_redemption_code_once"
            ),
        ]
        indexes = [
            models.Index(fields=["household", "-id"], name="shop_redemption_household"),
            models.Index(fields=["community", "state", "-id"], name="shop_redemption_community"),
            models.Index(fields=["venue", "state"], name="shop_redemption_venue"),
            models.Index(fields=["expires_at"], condition=Q(state="reserved"), name="shop_redemption_live"),
        ]


class RedemptionLine(Record):
    """Pieces of one item in a redemption, at the price of that day."""

    redemption = models.ForeignKey(Redemption, models.PROTECT, related_name="lines", db_index=False)
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    unit_points = models.PositiveIntegerField()
    quantity_returned = models.PositiveIntegerField(default=0)
    # The window of the household's limit that the pieces count in; empty: they count in none.
    window = models.CharField(max_length=12, blank=True, default="")

    objects = scope.tenant_manager("redemption__community")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["redemption", "item"], name="shop_line_item_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="shop_line_positive"),
            models.CheckConstraint(
                condition=Q(quantity_returned__gte=0) & Q(quantity_returned__lte=F("quantity")),
                name="shop_line_returned",
            ),
        ]


class GoodsReturn(Record):
    """Pieces or vouchers that came back, and the transaction that gave the points back. Only grows."""

    redemption = models.ForeignKey(Redemption, models.PROTECT, related_name="returns")
    quantity = models.PositiveIntegerField()
    points = models.PositiveIntegerField()
    txn = models.ForeignKey("points.Txn", models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=200)
    # Pieces by line; `to_stock` says whether they can be given out again.
    pieces = models.JSONField(default=dict)
    to_stock = models.BooleanField()
    at = models.DateTimeField()
    by_account_id = models.UUIDField(null=True, blank=True)

    objects = scope.tenant_manager("redemption__community")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(points=0) | Q(txn__isnull=False), name="shop_return_gives_back"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="shop_return_positive"),
        ]
