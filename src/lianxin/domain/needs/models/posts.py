"""Anonymous posts: only so much that limits can be kept, and only for a day."""

from django.db import models

from lianxin.platform.models.base import Record


class AnonymousPost(Record):
    """That somebody without a name wrote from a network; nothing ties it to what was said."""

    address_digest = models.CharField(max_length=64)
    posted_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(name="needs_post_by_address", fields=["address_digest", "posted_at"]),
            models.Index(name="needs_post_by_time", fields=["posted_at"]),
        ]
