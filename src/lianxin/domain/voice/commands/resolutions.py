"""What people say at a meeting, and what it decides; below its quorum it decides nothing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.voice.commands import found, sittings
from lianxin.domain.voice.commands.agendas import NotBegun
from lianxin.domain.voice.commands.attendance import NotThere
from lianxin.domain.voice.models import AgendaItem, Invitation, Meeting, Resolution, Speech, Vote
from lianxin.domain.voice.rules import quorums
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused

State = Resolution.State
LONGEST = 1_000


class NoQuorum(Refused):
    """Too few are there to decide."""

    title = gettext_lazy("Too few people are there to decide. Talk it over, and decide it next time.")

    def __init__(self, *, present: int | None = None, quorum: int | None = None) -> None:
        told = ""
        if present is not None and quorum is not None:
            words = _("%(present)d of the %(quorum)d people needed are there. Talk it over, and decide it next time.")
            told = words % {"present": present, "quorum": quorum}
        super().__init__(told)


class Decided(Refused):
    """It was decided before."""

    title = gettext_lazy("This was decided already.")


@command("voice.note_speech")
def say(
    *,
    actor: Actor,
    meeting: UUID,
    invitation: UUID,
    words: str,
    item: UUID | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Speech:
    """Write down in short what somebody said, to a point of the agenda or in general."""
    row = _begun(actor, meeting)
    speaker = Invitation.objects.filter(pk=invitation, meeting=row).first()
    if speaker is None:
        raise Missing
    if speaker.came_at is None:
        raise NotThere
    last = Speech.objects.filter(meeting=row).aggregate(last=Max("position"))["last"] or 0
    made = Speech.objects.create(
        community_id=row.community_id,
        meeting=row,
        item=_item(row, item),
        invitation=speaker,
        position=last + 1,
        words=_measured(words, _("Write what was said.")),
    )
    act().target(made, "noted", {})
    return made


@command("voice.drop_speech")
def unsay(*, actor: Actor, speech: UUID, at: datetime, key: UUID | None = None) -> Meeting:
    """Take out what was noted wrongly, while the minutes are not read back."""
    of = Speech.objects.filter(pk=speech).values_list("meeting_id", flat=True).first()
    if of is None:
        raise Missing
    row = _begun(actor, of)
    Speech.objects.filter(pk=speech).delete()
    act().target(row, "entry taken back", {})
    return row


@command("voice.propose_resolution")
def propose(
    *, actor: Actor, meeting: UUID, words: str, item: UUID | None = None, at: datetime, key: UUID | None = None
) -> Resolution:
    """Write down what shall be decided, before or at the meeting."""
    row, _matter = sittings.open_for_facts(actor, meeting)
    last = Resolution.objects.filter(meeting=row).aggregate(last=Max("number"))["last"] or 0
    made = Resolution.objects.create(
        community_id=row.community_id,
        meeting=row,
        item=_item(row, item),
        number=last + 1,
        words=_measured(words, _("Write what shall be decided.")),
    )
    act().target(made, "proposed", {"number": [None, made.number]})
    return made


@command("voice.decide_resolution")
def decide(
    *,
    actor: Actor,
    resolution: UUID,
    state: str,
    vote: UUID | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Resolution:
    """Say what became of a proposal; raises NoQuorum where too few are there to pass or reject it."""
    of = Resolution.objects.filter(pk=resolution).values_list("meeting_id", flat=True).first()
    if of is None:
        raise Missing
    row = _begun(actor, of)
    one: Resolution = found.locked(Resolution, resolution)
    if state not in (State.PASSED, State.REJECTED, State.WITHDRAWN):
        raise Invalid(fields={"state": [_("Choose what was decided.")]})
    if one.state != State.PROPOSED:
        raise Decided
    moment = min(at, row.ended_at) if row.ended_at else at
    if state != State.WITHDRAWN:
        present = quorums.present_at(stays_of(row), moment)
        if quorums.is_short(row.quorum, present):
            raise NoQuorum(present=present, quorum=row.quorum)
    if vote is not None and not Vote.objects.filter(pk=vote, matter=row.matter_id).exists():
        raise Missing
    one.state, one.vote_id, one.decided_at = state, vote, moment
    one.save(update_fields=["state", "vote", "decided_at"])
    act().target(one, "decided", {"state": [State.PROPOSED, state]})
    return one


def stays_of(row: Meeting) -> list[quorums.Stay]:
    """Give when the people of a meeting came and left."""
    rows = Invitation.objects.filter(meeting=row).values_list("role", "came_at", "left_at")
    return [quorums.Stay(*one) for one in rows]


def require_quorum(row: Meeting) -> None:
    """Refuse decisions that were made when too few were there, as it now stands written; raises NoQuorum."""
    decided = Resolution.objects.filter(meeting=row, state__in=[State.PASSED, State.REJECTED])
    stays = stays_of(row)
    moments = [one for one in decided.order_by("decided_at").values_list("decided_at", flat=True) if one is not None]
    short = quorums.too_few_at(row.quorum, stays, moments)
    if short:
        raise NoQuorum(present=quorums.present_at(stays, short[0]), quorum=row.quorum)


def _begun(actor: Actor, pk: UUID) -> Meeting:
    row, _matter = sittings.open_for_facts(actor, pk)
    if row.state != Meeting.State.HELD:
        raise NotBegun
    return row


def _item(row: Meeting, pk: UUID | None) -> AgendaItem | None:
    if pk is None:
        return None
    item = AgendaItem.objects.filter(pk=pk, meeting=row).first()
    if item is None:
        raise Missing
    return item


def _measured(text: str, empty: str) -> str:
    words = " ".join(text.split())
    if not words:
        raise Invalid(fields={"words": [empty]})
    if len(words) > LONGEST:
        raise Invalid(fields={"words": [_("At most %(most)d characters.") % {"most": LONGEST}]})
    return words
