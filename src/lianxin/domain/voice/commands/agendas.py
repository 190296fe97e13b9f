"""The agenda of a meeting: points added, ordered and dealt with; commitments return onto it by themselves."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.voice import policy
from lianxin.domain.voice.commands import sittings
from lianxin.domain.voice.models import AgendaItem, Commitment, Matter, Meeting, Resolution, Speech
from lianxin.domain.voice.rules import agendas as rules
from lianxin.domain.voice.rules import commitments as promises
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused

State = AgendaItem.State
LONGEST = {"title": 120, "words": 500, "outcome": 1000}


class CommitmentStays(Refused):
    """An open commitment cannot be taken off an agenda."""

    title = gettext_lazy("An open commitment stays on the agenda until it is kept, released or broken.")


class AlreadyOnAgenda(Refused):
    """The same point twice."""

    title = gettext_lazy("This point is on the agenda already.")


class NotBegun(Refused):
    """What can be done only in a meeting that has begun."""

    title = gettext_lazy("Begin the meeting first.")


@command("voice.add_agenda_item")
def add(
    *, actor: Actor, meeting: UUID, title: str, words: str = "", at: datetime, key: UUID | None = None
) -> AgendaItem:
    """Put a point onto the agenda, at its end; raises Invalid, AlreadyOnAgenda, MinutesStand or Missing."""
    row, _matter = sittings.open_for_facts(actor, meeting)
    item = put(row, title=title, words=words)
    act().target(item, "added", {"title": [None, item.title]})
    return item


@command("voice.move_agenda_item")
def move(*, actor: Actor, item: UUID, up: bool, at: datetime, key: UUID | None = None) -> AgendaItem:
    """Bring a point one place up or down; the first and the last stay where they are."""
    row, meeting = _item(actor, item)
    others = AgendaItem.objects.filter(meeting=meeting)
    beside = (
        others.filter(position__lt=row.position).order_by("-position").first()
        if up
        else others.filter(position__gt=row.position).order_by("position").first()
    )
    if beside is None:
        return row
    was, becomes = row.position, beside.position
    # Two points never share a place, not even for a moment.
    for one, place in ((row, _last(meeting) + 1), (beside, was), (row, becomes)):
        one.position = place
        one.save(update_fields=["position"])
    act().target(row, "moved", {"position": [was, becomes]})
    return row


@command("voice.deal_with_agenda_item")
def deal(*, actor: Actor, item: UUID, outcome: str = "", at: datetime, key: UUID | None = None) -> AgendaItem:
    """Say that a point was dealt with, and what came of it; an open commitment still returns next time."""
    row, meeting = _item(actor, item)
    if meeting.state != Meeting.State.HELD:
        raise NotBegun
    words = _measured("outcome", outcome)
    before, row.state, row.outcome = row.state, State.DEALT, words
    row.save(update_fields=["state", "outcome"])
    act().target(row, "dealt with", {"state": [before, State.DEALT]})
    return row


@command("voice.remove_agenda_item")
def remove(*, actor: Actor, item: UUID, at: datetime, key: UUID | None = None) -> Meeting:
    """Take a point off an agenda of which nothing was said yet; raises CommitmentStays or Refused."""
    row, meeting = _item(actor, item)
    if row.commitment_id is not None:
        raise CommitmentStays
    if Speech.objects.filter(item=row).exists() or Resolution.objects.filter(item=row).exists():
        raise Refused(_("Something was said or proposed on this point. It stays."))
    act().target(meeting, "point taken off", {"title": [row.title, None]})
    row.delete()
    return meeting


def put(row: Meeting, *, title: str, words: str = "") -> AgendaItem:
    """Write a point at the end of a meeting's agenda, inside a command."""
    name = _measured("title", title)
    if not name:
        raise Invalid(fields={"title": [_("Write what shall be talked over.")]})
    more = _measured("words", words)
    if AgendaItem.objects.filter(meeting=row, title=name, commitment=None).exists():
        raise AlreadyOnAgenda
    return AgendaItem.objects.create(
        community_id=row.community_id, meeting=row, position=_last(row) + 1, title=name, words=more
    )


def bring(matter: Matter) -> None:
    """Bring each open commitment of a locked matter onto the next called meeting's agenda once, and left points too."""
    called = list(Meeting.objects.filter(matter=matter, state=Meeting.State.PLANNED))
    points = AgendaItem.objects.filter(meeting__in=called, commitment__isnull=False)
    live = list(Commitment.objects.filter(matter=matter, state__in=promises.LIVE).order_by("due_by", "number"))
    there, moves = rules.return_commitments(
        meetings=[rules.Called(one.pk, one.starts_at, one.number) for one in called],
        points=[
            rules.Returning(*one) for one in points.order_by("pk").values_list("pk", "meeting_id", "commitment_id")
        ],
        open_ones=[one.pk for one in live],
    )
    if moves.off:
        Resolution.objects.filter(item__in=moves.off).update(item=None)
        AgendaItem.objects.filter(pk__in=moves.off).delete()
    _settle(matter)
    meeting = next((one for one in called if one.pk == there), None)
    if meeting is None:
        return
    wanted = {one.pk: one for one in live}
    place = _last(meeting)
    for step, pk in enumerate(moves.on, 1):
        one = wanted[pk]
        AgendaItem.objects.create(
            community_id=meeting.community_id,
            meeting=meeting,
            position=place + step,
            title=_title_of(one),
            commitment=one,
        )
    for point in rules.left_over(_points(matter)):
        if not AgendaItem.objects.filter(meeting=meeting, title=point.title, commitment=None).exists():
            put(meeting, title=point.title, words=point.words)


def put_off(row: Meeting) -> None:
    """Say of each point that was not dealt with that it goes on to the next meeting, inside a command."""
    AgendaItem.objects.filter(meeting=row, state=State.OPEN).update(state=State.MOVED)


def _settle(matter: Matter) -> None:
    """In a running meeting, what ended meanwhile needs no more talking over."""
    ended = AgendaItem.objects.filter(
        meeting__matter=matter,
        meeting__state=Meeting.State.HELD,
        state=State.OPEN,
        commitment__state__in=promises.ENDED,
    ).select_related("commitment")
    for item in ended:
        item.state = State.DEALT
        item.outcome = item.commitment.get_state_display() if item.commitment is not None else ""
        item.save(update_fields=["state", "outcome"])


def _title_of(one: Commitment) -> str:
    return f"{one.owner_name}：{one.words}"[: LONGEST["title"]]


def _points(matter: Matter) -> list[rules.Point]:
    rows = AgendaItem.objects.filter(meeting__matter=matter, commitment=None).order_by("pk")
    told = rows.values_list("title", "words", "state", "meeting__starts_at", "meeting__number")
    return [rules.Point(*one, order=order) for order, one in enumerate(told)]


def _last(meeting: Meeting) -> int:
    return AgendaItem.objects.filter(meeting=meeting).aggregate(last=Max("position"))["last"] or 0


def _item(actor: Actor, pk: UUID) -> tuple[AgendaItem, Meeting]:
    meeting = AgendaItem.objects.filter(pk=pk).values_list("meeting_id", flat=True).first()
    if meeting is None:
        raise Missing
    row, _matter = sittings.open_for_facts(actor, meeting)
    policy.require(policy.may_keep(actor, row.community_id))
    item = AgendaItem.objects.filter(pk=pk).first()
    if item is None:
        raise Missing
    return item, row


def _measured(name: str, text: str) -> str:
    words = " ".join(text.split())
    if len(words) > LONGEST[name]:
        raise Invalid(fields={name: [_("At most %(most)d characters.") % {"most": LONGEST[name]}]})
    return words
