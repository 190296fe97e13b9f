"""Opening names and numbers of those who signed up: an act of its own, so that it is known who saw them."""

from datetime import datetime
from uuid import UUID

from lianxin.domain.activities import policy
from lianxin.domain.activities.models import Occurrence
from lianxin.domain.activities.queries.sign_ups import RosterRow, roster_rows
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Missing


@command("activities.open_roster")
def open_roster(
    *, actor: Actor, occurrence: UUID, reason: str, to_call: bool = False, at: datetime
) -> tuple[list[str], list[RosterRow]]:
    """Give the questions and the lines of everybody who signed up, with names and numbers, to who runs it."""
    place = Occurrence.objects.filter(pk=occurrence).first()
    if place is None:
        raise Missing
    policy.require(policy.may_run(actor, place.community_id, place.venue_id))
    questions, rows = roster_rows(occurrence=occurrence, at=at, to_call=to_call)
    act().target(place, "names opened", {"people": [None, len(rows)]})
    act().note(reason=reason)
    return questions, rows
