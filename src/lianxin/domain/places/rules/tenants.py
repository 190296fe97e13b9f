"""Which rows of this module belong to another record, and which say where something happened."""

from __future__ import annotations

from django.db import models

# These rows keep the community of the day on which they happened, whatever becomes of their venue.
HISTORY_NAMES = frozenset({"openinglog", "upgradestage", "venueperiod", "visitcount"})


def has_community(model: type[models.Model]) -> bool:
    """Tell whether rows of a table belong to a community."""
    return any(field.name == "community" for field in model._meta.fields)


def is_history(model: type[models.Model]) -> bool:
    """Tell whether rows of a table say where something happened."""
    return model._meta.model_name in HISTORY_NAMES


def owner_field(model: type[models.Model]) -> models.ForeignKey | None:
    """Give the foreign key to the record that a row is part of: the first one to a record that has a community."""
    for field in model._meta.fields:
        if (
            isinstance(field, models.ForeignKey)
            and not field.null
            and field.related_model is not model
            and has_community(field.related_model)
        ):
            return field
    return None
