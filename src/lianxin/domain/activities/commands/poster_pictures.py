"""The picture of an activity's poster and page: sent in, taken out."""

from datetime import datetime
from uuid import UUID

from django.db.models import F

from lianxin.domain.activities import policy
from lianxin.domain.activities.commands import found
from lianxin.domain.activities.models import Activity, Occurrence
from lianxin.domain.activities.rules import plans
from lianxin.platform import files
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command

PURPOSE = "activities.poster"
PICTURE_BYTES = 5 * 1_048_576


@command("activities.put_poster_picture")
def put_poster_picture(*, actor: Actor, activity: UUID, fileobj: files.Readable, name: str, at: datetime) -> Activity:
    """Show a picture of an activity from now on, instead of the one before; its metadata is removed."""
    row = _activity(actor, activity)
    stored = files.store(
        fileobj=fileobj,
        name=name,
        purpose=PURPOSE,
        limit_bytes=PICTURE_BYTES,
        community_id=row.community_id,
        at=at,
    )
    return _show(row, stored.pk, at)


@command("activities.remove_poster_picture")
def remove_poster_picture(*, actor: Actor, activity: UUID, at: datetime, key: UUID | None = None) -> Activity:
    """Show no picture of an activity any more."""
    row = _activity(actor, activity)
    return row if row.picture_id is None else _show(row, None, at)


def _activity(actor: Actor, pk: UUID) -> Activity:
    row = found.living_activity(pk)
    policy.require(policy.may_propose(actor, row.community_id, plans.read(row.plan).venue))
    if row.state != Activity.State.DRAFT:
        policy.require(policy.may_plan(actor, row.community_id))
    return row


def _show(row: Activity, picture: UUID | None, at: datetime) -> Activity:
    act().target(row, "picture changed", {"picture": [row.picture_id is not None, picture is not None]})
    row.picture_id = picture
    row.version += 1
    row.save(update_fields=["picture_id", "version"])
    # Public pages that are kept ready know by the version that they changed.
    Occurrence.objects.filter(activity=row, state=Occurrence.State.PUBLISHED).update(
        changed_at=at, version=F("version") + 1
    )
    return row
