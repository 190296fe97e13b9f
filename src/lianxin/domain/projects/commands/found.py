"""Finding and locking the rows that a command acts on; what is outside the scope is missing."""

from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext_lazy

from lianxin.domain.projects.models import Edition, Project
from lianxin.domain.projects.rules import states
from lianxin.platform import locks
from lianxin.platform.errors import EditedMeanwhile, Missing, Refused


class ProjectOver(Refused):
    """The project is done or was cancelled."""

    title = gettext_lazy("This project is over and stays as it is. Enter a new one instead.")


def project(pk: UUID, version: int | None = None) -> Project:
    """Lock a project in scope; raises Missing or EditedMeanwhile."""
    row: Project | None = locks.lock_one(Project.objects.filter(pk=pk))
    if row is None:
        raise Missing
    require_version(row, version)
    return row


def open_project(pk: UUID, version: int | None = None) -> Project:
    """Lock a project that is not over; raises Missing, EditedMeanwhile or ProjectOver."""
    row = project(pk, version)
    if row.state not in states.OPEN:
        raise ProjectOver
    return row


def edition(pk: UUID, version: int | None = None) -> Edition:
    """Lock an edition in scope; raises Missing or EditedMeanwhile."""
    row: Edition | None = locks.lock_one(Edition.objects.filter(pk=pk))
    if row is None:
        raise Missing
    require_version(row, version)
    return row


def require_version(row: Any, version: int | None) -> None:
    """Refuse when somebody else saved since the form was opened; None asks for no comparison."""
    if version is not None and row.version != version:
        raise EditedMeanwhile(current_version=row.version)


def next_number(model: Any, community: UUID, **more: Any) -> int:
    """Give the next number of a community's records of one kind; others wait until this transaction ends."""
    locks.advisory(f"{model._meta.label_lower}:{community}:{more}")
    highest = model.objects.filter(community=community, **more).aggregate(highest=Max("number"))["highest"]
    return int(highest or 0) + 1
