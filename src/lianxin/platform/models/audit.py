"""The audit log: entries are only ever added; seals give them a position and a signature later."""

from django.db import models

from lianxin.platform.models.base import Record
from lianxin.platform.scope import tenant_manager


class AuditEntry(Record):
    """One outermost command, or one look behind a mask, with the record it touched first."""

    at = models.DateTimeField()
    action = models.CharField(max_length=80)
    account_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=80, blank=True)
    role = models.CharField(max_length=40)
    via = models.CharField(max_length=20)
    on_behalf_of = models.UUIDField(null=True)
    identity_check = models.CharField(max_length=40, blank=True)
    community_id = models.UUIDField(null=True)
    reason = models.TextField(blank=True)
    lines = models.JSONField(default=list)
    record_kind = models.CharField(max_length=60, blank=True)
    record_id = models.UUIDField(null=True)
    verb = models.CharField(max_length=40, blank=True)
    change = models.JSONField(default=dict)
    change_digest = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["account_id", "at"], name="audit_by_account"),
            models.Index(fields=["record_id", "id"], name="audit_entry_by_record_id"),
        ]


class AuditTarget(Record):
    """A further record that an entry touched; the record's timeline reads these too."""

    entry_id = models.UUIDField()
    record_kind = models.CharField(max_length=60)
    record_id = models.UUIDField()
    community_id = models.UUIDField(null=True)
    verb = models.CharField(max_length=40)
    change = models.JSONField(default=dict)

    objects = tenant_manager("community_id")

    class Meta:
        indexes = [
            models.Index(fields=["record_id", "id"], name="audit_target_by_record_id"),
            models.Index(fields=["entry_id"], name="audit_target_by_entry"),
        ]


class AuditPending(models.Model):
    """An entry that has no position yet; the sealing task removes the row."""

    entry_id = models.UUIDField(primary_key=True)


class AuditSeal(models.Model):
    """The position and chain hash of one entry."""

    position = models.BigIntegerField(primary_key=True)
    entry_id = models.UUIDField(unique=True)
    entry_hash = models.CharField(max_length=64)
    chain_hash = models.CharField(max_length=64)


class AuditBatch(models.Model):
    """A sealed run of positions with its Merkle root, signed; kept when its entries are dropped by retention."""

    number = models.BigIntegerField(primary_key=True)
    first_position = models.BigIntegerField()
    last_position = models.BigIntegerField()
    root = models.CharField(max_length=64)
    previous_root = models.CharField(max_length=64, blank=True)
    last_chain_hash = models.CharField(max_length=64)
    algorithm = models.CharField(max_length=20)
    key_id = models.CharField(max_length=40)
    signature = models.TextField()
    sealed_at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True)
