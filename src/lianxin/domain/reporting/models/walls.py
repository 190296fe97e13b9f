"""Addresses of wall screens: made by an office, good for figures without names, and ended."""

from django.db import models
from django.db.models import F, Q

from lianxin.platform.models.base import Record


class Wall(Record):
    """A screen on a wall; whoever has its address reads the figures of one place, and nothing else."""

    name = models.CharField(max_length=60)
    # None: the whole district; at a city or province a district, and None for everything.
    subdistrict = models.ForeignKey("places.Division", models.PROTECT, null=True, blank=True, related_name="+")
    # SHA-256 of a token with 130 random bits.
    token_digest = models.CharField(max_length=64, unique=True)
    made_by = models.UUIDField(null=True, blank=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="reporting_wall_named"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="reporting_wall_expires"),
        ]
