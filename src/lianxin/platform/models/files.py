"""Files that people handed in."""

from django.db import models

from lianxin.platform.models.base import Record


class StoredFile(Record):
    """A file by its digest; the bytes lie under FILES_ROOT, once per digest."""

    digest = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size_bytes = models.BigIntegerField()
    purpose = models.CharField(max_length=60)
    community_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    expires_on = models.DateField(null=True, db_index=True)
