"""Countable acts, and the daily tallies that follow from them."""

from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.platform.models.base import Record
from lianxin.platform.scope import tenant_manager

EVERYTHING = UUID(int=0)
ALL_CATEGORIES = "*"
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
        # A figure opens into its records: of one measure, in one community, on some days.
        indexes = [models.Index(fields=["measure", "community_id", "occurred_on"], name="fact_by_place_and_day")]


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


class Rollup(Record):
    """The sum of one measure over one day, month or year in one area: what makes ten years as cheap as one.

    An area is a community, everything that this instance holds (`EVERYTHING`), or a district of a city's instance.
    Days are kept for the wider areas only: a community's are its tallies. `ALL_CATEGORIES` is the sum over categories.
    """

    class Span(models.TextChoices):
        DAY = "D", _("Day")
        MONTH = "M", _("Month")
        YEAR = "Y", _("Year")

    measure = models.CharField(max_length=60)
    span = models.CharField(max_length=1, choices=Span.choices)
    area_id = models.UUIDField()
    category = models.CharField(max_length=20, blank=True)
    starts_on = models.DateField()
    quantity = models.BigIntegerField()

    objects = tenant_manager("area_id")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "span", "area_id", "category", "starts_on"], name="rollup_once")
        ]
