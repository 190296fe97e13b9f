"""How a form changes a record: fresh under lock, refused when somebody else saved meanwhile, audited by field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from lianxin.platform import locks
from lianxin.platform.commands import act
from lianxin.platform.errors import EditedMeanwhile, Invalid, Missing

from .. import policy
from ..models import Venue

R = TypeVar("R", bound=models.Model)


def locked(model: type[R], pk: UUID) -> R:
    """Give a record of the actor's communities, locked; raises Missing for any other."""
    found = locks.lock(model._default_manager.filter(pk=pk))
    if not found:
        raise Missing
    return found[0]


def require_edit_of(actor: Any, venue: UUID) -> Venue:
    """Give a venue that the actor may edit, locked; raises Missing or NotAllowed."""
    found = locked(Venue, venue)
    policy.require(policy.may_edit_venue(actor, found))
    return found


def require_version(record: Any, version: int | None) -> None:
    """Refuse when somebody else saved since the form was opened; None asks for no comparison."""
    if version is not None and record.version != version:
        raise EditedMeanwhile(
            _("Somebody else changed “%(name)s” in the meantime. Compare with what is there now, then save again.")
            % {"name": str(record)},
            current_version=record.version,
        )


def apply_changes(record: Any, values: Mapping[str, Any], *, allowed: frozenset[str]) -> dict[str, list[Any]]:
    """Set fields, and give what changed as {field: [old, new]}; raises Invalid for a field that a form may not set."""
    unknown = set(values) - allowed
    if unknown:
        raise Invalid(fields={name: [_("This cannot be changed here.")] for name in sorted(unknown)})
    change = {}
    for name, value in values.items():
        old = getattr(record, name, None)
        value = value.strip() if isinstance(value, str) else value
        if old != value:
            setattr(record, name, value)
            change[name] = [old, value]
    return change


def save_changes(record: Any, change: Mapping[str, list[Any]], *, verb: str = "changed") -> None:
    """Write changed fields, count the version up and note the change."""
    if not change:
        return
    record.version += 1
    record.save(update_fields=[*change, "version"])
    act().target(record, verb, dict(change))
