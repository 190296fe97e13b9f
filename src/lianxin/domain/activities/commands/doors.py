"""Checking in by oneself: the code that hangs at the door today, scanned with one's own phone."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.activities.commands.arriving import Came
from lianxin.domain.activities.commands.attendance import note
from lianxin.domain.activities.models import Attendance, Occurrence
from lianxin.domain.activities.queries.doors import (
    DoorCodeOver,
)
from lianxin.domain.activities.rules import door_codes
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import command
from lianxin.platform.errors import Invalid, Missing


@command("activities.scan_door")
def scan_door(
    *,
    actor: Actor,
    code: str,
    occurrence: UUID,
    people: Sequence[UUID] = (),
    sign_up: UUID | None = None,
    token: str = "",
    at: datetime,
    key: UUID | None = None,
) -> list[Attendance]:
    """Check oneself and one's own in with the door's code, all who are named or none.

    A guest names the sign-up, with the ticket's private word or its six digits as `token`. Raises Missing for a code
    that was not made here, DoorCodeOver for one of another day, and what `check_in` raises.
    """
    require_code(code, occurrence=occurrence, at=at)
    came = [Came(how=Attendance.How.VENUE_CODE, came_at=at, person=one) for one in dict.fromkeys(people)]
    if sign_up is not None:
        came.append(Came(how=Attendance.How.VENUE_CODE, came_at=at, sign_up=sign_up, token=token))
    if not came:
        raise Invalid(fields={"people": [_("Say who is here.")]})
    outcomes = note(actor=actor, occurrence=occurrence, came=came, at=at)
    for one in outcomes:
        if one.refusal is not None:
            raise one.refusal
    return [one.attendance for one in outcomes if one.attendance is not None]


def require_code(code: str, *, occurrence: UUID, at: datetime) -> None:
    """Raise unless a code opens the door of this date now."""
    read = door_codes.read(code)
    if read is None:
        raise Missing(_("This code was not made here. Please scan the one at the door."))
    with scope.everything():
        row = Occurrence.objects.filter(pk=occurrence).only("venue_id", "starts_at").first()
    if row is None or read.record != (row.pk if read.kind == door_codes.OCCURRENCE else row.venue_id):
        raise Missing(_("This code belongs to another activity. Please scan the one at the door."))
    days = {local_day(row.starts_at)} if read.kind == door_codes.OCCURRENCE else {local_day(at)}
    if read.on not in days or read.on < local_day(at) - timedelta(days=1):
        raise DoorCodeOver(_("This code was for another day. Please scan the one that hangs at the door today."))
