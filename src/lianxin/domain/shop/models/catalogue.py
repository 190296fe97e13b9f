"""What a community's shop offers, and for how many points from which day on."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.platform import scope
from lianxin.platform.models.base import Record


class Every(models.TextChoices):
    """The stretch of time in which a limit per household counts."""

    DAY = "day", pgettext_lazy("limit", "day")
    WEEK = "week", pgettext_lazy("limit", "week")
    MONTH = "month", pgettext_lazy("limit", "month")
    YEAR = "year", pgettext_lazy("limit", "year")


class Item(Record):
    """Something that points can be redeemed for; what it costs in points is in its price versions."""

    class Kind(models.TextChoices):
        GOODS = "goods", _("goods")
        SERVICE = "service", _("service")
        HONOUR = "honour", _("honour")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        ON_SALE = "on_sale", _("on offer")
        ENDED = "ended", _("no longer offered")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=7, choices=Kind.choices)
    name = models.CharField(max_length=60)
    description = models.CharField(max_length=500, blank=True, default="")
    category = models.CharField(max_length=30, blank=True, default="")
    # Who honours the voucher of a service; none: the community itself.
    merchant = models.ForeignKey("people.Organisation", models.PROTECT, null=True, blank=True, related_name="+")
    # What one piece costs the community, for the liability report and the merchant's settlement.
    cost_fen = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=7, choices=State.choices, default=State.DRAFT)
    needs_stock = models.BooleanField()
    # At most so many pieces for a household in each day, week, month or year.
    limit_quantity = models.PositiveIntegerField(null=True, blank=True)
    limit_every = models.CharField(max_length=5, choices=Every.choices, blank=True, default="")
    # How long a voucher can be used.
    valid_days = models.PositiveSmallIntegerField(default=90)
    # A stored file.
    picture_id = models.UUIDField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="shop_item_named"),
            models.CheckConstraint(
                condition=Q(kind="goods", needs_stock=True)
                | Q(kind="honour", needs_stock=False, merchant__isnull=True)
                | Q(kind="service", needs_stock=False),
                name="shop_item_kind_and_stock",
            ),
            models.CheckConstraint(
                condition=Q(limit_quantity__isnull=True, limit_every="")
                | Q(limit_quantity__gt=0) & Q(limit_every__in=["day", "week", "month", "year"]),
                name="shop_item_limit_whole",
            ),
            models.CheckConstraint(condition=Q(valid_days__gt=0), name="shop_item_valid_days"),
            models.UniqueConstraint(
                fields=["community", "name"], condition=~Q(state="ended"), name="shop_item_name_once"
            ),
        ]
        indexes = [models.Index(fields=["community", "state"], name="shop_item_community")]


class ItemPrice(Record):
    """Points for one piece from a day on; of several for one day the last one entered counts. Only grows."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="prices", db_index=False)
    points = models.PositiveIntegerField()
    from_on = models.DateField()
    set_at = models.DateTimeField()
    set_by = models.UUIDField(null=True, blank=True)

    objects = scope.tenant_manager("item__community")

    class Meta:
        indexes = [models.Index(fields=["item", "-from_on"], name="shop_price_of_day")]
