"""Meetings: called with room and agenda, moved, called off, begun, ended and closed with their minutes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from lianxin.domain.bookings.commands import bookings
from lianxin.domain.places.models import Room
from lianxin.domain.voice.commands import agendas, attendance, matter_duties, resolutions, sittings
from lianxin.domain.voice.commands.agendas import NotBegun
from lianxin.domain.voice.commands.attendance import Guest
from lianxin.domain.voice.commands.minutes import MinutesMissing
from lianxin.domain.voice.models import Invitation, Matter, Meeting, Party
from lianxin.domain.voice.rules import quorums
from lianxin.platform import facts
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Refused

State, Minutes = Meeting.State, Meeting.Minutes
BOOKED_FOR = "voice.meeting"
HELD = "meetings_held"
LASTS = timedelta(hours=2)
LONGEST_STAY = timedelta(hours=12)
# A meeting that was held without having been called here is written down afterwards.
AFTERWARDS = timedelta(days=60)
FARTHEST = timedelta(days=366)
LONGEST = {"title": 80, "place_words": 80, "words": 300, "public_words": 500, "name": 40}


@command("voice.call_meeting")
def call(
    *,
    actor: Actor,
    matter: UUID,
    starts_at: datetime,
    ends_at: datetime | None = None,
    title: str = "",
    room: UUID | None = None,
    place_words: str = "",
    quorum: int | None = None,
    chair_name: str = "",
    clerk_name: str = "",
    items: Sequence[str] = (),
    guests: Sequence[Guest] = (),
    is_sample: bool = False,
    at: datetime,
    key: UUID | None = None,
) -> Meeting:
    """Call a meeting: its room is booked, who speaks for each side is asked, and open commitments come onto its agenda.

    Raises Invalid, MatterOver, RoomTaken, NotAllowed or Missing.
    """
    above = sittings.going_on(actor, matter)
    _check_time(starts_at, ends_at, at=at)
    last = Meeting.objects.filter(matter=above).aggregate(last=Max("number"))["last"] or 0
    row = Meeting(
        community_id=above.community_id,
        matter=above,
        number=last + 1,
        starts_at=starts_at,
        is_sample=is_sample,
        **_head(title, place_words, quorum, chair_name, clerk_name),
    )
    row.save(force_insert=True)
    _book(row, room, ends_at, actor=actor, at=at)
    agendas.bring(above)
    for words in items:
        if words.strip():
            agendas.put(row, title=words)
    attendance.ask(row, [*_speakers(above, guests), *_officers(row, guests), *guests], at=at)
    matter_duties.look_at_meeting(row, title=above.title)
    act().target(row, "called", {"starts_at": [None, starts_at]})
    return row


@command("voice.change_meeting")
def change(
    *,
    actor: Actor,
    meeting: UUID,
    starts_at: datetime,
    ends_at: datetime | None = None,
    title: str = "",
    room: UUID | None = None,
    place_words: str = "",
    quorum: int | None = None,
    chair_name: str = "",
    clerk_name: str = "",
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Meeting:
    """Move a called meeting or change what it says; its room is booked anew, and its agenda follows."""
    row, above = sittings.live(actor, meeting, version=version)
    if row.state != State.PLANNED:
        raise Refused(_("The meeting has begun. It stays where it is."))
    _check_time(starts_at, ends_at, at=at)
    was = (row.starts_at, row.room_id)
    for field, value in _head(title, place_words, quorum, chair_name, clerk_name).items():
        setattr(row, field, value)
    row.starts_at = starts_at
    row.version += 1
    row.save()
    if was != (starts_at, room) or ends_at is not None:
        _give_back(row, actor=actor, at=at)
        _book(row, room, ends_at, actor=actor, at=at)
    agendas.bring(above)
    matter_duties.look_at_meeting(row, title=above.title)
    if row.room_id or row.place_words:
        matter_duties.close_place(row)
    act().target(row, "changed", {"starts_at": [was[0], starts_at]})
    return row


@command("voice.cancel_meeting")
def cancel(
    *, actor: Actor, meeting: UUID, words: str, version: int | None = None, at: datetime, key: UUID | None = None
) -> Meeting:
    """Call a meeting off, with the reason; its points and open commitments go to the next one."""
    row, above = sittings.live(actor, meeting, version=version)
    if row.state != State.PLANNED:
        raise Refused(_("The meeting has begun. Write its minutes and close it."))
    row.state_words = _measured("words", words)
    if not row.state_words:
        raise Invalid(fields={"words": [_("Say why it is called off.")]})
    _give_back(row, actor=actor, at=at)
    row.state = State.CANCELLED
    _save(row, above, "called off", State.PLANNED, "state_words", "room", "booking_id")
    agendas.put_off(row)
    agendas.bring(above)
    act().note(reason=row.state_words)
    return row


@command("voice.start_meeting")
def start(*, actor: Actor, meeting: UUID, at: datetime, key: UUID | None = None) -> Meeting:
    """Begin a meeting on its day; from now on who speaks, what is decided and promised is entered."""
    row, above = sittings.live(actor, meeting)
    if row.state == State.HELD:
        return row
    attendance.require_day(row, at)
    row.state = State.HELD
    _save(row, above, "begun", State.PLANNED)
    agendas.bring(above)
    return row


@command("voice.end_meeting")
def end(
    *, actor: Actor, meeting: UUID, ended_at: datetime | None = None, at: datetime, key: UUID | None = None
) -> Meeting:
    """Note when a meeting ended; its minutes are due from then."""
    row, above = sittings.live(actor, meeting)
    if row.state != State.HELD:
        raise NotBegun
    moment = ended_at or at
    if moment > at or moment < min(row.starts_at, at):
        raise Invalid(fields={"ended_at": [_("It cannot have ended then.")]})
    row.ended_at = moment
    _save(row, above, "ended", State.HELD, "ended_at")
    return row


@command("voice.close_meeting")
def close(
    *,
    actor: Actor,
    meeting: UUID,
    public_words: str = "",
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Meeting:
    """Close a meeting whose minutes were read back; what was not dealt with goes to the next one.

    Raises MinutesMissing, NoQuorum, NotBegun, MeetingOver, Invalid or Missing.
    """
    row, above = sittings.live(actor, meeting, version=version)
    if row.state != State.HELD:
        raise NotBegun
    if row.minutes_state not in (Minutes.READ_BACK, Minutes.SIGNED) or not row.minutes.strip():
        raise MinutesMissing
    resolutions.require_quorum(row)
    row.public_words = _measured("public_words", public_words)
    row.present = quorums.counted(resolutions.stays_of(row))
    row.ended_at = row.ended_at or at
    row.state, row.closed_at, row.closed_by = State.CLOSED, at, actor.account
    _save(row, above, "closed", State.HELD, "public_words", "present", "ended_at", "closed_at", "closed_by")
    agendas.put_off(row)
    agendas.bring(above)
    facts.record(measure=HELD, record=row, quantity=1, community_id=row.community_id, on=local_day(row.starts_at))
    return row


def _save(row: Meeting, above: Matter, verb: str, before: str, *fields: str) -> None:
    row.version += 1
    row.save(update_fields=["state", "version", *fields])
    matter_duties.look_at_meeting(row, title=above.title)
    act().target(row, verb, {"state": [before, row.state]})


def _check_time(starts_at: datetime, ends_at: datetime | None, *, at: datetime) -> None:
    if starts_at < at - AFTERWARDS:
        raise Invalid(fields={"starts_at": [_("The day lies too far back.")]})
    if starts_at > at + FARTHEST:
        raise Invalid(fields={"starts_at": [_("The day lies too far ahead.")]})
    if ends_at is not None and not timedelta() < ends_at - starts_at <= LONGEST_STAY:
        raise Invalid(fields={"ends_at": [_("A meeting ends after it began, within twelve hours.")]})


def _head(
    title: str, place_words: str, quorum: int | None, chair_name: str, clerk_name: str
) -> dict[str, str | int | None]:
    if quorum is not None and not 1 <= quorum <= 1_000:
        raise Invalid(fields={"quorum": [_("Between 1 and 1,000 people, or none.")]})
    return {
        "title": _measured("title", title),
        "place_words": _measured("place_words", place_words),
        "quorum": quorum,
        "chair_name": _measured("name", chair_name, at="chair_name"),
        "clerk_name": _measured("name", clerk_name, at="clerk_name"),
    }


def _book(row: Meeting, pk: UUID | None, ends_at: datetime | None, *, actor: Actor, at: datetime) -> None:
    """Book the room of a meeting that lies ahead; one that was held already only says where."""
    if pk is None:
        return
    room = Room.objects.filter(pk=pk, community=row.community_id).first()
    if room is None:
        raise Invalid(fields={"room": [_("Choose a room of the same community.")]})
    row.room = room
    if row.starts_at > at:
        booked = bookings.book_times(
            actor=actor,
            room=pk,
            times=[(row.starts_at, ends_at or row.starts_at + LASTS)],
            title=_("Deliberation"),
            record_kind=BOOKED_FOR,
            record_id=row.pk,
            at=at,
        )
        row.booking_id = booked.pk
    row.save(update_fields=["room", "booking_id"])


def _give_back(row: Meeting, *, actor: Actor, at: datetime) -> None:
    bookings.cancel_times(actor=actor, record_kind=BOOKED_FOR, record_id=row.pk, at=at)
    row.room = None
    row.booking_id = None
    row.save(update_fields=["room", "booking_id"])


def _speakers(above: Matter, guests: Sequence[Guest]) -> list[Guest]:
    named = {guest.party for guest in guests if guest.party is not None}
    sides = Party.objects.filter(matter=above, left_on=None).exclude(pk__in=named).order_by("joined_on", "pk")
    return [
        Guest((side.speaker_name or side.name)[:40], side.pk, side.person_id, Invitation.Role.SPEAKER) for side in sides
    ]


def _officers(row: Meeting, guests: Sequence[Guest]) -> list[Guest]:
    there = {" ".join(guest.name.split()) for guest in guests}
    wanted = [(row.chair_name, Invitation.Role.CHAIR), (row.clerk_name, Invitation.Role.CLERK)]
    return [Guest(name, role=role) for name, role in wanted if name and name not in there]


def _measured(name: str, text: str, *, at: str = "") -> str:
    words = " ".join(text.split())
    if len(words) > LONGEST[name]:
        raise Invalid(fields={at or name: [_("At most %(most)d characters.") % {"most": LONGEST[name]}]})
    return words
