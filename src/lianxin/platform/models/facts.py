"""Countable acts, and the daily tallies that follow from them."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from lianxin.platform.models.base import Record
from lianxin.platform.scope import tenant_manager

NO_VENUE = UUID(int=0)


class Fact(Record):
    """One countable act, proved by a record that is never a person; a correction is a negative fact."""

    occurred_on = models.DateField()
    recorded_at = models.DateTimeField()
    community_id = models.UUIDField()
    venue_id = models.UUIDField(default=NO_VENUE)
    measure = models.CharField(max_length=60)
    category = models.CharField(max_length=20, blank=True)
    quantity = models.BigIntegerField()
    record_kind = models.CharField(max_length=60)
    record_id = models.UUIDField()
    corrects = models.UUIDField(null=True)

    objects = tenant_manager("community_id")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "record_kind", "record_id"], condition=Q(corrects=None), name="fact_once_per_record"
            ),
            models.UniqueConstraint(
                fields=["corrects"], condition=Q(corrects__isnull=False), name="fact_corrected_once"
            ),
        ]


class FactPending(models.Model):
    """A fact that no tally holds yet."""

    fact_id = models.UUIDField(primary_key=True)


class Tally(Record):
    """The sum of one measure on one day at one place; with what is pending it is always current."""

    day_on = models.DateField()
    community_id = models.UUIDField()
    venue_id = models.UUIDField(default=NO_VENUE)
    measure = models.CharField(max_length=60)
    category = models.CharField(max_length=20, blank=True)
    quantity = models.BigIntegerField()

    objects = tenant_manager("community_id")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "community_id", "day_on", "venue_id", "category"], name="tally_once"
            )
        ]
