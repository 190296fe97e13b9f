"""Venues: the centre of each community and the stations in malls, markets, estates and so on."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.platform.models.base import Record
from lianxin.platform.scope import tenant_manager


class VenueKind(models.TextChoices):
    """Centre of a community, or a station where people already are."""

    CENTRE = "centre", _("Centre")
    STATION = "station", _("Station")


class StationType(models.TextChoices):
    """Where a station is."""

    MALL = "mall", _("Mall")
    MARKET = "market", _("Market")
    ESTATE = "estate", _("Housing estate")
    TRANSPORT = "transport", _("Transport")
    PARK = "park", _("Park")
    SCHOOL = "school", _("School")
    ENTERPRISE = "enterprise", _("Enterprise")
    OTHER = "other", _("Other")


class VenueState(models.TextChoices):
    """Life of a venue; what may follow what is in rules/venues.py."""

    PLANNED = "planned", _("Planned")
    OPEN = "open", pgettext_lazy("state of a venue", "Open")
    PAUSED = "paused", _("Paused")
    CLOSED = "closed", _("Closed for good")


class Venue(Record):
    """A centre or station that belongs to one community."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="venues")
    kind = models.CharField(max_length=8, choices=VenueKind.choices)
    station_type = models.CharField(max_length=10, choices=StationType.choices, blank=True, default="")
    name = models.CharField(max_length=100)
    address = models.CharField(max_length=200, blank=True, default="")
    lng = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    position_is_approximate = models.BooleanField(default=False)
    area_m2 = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    resident_area_m2 = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    phone = models.CharField(max_length=30, blank=True, default="")
    description = models.TextField(blank=True, default="")
    host_organisation_id = models.UUIDField(null=True, blank=True)
    host_name = models.CharField(max_length=100, blank=True, default="")
    state = models.CharField(max_length=8, choices=VenueState.choices, default=VenueState.PLANNED)
    state_note = models.CharField(max_length=300, blank=True, default="")
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    closed_on_holidays = models.BooleanField(default=False)
    is_sample = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    objects = tenant_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                name="places_venue_station_has_type",
                condition=(Q(kind="centre", station_type="") | (Q(kind="station") & ~Q(station_type=""))),
            ),
            models.CheckConstraint(
                name="places_venue_position_whole",
                condition=Q(lng__isnull=True, lat__isnull=True) | Q(lng__range=(-180, 180), lat__range=(-90, 90)),
            ),
            models.CheckConstraint(
                name="places_venue_resident_area_within",
                condition=Q(resident_area_m2__isnull=True)
                | Q(area_m2__isnull=False, resident_area_m2__lte=F("area_m2")),
            ),
            models.CheckConstraint(
                name="places_venue_area_positive", condition=Q(area_m2__isnull=True) | Q(area_m2__gt=0)
            ),
            models.CheckConstraint(
                name="places_venue_resident_area_not_negative",
                condition=Q(resident_area_m2__isnull=True) | Q(resident_area_m2__gte=0),
            ),
            models.CheckConstraint(
                name="places_venue_open_has_day",
                condition=Q(state__in=["planned", "closed"]) | Q(opened_on__isnull=False),
            ),
            models.CheckConstraint(
                name="places_venue_closed_has_day",
                condition=(Q(state="closed", closed_on__isnull=False) | (~Q(state="closed") & Q(closed_on=None))),
            ),
        ]
        indexes = [
            models.Index(fields=["community", "kind"], name="places_venue_community"),
            models.Index(fields=["lat", "lng"], name="places_venue_position"),
            models.Index(fields=["kind", "state"], name="places_venue_kind"),
        ]

    def __str__(self) -> str:
        return self.name


class VenuePeriod(Record):
    """A stretch of days in which a venue had one state in one community; counts on a past day read these."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    venue = models.ForeignKey(Venue, models.PROTECT, related_name="periods")
    state = models.CharField(max_length=8, choices=VenueState.choices)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    objects = tenant_manager()

    class Meta:
        ordering = ["valid_from", "id"]
        constraints = [
            models.CheckConstraint(
                name="places_period_until_after_from",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
            ),
            models.UniqueConstraint(
                name="places_period_one_open", fields=["venue"], condition=Q(valid_until__isnull=True)
            ),
        ]
        indexes = [models.Index(fields=["state", "valid_from"], name="places_period_state")]


class AmenityKind(Record):
    """A kind of amenity that a venue may offer; rows, so that a district can add its own."""

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=50)
    name_en = models.CharField(max_length=50, blank=True, default="")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name


class VenueAmenity(Record):
    """What a venue offers to whoever comes in: water, charging, seats."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    venue = models.ForeignKey(Venue, models.PROTECT, related_name="amenities")
    kind = models.ForeignKey(AmenityKind, models.PROTECT, related_name="+")
    count = models.PositiveIntegerField(default=1)
    note = models.CharField(max_length=100, blank=True, default="")

    objects = tenant_manager()

    class Meta:
        ordering = ["kind__position", "id"]
        constraints = [
            models.UniqueConstraint(name="places_amenity_once", fields=["venue", "kind"]),
            models.CheckConstraint(name="places_amenity_count", condition=Q(count__gt=0)),
        ]
