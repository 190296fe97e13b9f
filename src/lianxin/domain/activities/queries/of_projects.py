"""The activities that carry a project out."""

from uuid import UUID

from lianxin.domain.activities.models import Activity
from lianxin.domain.projects.models import Project
from lianxin.platform.models import kind_of


def activities_of_project(*, project: UUID) -> list[Activity]:
    """Give the activities of a project that are in scope, drafts too, the oldest first."""
    return list(Activity.objects.filter(record_kind=kind_of(Project), record_id=project).order_by("pk"))
