"""Other programs that bring cases by Open311: let in with a key that is shown once, and ended."""

from django.db import models
from django.db.models import F, Q

from lianxin.platform.models.base import Record


class Program(Record):
    """A program that may post requests; reading what is public needs no key."""

    name = models.CharField(max_length=60)
    # Whom to ask when it misbehaves: an office or a firm, and how to reach it.
    contact = models.CharField(max_length=120)
    # SHA-256 of a key with 130 random bits.
    key_digest = models.CharField(max_length=64, unique=True)
    made_by = models.UUIDField(null=True, blank=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(contact=""), name="voice_program_named"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="voice_program_expires"),
        ]
