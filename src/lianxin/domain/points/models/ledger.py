"""What moved: transactions, transfers, passbook lines, lots and holds; only the ledger writes these tables."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.platform import scope
from lianxin.platform.models.base import Record

from .books import DIGEST_BYTES, Account, Book, Period


class Txn(Record):
    """One act on the ledger; its key makes it safe to send twice. Only grows."""

    class Kind(models.TextChoices):
        FUND = "fund", _("budget set")
        AWARD = "award", _("points awarded")
        REDEEM = "redeem", _("redeemed")
        RETURN = "return", _("goods returned")
        EXPIRE = "expire", _("expired")
        OPENING = "opening", _("taken over from the paper passbook")
        SPLIT = "split", _("household split")
        MERGE = "merge", _("households merged")
        MOVE_OUT = "move_out", _("moved to another community")
        MOVE_IN = "move_in", _("moved here from another community")
        HAND_OVER = "hand_over", _("handed over to another household")
        DEBT = "debt", _("debt settled")
        REVERSAL = "reversal", _("correction")

    book = models.ForeignKey(Book, models.PROTECT, related_name="txns")
    period = models.ForeignKey(Period, models.PROTECT, related_name="txns")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    effective_on = models.DateField()
    posted_at = models.DateTimeField()
    key = models.UUIDField(unique=True)
    request_hash = models.BinaryField(max_length=DIGEST_BYTES)
    by_account_id = models.UUIDField(null=True, blank=True)
    via = models.CharField(max_length=10)
    source_kind = models.CharField(max_length=40, blank=True, default="")
    source_id = models.UUIDField(null=True, blank=True)
    rules = models.ForeignKey("points.RulesVersion", models.PROTECT, null=True, blank=True, related_name="+")
    reverses = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="reversed_by")
    note_digest = models.BinaryField(max_length=DIGEST_BYTES, null=True, blank=True)

    objects = scope.tenant_manager("book__community")

    class Meta:
        indexes = [
            models.Index(fields=["book", "id"], name="points_txn_book"),
            models.Index(fields=["source_id"], name="points_txn_source"),
        ]


class UnsealedTxn(models.Model):
    """That a transaction waits for its seal: written with it, removed by the seal."""

    txn = models.OneToOneField(Txn, models.PROTECT, primary_key=True, related_name="unsealed")
    book = models.ForeignKey(Book, models.PROTECT, related_name="+")


class TxnNote(models.Model):
    """The words to a transaction: the chain holds their salted digest, so that they can be erased."""

    txn = models.OneToOneField(Txn, models.PROTECT, primary_key=True, related_name="note")
    salt = models.BinaryField(max_length=16)
    text = models.CharField(max_length=500)

    objects = scope.tenant_manager("txn__book__community")


class Transfer(Record):
    """Points from one account to another of the same book, out of or into one lot. Only grows."""

    txn = models.ForeignKey(Txn, models.PROTECT, related_name="transfers")
    number = models.PositiveIntegerField()
    # The kernel has just locked both rows, and accounts are never deleted: the database need not look again.
    src = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    dst = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    points = models.PositiveIntegerField()
    # The expiry day of the lot it leaves, and of the one it enters.
    src_lot_on = models.DateField(null=True, blank=True)
    dst_lot_on = models.DateField(null=True, blank=True)

    objects = scope.tenant_manager("txn__book__community")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["txn", "number"], name="points_transfer_number"),
            models.CheckConstraint(condition=Q(points__gt=0), name="points_transfer_positive"),
            models.CheckConstraint(condition=~Q(src=F("dst")), name="points_transfer_two_sides"),
        ]


class Line(Record):
    """One line of the passbook of a guarded account, chained to the one before. Only grows."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="lines")
    seq = models.PositiveIntegerField()
    txn = models.ForeignKey(Txn, models.PROTECT, related_name="lines")
    delta = models.BigIntegerField()
    balance_after = models.BigIntegerField()
    prev_hash = models.BinaryField(max_length=DIGEST_BYTES)
    hash = models.BinaryField(max_length=DIGEST_BYTES)

    objects = scope.tenant_manager("account__community")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "seq"], name="points_line_seq"),
            models.CheckConstraint(condition=Q(seq__gt=0), name="points_line_from_one"),
            models.CheckConstraint(condition=~Q(delta=0), name="points_line_moves"),
        ]


class Lot(Record):
    """Points of a household that expire together."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="lots")
    expires_on = models.DateField()
    granted = models.BigIntegerField()
    remaining = models.BigIntegerField()

    objects = scope.tenant_manager("account__community")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "expires_on"], name="points_lot_once"),
            models.CheckConstraint(
                condition=Q(remaining__gte=0) & Q(remaining__lte=F("granted")), name="points_lot_remaining"
            ),
        ]
        indexes = [
            # No condition on `remaining`: PostgreSQL would have to enter every spent lot into all indexes anew.
            models.Index(fields=["expires_on"], name="points_lot_expiring"),
        ]


class Hold(Record):
    """Points kept aside until something is collected, cancelled or out of time."""

    class State(models.TextChoices):
        HELD = "held", _("held")
        CAPTURED = "captured", _("captured")
        RELEASED = "released", _("released")
        EXPIRED = "expired", _("out of time")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, models.PROTECT, related_name="holds")
    points = models.PositiveIntegerField()
    captured = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State.choices, default=State.HELD)
    key = models.UUIDField(unique=True)
    request_hash = models.BinaryField(max_length=DIGEST_BYTES)
    source_kind = models.CharField(max_length=40)
    source_id = models.UUIDField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    txn = models.ForeignKey(Txn, models.PROTECT, null=True, blank=True, related_name="holds")

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(points__gt=0), name="points_hold_positive"),
            models.CheckConstraint(condition=Q(captured__lte=F("points")), name="points_hold_captured"),
            models.CheckConstraint(
                condition=Q(state="captured", captured__gt=0, txn__isnull=False)
                | ~Q(state="captured") & Q(captured=0, txn__isnull=True),
                name="points_hold_captured_has_txn",
            ),
        ]
        indexes = [
            models.Index(fields=["source_id"], name="points_hold_source"),
            models.Index(fields=["expires_at"], condition=Q(state="held"), name="points_hold_live"),
        ]


class Seal(Record):
    """A signed root over the transactions of a book since the seal before, and over all its accounts. Only grows."""

    book = models.ForeignKey(Book, models.PROTECT, related_name="seals")
    number = models.PositiveIntegerField()
    txns = models.PositiveIntegerField()
    entry_root = models.CharField(max_length=64)
    state_root = models.CharField(max_length=64)
    totals = models.JSONField()
    previous = models.CharField(max_length=64, blank=True, default="")
    sealed_at = models.DateTimeField()
    algorithm = models.CharField(max_length=20)
    key_id = models.CharField(max_length=20)
    signature = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    # What is printed on notices and receipts: short enough to be read out.
    code = models.CharField(max_length=24, unique=True)

    objects = scope.tenant_manager("book__community")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["book", "number"], name="points_seal_number")]


class SealedTxn(models.Model):
    """Where a transaction stands under its seal. Only grows."""

    txn = models.OneToOneField(Txn, models.PROTECT, primary_key=True, related_name="sealed")
    seal = models.ForeignKey(Seal, models.PROTECT, related_name="sealed_txns")
    position = models.PositiveIntegerField()
    leaf = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seal", "position"], name="points_sealed_position")]
