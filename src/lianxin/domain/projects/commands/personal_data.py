"""What projects hold about one person: given out and erased."""

from datetime import datetime
from typing import Any
from uuid import UUID

from lianxin.domain.projects.models import OutcomePerson
from lianxin.platform import scope
from lianxin.platform.actors import Actor


def export_rows(person: UUID) -> dict[str, Any]:
    """Give what projects hold about a person: which ones they came to, and when."""
    with scope.everything():
        rows = OutcomePerson.objects.filter(person=person).select_related("project").order_by("on", "pk")
        return {
            "projects": [
                {"what": row.project.title, "on": row.on.isoformat(), "undone": row.undone_at is not None}
                for row in rows
            ]
        }


def erase_rows(person: UUID, actor: Actor, at: datetime) -> list[str]:
    """Forget who came; that somebody came stays, since a project's figures rest on it."""
    with scope.everything():
        OutcomePerson.objects.filter(person=person).update(person=None, household=None)
    return []
