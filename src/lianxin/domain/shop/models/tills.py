"""Shop days with tills that go on without a network, each with its own stock and allowance of points."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.platform import scope
from lianxin.platform.models.base import Record

from .catalogue import Item
from .redemptions import Redemption
from .stock import Stock


class ShopDay(Record):
    """A day on which a venue's shop is open with several tills."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    venue = models.ForeignKey("places.Venue", models.PROTECT, related_name="+", db_index=False)
    on = models.DateField()
    name = models.CharField(max_length=60)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["venue", "on"], condition=Q(ended_at__isnull=True), name="shop_day_one_open"
            )
        ]
        indexes = [models.Index(fields=["venue", "on"], name="shop_day_venue")]


class Till(Record):
    """A device at a table; its secret is shown once and lets it fetch its package and send its sales."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("till", "open")
        OFFLINE = "offline", _("works without network")
        CLOSED = "closed", pgettext_lazy("till", "closed")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    shop_day = models.ForeignKey(ShopDay, models.PROTECT, related_name="tills", db_index=False)
    name = models.CharField(max_length=40)
    token_digest = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.OPEN)
    offline_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    reconciled_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop_day", "name"], name="shop_till_name_once"),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) | ~Q(state="closed") & Q(closed_at__isnull=True),
                name="shop_till_closed",
            ),
            models.CheckConstraint(
                condition=~Q(state="offline") | Q(offline_at__isnull=False, expires_at__isnull=False),
                name="shop_till_offline",
            ),
        ]


class TillStock(Record):
    """Pieces lent to a till: sold, or given back when it reconciles."""

    till = models.ForeignKey(Till, models.PROTECT, related_name="stocks", db_index=False)
    stock = models.ForeignKey(Stock, models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    allotted = models.PositiveIntegerField()
    sold = models.PositiveIntegerField(default=0)
    # Pieces that are neither sold nor back yet: these are still reserved for the till.
    lent = models.PositiveIntegerField()

    objects = scope.tenant_manager("till__community")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["till", "item"], name="shop_till_stock_once"),
            models.CheckConstraint(
                condition=Q(allotted__gt=0) & Q(sold__lte=F("allotted")), name="shop_till_stock_sold"
            ),
            models.CheckConstraint(condition=Q(lent__lte=F("allotted") - F("sold")), name="shop_till_stock_lent"),
        ]


class TillAllowance(Record):
    """Points of a household that one till may take while it has no network."""

    till = models.ForeignKey(Till, models.PROTECT, related_name="allowances", db_index=False)
    household = models.ForeignKey("people.Household", models.PROTECT, related_name="+")
    hold = models.ForeignKey("points.Hold", models.PROTECT, related_name="+")
    points = models.PositiveIntegerField()

    objects = scope.tenant_manager("till__community")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["till", "household"], name="shop_allowance_once"),
            models.CheckConstraint(condition=Q(points__gt=0), name="shop_allowance_positive"),
        ]


class TillSale(Record):
    """One sale that a till reports, under the id that the till gave it; what cannot be booked waits for staff."""

    class State(models.TextChoices):
        BOOKED = "booked", _("booked")
        DIFFERENCE = "difference", _("has to be looked at")
        CHARGED = "charged", _("booked later")
        WRITTEN_OFF = "written_off", _("written off")
        BROUGHT_BACK = "brought_back", _("brought back")

    till = models.ForeignKey(Till, models.PROTECT, related_name="sales", db_index=False)
    # What the till says, as it was sent; a household or item that does not exist is named in the reason.
    household_id = models.UUIDField()
    item_id = models.UUIDField()
    quantity = models.PositiveIntegerField()
    points = models.PositiveIntegerField()
    sold_at = models.DateTimeField()
    received_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State.choices)
    reason = models.CharField(max_length=200, blank=True, default="")
    # Pieces that stay reserved until somebody decides on a difference.
    kept = models.PositiveIntegerField(default=0)
    redemption = models.ForeignKey(Redemption, models.PROTECT, null=True, blank=True, related_name="till_sales")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.UUIDField(null=True, blank=True)

    objects = scope.tenant_manager("till__community")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="shop_sale_positive"),
            models.CheckConstraint(
                condition=Q(state__in=["booked", "charged"], redemption__isnull=False)
                | Q(state__in=["difference", "written_off", "brought_back"], redemption__isnull=True) & ~Q(reason=""),
                name="shop_sale_booked",
            ),
            models.CheckConstraint(condition=Q(kept=0) | Q(state="difference"), name="shop_sale_kept"),
        ]
        indexes = [models.Index(fields=["till", "state"], name="shop_sale_till")]
