"""Who may open the pages of deliberation; for everybody else they do not exist."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from lianxin.domain.voice import policy
from lianxin.domain.voice.models import AgendaItem, Commitment, Invitation, Matter, Meeting, Party, Resolution, Speech
from lianxin.domain.voice.queries import commitments, matters, meetings
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing

from ..access import PRESS, READ, SEND, View, guard


def open_matter(actor: Actor, matter: UUID) -> Matter:
    """Open a matter in scope; raises Missing."""
    with scope.within(actor.communities):
        return matters.find_matter(actor=actor, matter=matter)


def open_side(actor: Actor, side: UUID, matter: UUID) -> Party:
    """Open a side of a matter in scope; raises Missing."""
    with scope.within(actor.communities):
        row = matters.find_party(actor=actor, party=side)
    if row.matter_id != matter:
        raise Missing
    return row


def open_meeting(actor: Actor, meeting: UUID) -> Meeting:
    """Open a meeting in scope; raises Missing."""
    with scope.within(actor.communities):
        return meetings.find_meeting(actor=actor, meeting=meeting)


def open_part(actor: Actor, name: str, pk: UUID, meeting: UUID) -> Invitation | AgendaItem | Resolution | Speech:
    """Open what belongs to a meeting in scope; raises Missing."""
    find: Any = {
        "invited": lambda: meetings.find_invitation(actor=actor, invitation=pk),
        "agenda_item": lambda: meetings.find_item(actor=actor, item=pk),
        "resolution": lambda: meetings.find_resolution(actor=actor, resolution=pk),
        "speech": lambda: meetings.find_speech(actor=actor, speech=pk),
    }[name]
    with scope.within(actor.communities):
        row: Any = find()
    if row.meeting_id != meeting:
        raise Missing
    return row  # type: ignore[no-any-return]


def open_commitment(actor: Actor, commitment: UUID) -> Commitment:
    """Open a commitment in scope; raises Missing."""
    with scope.within(actor.communities):
        return commitments.find_commitment(actor=actor, commitment=commitment)


def _there(actor: Actor, named: dict[str, Any]) -> None:
    """Find what an address names among what the actor may open; raises Missing."""
    if "matter" in named:
        open_matter(actor, named["matter"])
    if "side" in named:
        open_side(actor, named["side"], named["matter"])
    if "meeting" in named:
        open_meeting(actor, named["meeting"])
    if "commitment" in named:
        open_commitment(actor, named["commitment"])
    for name in ("invited", "agenda_item", "resolution", "speech"):
        if name in named:
            open_part(actor, name, named[name], named["meeting"])


def reading(view: View) -> View:
    """Let the offices read a page."""
    return guard(READ, seen_by=policy.may_read_any)(view)


def keeping(view: View) -> View:
    """Let those who keep matters open and send a form."""
    return guard(SEND, seen_by=policy.may_read_any, allowed=policy.may_keep_any, there=_there)(view)


def keeper_reads(view: View) -> View:
    """Let those who keep matters take a paper with names on it."""
    return guard(READ, seen_by=policy.may_read_any, allowed=policy.may_keep_any, there=_there)(view)


def keeper_presses(view: View) -> View:
    """Take a button from those who keep matters."""
    return guard(PRESS, seen_by=policy.may_read_any, allowed=policy.may_keep_any, there=_there)(view)
