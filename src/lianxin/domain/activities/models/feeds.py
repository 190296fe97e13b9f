"""Private addresses of calendars."""

from django.db import models
from django.db.models import Q

from lianxin.platform import scope
from lianxin.platform.models.base import Record


class FeedLink(Record):
    """The private address of one person's calendar; only a digest of its token is kept."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    token_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(revoked_at__isnull=True), name="activities_feed_one")
        ]
