"""Books, their periods and their accounts; only the ledger writes these tables."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.platform import scope
from lianxin.platform.models.base import Record

DIGEST_BYTES = 32


class Book(Record):
    """The ledger of one community; points never leave it except by two linked transactions."""

    class State(models.TextChoices):
        PREPARING = "preparing", _("preparing")
        OPEN = "open", _("open")
        CLOSED = "closed", pgettext_lazy("passbook", "closed")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=State.choices, default=State.PREPARING)
    switched_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community"], condition=~Q(state="closed"), name="points_book_of_community"
            ),
            models.CheckConstraint(
                condition=Q(state="preparing") | Q(switched_on__isnull=False), name="points_book_switched_on"
            ),
        ]
        indexes = [models.Index(fields=["community"], name="points_book_community")]


class Period(Record):
    """A stretch of days whose lines are closed together, with the signed record that all was equal."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        CLOSED = "closed", pgettext_lazy("passbook", "closed")

    book = models.ForeignKey(Book, models.PROTECT, related_name="periods")
    starts_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.UUIDField(null=True, blank=True)
    record = models.JSONField(default=dict)
    algorithm = models.CharField(max_length=20, blank=True, default="")
    key_id = models.CharField(max_length=20, blank=True, default="")
    signature = models.CharField(max_length=200, blank=True, default="")

    objects = scope.tenant_manager("book__community")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["book", "starts_on"], name="points_period_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="points_period_days"),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True)
                | Q(state="closed", closed_at__isnull=False) & ~Q(signature=""),
                name="points_period_closed_is_signed",
            ),
        ]


class Account(Record):
    """Where points are: households, budgets and debts hold a stored balance, the rest is derived from transfers."""

    class Kind(models.TextChoices):
        HOUSEHOLD = "household", _("household")
        BUDGET = "budget", _("budget")
        DEBT = "debt", _("debt of a household")
        ISSUANCE = "issuance", _("issuance")
        SHOP = "shop", _("shop")
        EXPIRED = "expired", _("expired")
        OPENING = "opening", _("taken over from paper")
        TRANSIT = "transit", _("other communities")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        FROZEN = "frozen", _("frozen")
        CLOSED = "closed", pgettext_lazy("passbook", "closed")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    book = models.ForeignKey(Book, models.PROTECT, related_name="accounts")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    # The household or budget; the book itself for the accounts of which a book has one.
    owner = models.UUIDField()
    guarded = models.BooleanField()
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    balance = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    floor = models.BigIntegerField(default=0)
    earned = models.BigIntegerField(default=0)
    spent = models.BigIntegerField(default=0)
    seq = models.PositiveIntegerField(default=0)
    head = models.BinaryField(max_length=DIGEST_BYTES, default=bytes(DIGEST_BYTES))
    opened_at = models.DateTimeField()

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["book", "kind", "owner"], name="points_account_once"),
            models.CheckConstraint(
                condition=Q(guarded=False) | Q(balance__gte=F("floor") + F("held")), name="points_account_floor"
            ),
            models.CheckConstraint(condition=Q(held__gte=0), name="points_account_held"),
            models.CheckConstraint(
                condition=Q(guarded=True) | Q(balance=0, held=0, seq=0), name="points_account_derived_stores_nothing"
            ),
        ]
        indexes = [
            models.Index(fields=["owner"], name="points_account_owner"),
            models.Index(fields=["community"], name="points_account_community"),
        ]


class BalanceSnapshot(Record):
    """What a derived account came to when a period closed; its balance is this and the transfers since."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="snapshots")
    period = models.ForeignKey(Period, models.PROTECT, related_name="snapshots")
    moved = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "period"], name="points_snapshot_once")]
