"""The picture of a project's public page, and of the activities that are drafted from it: sent in, taken out."""

from datetime import datetime
from uuid import UUID

from lianxin.domain.projects import policy
from lianxin.domain.projects.commands import found
from lianxin.domain.projects.models import Project
from lianxin.platform import files
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command

PURPOSE = "projects.picture"
PICTURE_BYTES = 5 * 1_048_576


@command("projects.put_picture")
def put_picture(*, actor: Actor, project: UUID, fileobj: files.Readable, name: str, at: datetime) -> Project:
    """Show a picture of a project from now on, instead of the one before; its metadata is removed."""
    row = _project(actor, project)
    stored = files.store(
        fileobj=fileobj, name=name, purpose=PURPOSE, limit_bytes=PICTURE_BYTES, community_id=row.community_id, at=at
    )
    return _show(row, stored.pk)


@command("projects.remove_picture")
def remove_picture(*, actor: Actor, project: UUID, at: datetime, key: UUID | None = None) -> Project:
    """Show no picture of a project any more; the file stays as long as an activity shows it."""
    row = _project(actor, project)
    return row if row.picture_id is None else _show(row, None)


def _project(actor: Actor, pk: UUID) -> Project:
    row = found.open_project(pk)
    policy.require(policy.may_plan(actor, row.community_id))
    return row


def _show(row: Project, picture: UUID | None) -> Project:
    act().target(row, "picture changed", {"picture": [row.picture_id is not None, picture is not None]})
    row.picture_id = picture
    row.version += 1
    row.save(update_fields=["picture_id", "version"])
    return row
