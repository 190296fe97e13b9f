"""What districts hand up to a city or a province: whose files are taken, which were, and values read on a day."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.platform.models.base import Record


class DistrictFeed(Record):
    """A district whose files this instance takes, by the key that signs them and the address that opens figures."""

    district_id = models.UUIDField(unique=True)
    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=100)
    base_url = models.CharField(max_length=200)
    public_key = models.CharField(max_length=64)
    trusted_at = models.DateTimeField()
    # The first day that is not held yet; none before the first file.
    held_until_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["code", "id"]

    def __str__(self) -> str:
        return self.name


class FeedFile(Record):
    """One file of a district that was taken in, or is being taken in."""

    class State(models.TextChoices):
        COMING = "coming", _("Being taken in")
        HELD = "held", _("Taken in")

    feed = models.ForeignKey(DistrictFeed, models.PROTECT, related_name="files")
    digest = models.CharField(max_length=64, unique=True)
    number = models.PositiveIntegerField()
    since_on = models.DateField()
    until_on = models.DateField()
    made_at = models.DateTimeField()
    public_key = models.CharField(max_length=64)
    state = models.CharField(max_length=6, choices=State.choices, default=State.COMING)
    tally_rows = models.PositiveIntegerField(default=0)
    reading_rows = models.PositiveIntegerField(default=0)
    # By measure, over the days from `since_on`: what verify compares with what is held.
    sums = models.JSONField(default=dict)
    begun_at = models.DateTimeField()
    imported_at = models.DateTimeField(null=True, blank=True)
    account_id = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "id"]
        constraints = [
            models.CheckConstraint(name="reporting_feed_file_days", condition=Q(until_on__gt=F("since_on"))),
            models.CheckConstraint(
                name="reporting_feed_file_held_when",
                condition=Q(state="coming", imported_at__isnull=True) | Q(state="held", imported_at__isnull=False),
            ),
        ]


class LevelReading(Record):
    """What cannot be added up over days: how much stood on a day, how many different in a month, quarter or year."""

    class Span(models.TextChoices):
        DAY = "D", _("On a day")
        MONTH = "M", _("In a month")
        QUARTER = "Q", _("In a quarter")
        YEAR = "Y", _("In a year")

    measure = models.CharField(max_length=60)
    span = models.CharField(max_length=1, choices=Span.choices)
    area_id = models.UUIDField()
    read_on = models.DateField()
    value = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "span", "area_id", "read_on"], name="reporting_reading_once")
        ]


class FeedExport(Record):
    """One file that this district made for the city, in the order in which they were made."""

    number = models.PositiveIntegerField(unique=True)
    digest = models.CharField(max_length=64)
    since_on = models.DateField()
    until_on = models.DateField()
    made_at = models.DateTimeField()
    tally_rows = models.PositiveIntegerField()
    reading_rows = models.PositiveIntegerField()
    account_id = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(name="reporting_feed_export_days", condition=Q(until_on__gt=F("since_on")))
        ]
