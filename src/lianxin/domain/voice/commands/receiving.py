"""Receiving somebody on a reception day: what they said, what they were answered, the case and promises it became."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.voice import policy
from lianxin.domain.voice.commands import commitments, hearing, reception_duties
from lianxin.domain.voice.commands import reception_places as places
from lianxin.domain.voice.commands.numbers import give_receipts
from lianxin.domain.voice.commands.reception_days import NotBegun, NotPlanned, locked_day
from lianxin.domain.voice.models import (
    CaseReport,
    Channel,
    Commitment,
    Confidentiality,
    How,
    ReceptionDay,
    ReceptionPlace,
)
from lianxin.domain.voice.rules import receipts
from lianxin.platform import facts, scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Refused
from lianxin.platform.ids import new_id
from lianxin.platform.sensitive import Unreadable

State = ReceptionPlace.State
RECEIVED = "people_received"
LONGEST = 1000
# Day states in which what was said can still be written down.
OPEN = (ReceptionDay.State.PLANNED, ReceptionDay.State.HELD, ReceptionDay.State.MISSED)


class CaseMade(Refused):
    """What was said is a case already."""

    title = gettext_lazy("What they said is a case already. Go on with that case.")


class NotReceived(Refused):
    """Nobody was received yet."""

    title = gettext_lazy("First write down what they said and what they were answered.")


@command("voice.receive_person")
def receive(
    *,
    actor: Actor,
    place: UUID,
    said: str,
    answered: str,
    at: datetime,
    key: UUID | None = None,
) -> ReceptionPlace:
    """Write down what somebody said and was answered; who waited in line or came late is received as well.

    Sent again it changes the words. Raises NotBegun, PlaceOver, Invalid or Missing.
    """
    row, day = places.locked_place(place)
    policy.require(policy.may_keep(actor, row.community_id))
    _require_open(day, at=at)
    if row.state == State.CANCELLED:
        raise places.PlaceOver
    before, is_new = row.state, row.state != State.RECEIVED
    row.said, row.answered = _talk(said, answered)
    row.state = State.RECEIVED
    row.received_at = row.received_at or min(at, day.ends_at)
    row.save(update_fields=["said", "answered", "state", "received_at"])
    reception_duties.close_call(row)
    act().target(row, "received", {"state": [before, row.state]})
    if is_new:
        _count(row, day)
    return row


@command("voice.receive_walk_in")
def receive_walk_in(
    *,
    actor: Actor,
    day: UUID,
    said: str,
    answered: str,
    person: UUID | None = None,
    guest_name: str = "",
    guest_phone: str = "",
    channel: str = Channel.NONE,
    helper_name: str = "",
    is_sample: bool = False,
    at: datetime,
    key: UUID | None = None,
) -> ReceptionPlace:
    """Write down somebody who came by without a place; it takes nobody's slot."""
    row = locked_day(actor, day)
    _require_open(row, at=at)
    words = places.measured(guest_name=guest_name, helper_name=helper_name)
    phone = places.sealed_phone(guest_phone)
    places.check_who(person, words["guest_name"], phone, channel)
    talk = _talk(said, answered)
    pk = new_id()
    made: ReceptionPlace = ReceptionPlace.objects.create(
        id=pk,
        community_id=row.community_id,
        day=row,
        asked_at=at,
        person_id=person,
        guest_name=words["guest_name"] if person is None else "",
        guest_phone=phone,
        channel=channel,
        receipt=give_receipts([pk], receipts.RECEPTION)[0],
        booked_by=actor.account,
        helper_name=words["helper_name"],
        state=State.RECEIVED,
        received_at=at,
        said=talk[0],
        answered=talk[1],
        is_sample=is_sample,
    )
    act().target(made, "received")
    _count(made, row)
    return made


@command("voice.note_reception_absent")
def note_absent(*, actor: Actor, place: UUID, at: datetime, key: UUID | None = None) -> ReceptionPlace:
    """Write down that somebody did not come."""
    row, day = places.locked_place(place)
    policy.require(policy.may_keep(actor, row.community_id))
    _require_open(day, at=at)
    if row.state != State.BOOKED:
        raise places.PlaceOver
    row.state = State.ABSENT
    row.save(update_fields=["state"])
    reception_duties.close_call(row)
    act().target(row, "did not come", {"state": [State.BOOKED, State.ABSENT]})
    return row


@command("voice.make_case_of_reception")
def make_case(
    *,
    actor: Actor,
    place: UUID,
    words: str = "",
    subject: str = "",
    confidentiality: str = Confidentiality.OPEN,
    is_danger: bool = False,
    at: datetime,
    key: UUID | None = None,
) -> CaseReport:
    """Make a case of what somebody said when they were received; they get its receipt and answers as everybody.

    Raises NotReceived, CaseMade and what `hearing.hear` raises.
    """
    row, _day = places.locked_place(place)
    policy.require(policy.may_keep(actor, row.community_id))
    if row.state != State.RECEIVED:
        raise NotReceived
    if row.case_id is not None:
        raise CaseMade
    with scope.everything():
        who = row.person
    here = who is not None and who.community_id == row.community_id
    try:
        phone = row.guest_phone.reveal() if row.guest_phone is not None else ""
    except Unreadable:
        phone = ""
    report = hearing.hear(
        actor=actor,
        community=row.community_id,
        words=words.strip() or row.said,
        how=How.RECEPTION,
        subject=subject,
        person=row.person_id if here else None,
        guest_name=row.guest_name or (who.name if who is not None and not here else ""),
        guest_phone=phone,
        confidentiality=confidentiality,
        is_danger=is_danger,
        channel=row.channel if here or phone else Channel.NONE,
        helper_name=row.helper_name,
        heard_at=row.received_at,
        at=at,
    )
    row.case_id = report.case_id
    row.save(update_fields=["case"])
    act().target(row, "became a case")
    return report


@command("voice.promise_at_reception")
def promise(
    *,
    actor: Actor,
    place: UUID,
    words: str,
    owner_name: str,
    due_by: date,
    owner_account: UUID | None = None,
    is_public: bool = False,
    at: datetime,
    key: UUID | None = None,
) -> Commitment:
    """Write down what was promised to somebody when they were received; it returns until it is kept."""
    row, _day = places.locked_place(place)
    policy.require(policy.may_keep(actor, row.community_id))
    if row.state != State.RECEIVED:
        raise NotReceived
    return commitments.promise_inside(
        words=words,
        owner_name=owner_name,
        due_by=due_by,
        reception=row,
        owner_account=owner_account,
        is_public=is_public,
        is_sample=row.is_sample,
        at=at,
    )


def _count(row: ReceptionPlace, day: ReceptionDay) -> None:
    facts.record(measure=RECEIVED, record=row, quantity=1, community_id=row.community_id, on=day.held_on)


def _require_open(day: ReceptionDay, *, at: datetime) -> None:
    if day.state not in OPEN:
        raise NotPlanned
    if day.starts_at > at:
        raise NotBegun


def _talk(said: str, answered: str) -> tuple[str, str]:
    found = {"said": said.replace("\r\n", "\n").strip(), "answered": answered.replace("\r\n", "\n").strip()}
    problems = {
        name: [_("At most %(most)d characters.") % {"most": LONGEST}]
        for name, text in found.items()
        if len(text) > LONGEST
    }
    if not found["said"]:
        problems["said"] = [_("Write down what they said.")]
    if problems:
        raise Invalid(fields=problems)
    return found["said"], found["answered"]
