"""Pieces in a place: what is there, what is promised, and every move of it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.platform import scope
from lianxin.platform.models.base import Record

from .catalogue import Item


class Stock(Record):
    """Pieces of one item at one venue; `reserved` of the `on_hand` are promised to somebody or lent to a till."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, models.PROTECT, related_name="stocks")
    venue = models.ForeignKey("places.Venue", models.PROTECT, related_name="+")
    on_hand = models.PositiveIntegerField(default=0)
    reserved = models.PositiveIntegerField(default=0)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "venue"], name="shop_stock_once"),
            models.CheckConstraint(
                condition=Q(reserved__gte=0) & Q(reserved__lte=F("on_hand")), name="shop_stock_reserved"
            ),
        ]


class StockMove(Record):
    """Pieces that came or went, and on what paper; all of a stock add up to what is on hand. Only grows."""

    class Kind(models.TextChoices):
        OPENING = "opening", _("opening stock")
        DONATED = "donated", _("donated")
        BOUGHT = "bought", _("bought")
        COUNTED = "counted", _("difference found by counting")
        SPOILED = "spoiled", _("spoiled or lost")
        COLLECTED = "collected", _("given out")
        RETURNED = "returned", _("brought back")
        MOVED_IN = "moved_in", _("came from another place")
        MOVED_OUT = "moved_out", _("went to another place")

    stock = models.ForeignKey(Stock, models.PROTECT, related_name="moves", db_index=False)
    kind = models.CharField(max_length=9, choices=Kind.choices)
    quantity = models.IntegerField()
    # Money: what the pieces are worth, where somebody said so.
    value_fen = models.PositiveBigIntegerField(null=True, blank=True)
    document = models.CharField(max_length=80, blank=True, default="")
    reason = models.CharField(max_length=200, blank=True, default="")
    # The redemption, return, till or run that moved them.
    source_id = models.UUIDField(null=True, blank=True)
    by_account_id = models.UUIDField(null=True, blank=True)
    at = models.DateTimeField()

    objects = scope.tenant_manager("stock__community")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(quantity=0), name="shop_move_moves"),
            models.CheckConstraint(
                condition=Q(kind="counted")
                | Q(kind__in=["opening", "donated", "bought", "returned", "moved_in"], quantity__gt=0)
                | Q(kind__in=["spoiled", "collected", "moved_out"], quantity__lt=0),
                name="shop_move_direction",
            ),
        ]
        indexes = [
            models.Index(fields=["stock", "id"], name="shop_move_stock"),
            models.Index(fields=["source_id"], name="shop_move_source"),
        ]


class Donation(Record):
    """Goods that an organisation gave, with how and when it was thanked; the pieces are its stock moves."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+", db_index=False)
    donor = models.ForeignKey("people.Organisation", models.PROTECT, null=True, blank=True, related_name="+")
    # Somebody who is in no register, named as they wish to be.
    donor_name = models.CharField(max_length=80, blank=True, default="")
    wants_name_shown = models.BooleanField(default=True)
    move = models.OneToOneField(StockMove, models.PROTECT, related_name="donation")
    need = models.ForeignKey("shop.SupplyNeed", models.PROTECT, null=True, blank=True, related_name="donations")
    received_on = models.DateField()
    thanked_at = models.DateTimeField(null=True, blank=True)
    thanked_how = models.CharField(max_length=120, blank=True, default="")

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(donor__isnull=False) | ~Q(donor_name=""), name="shop_donation_has_donor"
            ),
            models.CheckConstraint(
                condition=Q(thanked_at__isnull=True, thanked_how="") | Q(thanked_at__isnull=False),
                name="shop_donation_thanked",
            ),
        ]
        indexes = [models.Index(fields=["community", "received_on"], name="shop_donation_community")]


class SupplyNeed(Record):
    """What the shop is short of, for donors to see; closed when there is enough."""

    class State(models.TextChoices):
        OPEN = "open", _("wanted")
        MET = "met", _("there is enough")
        WITHDRAWN = "withdrawn", _("no longer wanted")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+", db_index=False)
    what = models.CharField(max_length=80)
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="needs")
    quantity = models.PositiveIntegerField()
    received = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    asked_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0) & ~Q(what=""), name="shop_need_whole"),
            models.CheckConstraint(
                condition=Q(state="open", ended_on__isnull=True) | ~Q(state="open") & Q(ended_on__isnull=False),
                name="shop_need_ended",
            ),
        ]
        indexes = [models.Index(fields=["community", "state"], name="shop_need_community")]
