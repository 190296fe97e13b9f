"""Finding a matter or meeting to act on: the matter is locked first, always, so that its acts follow one another."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy

from lianxin.domain.voice import policy
from lianxin.domain.voice.commands import found
from lianxin.domain.voice.models import Matter, Meeting
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing, Refused


class MatterOver(Refused):
    """The matter was ended or rests."""

    title = gettext_lazy("This matter is not being talked over now. Take it up again first.")


class MeetingOver(Refused):
    """The meeting was closed or called off."""

    title = gettext_lazy("This meeting is closed or was called off. It stays as it is.")


class MinutesStand(Refused):
    """What the minutes tell cannot change once they were read back."""

    title = gettext_lazy("The minutes were read back. Change them first; then they are read back again.")


def matter(actor: Actor, pk: UUID, *, version: int | None = None) -> Matter:
    """Lock a matter that the actor keeps; raises Missing, NotAllowed or EditedMeanwhile."""
    row: Matter = found.locked(Matter, pk, version=version)
    policy.require(policy.may_keep(actor, row.community_id))
    return row


def going_on(actor: Actor, pk: UUID, *, version: int | None = None) -> Matter:
    """Lock a matter that is open or being carried out; raises MatterOver too."""
    row = matter(actor, pk, version=version)
    if row.state not in (Matter.State.OPEN, Matter.State.AGREED):
        raise MatterOver
    return row


def meeting(actor: Actor, pk: UUID, *, version: int | None = None) -> tuple[Meeting, Matter]:
    """Lock a meeting and its matter, the matter first; raises Missing, NotAllowed or EditedMeanwhile."""
    of = Meeting.objects.filter(pk=pk).values_list("matter_id", flat=True).first()
    if of is None:
        raise Missing
    above = matter(actor, of)
    row: Meeting = found.locked(Meeting, pk, version=version)
    return row, above


def live(actor: Actor, pk: UUID, *, version: int | None = None) -> tuple[Meeting, Matter]:
    """Lock a meeting that is called or being held; raises MeetingOver too."""
    row, above = meeting(actor, pk, version=version)
    if row.state not in (Meeting.State.PLANNED, Meeting.State.HELD):
        raise MeetingOver
    return row, above


def open_for_facts(actor: Actor, pk: UUID) -> tuple[Meeting, Matter]:
    """Lock a meeting of which something may still be entered; raises MinutesStand too."""
    row, above = live(actor, pk)
    if row.minutes_state in (Meeting.Minutes.READ_BACK, Meeting.Minutes.SIGNED):
        raise MinutesStand
    return row, above
