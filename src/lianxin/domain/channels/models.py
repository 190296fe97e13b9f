"""What was delivered, and the texts it was made from."""

from django.db import models
from django.db.models import Q

from lianxin.platform.models.base import Record
from lianxin.platform.sensitive import SealedField


class Delivery(Record):
    """One message that left: when, by which channel, from which template; address and text are sealed."""

    message_id = models.UUIDField(unique=True)
    channel = models.CharField(max_length=20)
    address = SealedField(digest="address_digest")
    address_digest = models.CharField(max_length=64)
    template = models.CharField(max_length=60)
    template_version = models.PositiveIntegerField()
    text = SealedField()
    delivered_at = models.DateTimeField()
    back_end = models.CharField(max_length=20, default="file")

    class Meta:
        indexes = [
            models.Index(fields=["address_digest", "delivered_at"], name="channels_delivery_address"),
            models.Index(fields=["delivered_at"], name="channels_delivery_time"),
        ]


class MessageTemplate(Record):
    """A published version of a text; never changed, only followed by the next version."""

    code = models.CharField(max_length=60)
    channel = models.CharField(max_length=20)
    language = models.CharField(max_length=10, default="zh-hans")
    version = models.PositiveIntegerField()
    text = models.TextField()
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "channel", "language", "version"], name="channels_template_version"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="channels_template_not_empty"),
        ]
