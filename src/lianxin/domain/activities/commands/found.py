"""Finding and locking the rows that a command acts on; what is outside the scope is missing."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy

from lianxin.domain.activities.models import Activity, Occurrence
from lianxin.platform import locks
from lianxin.platform.errors import EditedMeanwhile, Missing, Refused


class ActivityOver(Refused):
    """The activity has ended or was called off."""

    title = gettext_lazy("This activity is over. Copy it to hold it again.")


class DateOver(Refused):
    """The date took place, or was called off."""

    title = gettext_lazy("This date is over and stays as it was.")


def activity(pk: UUID) -> Activity:
    """Lock an activity in scope; raises Missing."""
    row: Activity | None = locks.lock_one(Activity.objects.filter(pk=pk))
    if row is None:
        raise Missing
    return row


def living_activity(pk: UUID, version: int | None = None) -> Activity:
    """Lock an activity that has not ended; raises Missing, EditedMeanwhile or ActivityOver."""
    row = activity(pk)
    require_version(row, version)
    if row.state in (Activity.State.ENDED, Activity.State.CANCELLED):
        raise ActivityOver
    return row


def occurrence(pk: UUID) -> Occurrence:
    """Lock an occurrence in scope, with its activity beside it; raises Missing."""
    row: Occurrence | None = locks.lock_one(Occurrence.objects.filter(pk=pk).select_related("activity"))
    if row is None:
        raise Missing
    return row


def unlocked_occurrence(pk: UUID) -> Occurrence:
    """Give an occurrence in scope without a lock: rooms are locked before it; raises Missing."""
    row = Occurrence.objects.filter(pk=pk).first()
    if row is None:
        raise Missing
    return row


def require_version(row: Any, version: int | None) -> None:
    """Refuse when somebody else saved since the form was opened; None asks for no comparison."""
    if version is not None and row.version != version:
        raise EditedMeanwhile(current_version=row.version)
