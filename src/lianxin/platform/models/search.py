"""The one search table."""

from django.db import models
from django.db.models.functions import Now


class SearchDoc(models.Model):
    """What a search finds: one row per record, with its tokens and where a click leads."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=40)
    record_id = models.UUIDField()
    community_id = models.UUIDField(null=True)
    title = models.CharField(max_length=200)
    detail = models.CharField(max_length=300, default="")
    url_name = models.CharField(max_length=100, default="")
    public = models.BooleanField(default=False)
    tokens = models.TextField()
    weight = models.SmallIntegerField(default=0)
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "record_id"], name="searchdoc_kind_record")]
