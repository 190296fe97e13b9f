"""What every table has."""

from django.db import models

from lianxin.platform.ids import new_id


class Record(models.Model):
    """A row with a UUIDv7 of its own."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True


def kind_of(record: models.Model | type[models.Model]) -> str:
    """Give the name under which a record is referred to across modules: `app.model`."""
    return record._meta.label_lower
