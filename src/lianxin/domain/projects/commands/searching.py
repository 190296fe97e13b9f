"""Keeping projects findable."""

from collections.abc import Iterator

from lianxin.domain.projects.models import Project
from lianxin.domain.projects.rules import states
from lianxin.platform import search
from lianxin.platform.commands import act

PROJECT = "project"


def index_project(row: Project) -> None:
    """Make a project findable by what it is called now, inside the running command."""
    if row.state == Project.State.CANCELLED:
        search.drop(PROJECT, [row.pk])
    else:
        search.put([_entry(row)], at=act().at)


def entries() -> Iterator[search.Entry]:
    """Give the search entries of all projects in scope."""
    rows = Project.objects.exclude(state=Project.State.CANCELLED).select_related("category").order_by("pk")
    for row in rows.iterator(chunk_size=500):
        yield _entry(row)


def _entry(row: Project) -> search.Entry:
    return search.Entry(
        kind=PROJECT,
        record_id=row.pk,
        community_id=row.community_id,
        title=row.title,
        detail=row.category.name,
        words=(row.category.name,),
        public=row.state in states.PUBLIC,
        url_name="staff:project",
    )
