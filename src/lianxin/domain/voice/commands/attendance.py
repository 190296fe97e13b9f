"""Who is asked to a meeting, what they reply, when they come and leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.models import Person
from lianxin.domain.voice.commands import found, sittings
from lianxin.domain.voice.models import Invitation, Meeting, Party, Speech
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused

Role, Reply = Invitation.Role, Invitation.Reply
LONGEST_NAME = 40
MOST_AT_ONCE = 200
AHEAD = timedelta(hours=12)


class NotThere(Refused):
    """Somebody who did not come."""

    title = gettext_lazy("Enter first that this person came.")


class NotToday(Refused):
    """The meeting is on another day."""

    title = gettext_lazy("This meeting is on another day. Move it first if it is held now.")


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody to be asked: by name, for which side, in which role."""

    name: str
    party: UUID | None = None
    person: UUID | None = None
    role: str = Role.MEMBER


@command("voice.invite")
def invite(
    *, actor: Actor, meeting: UUID, guests: Sequence[Guest], at: datetime, key: UUID | None = None
) -> list[Invitation]:
    """Ask people to a meeting; who was asked already is asked once. Gives the new ones."""
    row, _matter = sittings.open_for_facts(actor, meeting)
    made = ask(row, guests, at=at)
    act().target(row, "people asked", {"count": [None, len(made)]})
    return made


@command("voice.note_reply")
def reply(*, actor: Actor, invitation: UUID, answer: str, at: datetime, key: UUID | None = None) -> Invitation:
    """Note whether somebody will come."""
    row, _meeting = _found(actor, invitation)
    if answer not in Reply.values:
        raise Invalid(fields={"answer": [_("Choose what they said.")]})
    row.reply = answer
    row.save(update_fields=["reply"])
    act().target(row, "replied", {"reply": [None, answer]})
    return row


@command("voice.note_came")
def arrive(
    *, actor: Actor, invitation: UUID, came_at: datetime | None = None, at: datetime, key: UUID | None = None
) -> Invitation:
    """Note that somebody came, now or at a time; a second press changes nothing, a time corrects it."""
    row, meeting = _found(actor, invitation)
    if row.came_at is not None and came_at is None:
        return row
    moment = came_at or at
    require_day(meeting, moment)
    _check_moment(moment, at=at)
    if row.left_at is not None and row.left_at < moment:
        raise Invalid(fields={"came_at": [_("They left before that.")]})
    row.came_at = moment
    row.save(update_fields=["came_at"])
    act().target(row, "came", {"came_at": [None, moment]})
    return row


@command("voice.note_left")
def leave(
    *, actor: Actor, invitation: UUID, left_at: datetime | None = None, at: datetime, key: UUID | None = None
) -> Invitation:
    """Note that somebody left before the end; decisions after that are made without them."""
    row, _meeting = _found(actor, invitation)
    if row.came_at is None:
        raise NotThere
    moment = left_at or at
    _check_moment(moment, at=at)
    if moment < row.came_at:
        raise Invalid(fields={"left_at": [_("They came after that.")]})
    row.left_at = moment
    row.save(update_fields=["left_at"])
    act().target(row, "left", {"left_at": [None, moment]})
    return row


@command("voice.take_back_presence")
def take_back(*, actor: Actor, invitation: UUID, at: datetime, key: UUID | None = None) -> Invitation:
    """Take a wrong entry back: who had left is there again, who had come is not; who spoke stays."""
    row, _meeting = _found(actor, invitation)
    if row.left_at is not None:
        row.left_at = None
    elif row.came_at is not None:
        if Speech.objects.filter(invitation=row).exists():
            raise Refused(_("What this person said is written down. They were there."))
        row.came_at = None
    row.save(update_fields=["came_at", "left_at"])
    act().target(row, "entry taken back", {})
    return row


@command("voice.note_walk_in")
def come_by(*, actor: Actor, meeting: UUID, guest: Guest, at: datetime, key: UUID | None = None) -> Invitation:
    """Note that somebody came who was not asked."""
    row, _matter = sittings.open_for_facts(actor, meeting)
    require_day(row, at)
    made = ask(row, [guest], at=at)
    if not made:
        raise Invalid(fields={"name": [_("This name is on the list already. Press that they came.")]})
    [one] = made
    one.came_at = at
    one.save(update_fields=["came_at"])
    act().target(one, "came", {"came_at": [None, at]})
    return one


def ask(row: Meeting, guests: Sequence[Guest], *, at: datetime) -> list[Invitation]:
    """Write those down who are asked and are not on the list yet, inside a command."""
    if len(guests) > MOST_AT_ONCE:
        raise Invalid(fields={"guests": [_("At most %(most)d people at once.") % {"most": MOST_AT_ONCE}]})
    sides = set(Party.objects.filter(matter=row.matter_id).values_list("pk", flat=True))
    wanted = {guest.person for guest in guests if guest.person is not None}
    if Person.objects.filter(pk__in=wanted).count() != len(wanted):
        raise Missing
    there = list(Invitation.objects.filter(meeting=row).values_list("name", "party_id", "person_id"))
    names: set[tuple[str, UUID | None]] = {(name, party) for name, party, _person in there}
    persons: set[UUID | None] = {person for _name, _party, person in there if person is not None}
    made = []
    for guest in guests:
        name = " ".join(guest.name.split())
        if not name or len(name) > LONGEST_NAME:
            told = _("Write a name of at most %(most)d characters.") % {"most": LONGEST_NAME}
            raise Invalid(fields={"name": [told]})
        if guest.role not in Role.values:
            raise Invalid(fields={"role": [_("Choose in which role.")]})
        if guest.party is not None and guest.party not in sides:
            raise Missing
        if (name, guest.party) in names or (guest.person is not None and guest.person in persons):
            continue
        names.add((name, guest.party))
        persons.add(guest.person)
        made.append(
            Invitation.objects.create(
                community_id=row.community_id,
                meeting=row,
                party_id=guest.party,
                person_id=guest.person,
                name=name,
                role=guest.role,
                invited_at=at,
            )
        )
    return made


def require_day(row: Meeting, moment: datetime) -> None:
    """Refuse what belongs to the day of a meeting on a day before it."""
    if row.state == Meeting.State.PLANNED and local_day(row.starts_at) > local_day(moment + AHEAD):
        raise NotToday


def _check_moment(moment: datetime, *, at: datetime) -> None:
    if moment > at:
        raise Invalid(fields={"moment": [_("This time has not come yet.")]})


def _found(actor: Actor, pk: UUID) -> tuple[Invitation, Meeting]:
    of = Invitation.objects.filter(pk=pk).values_list("meeting_id", flat=True).first()
    if of is None:
        raise Missing
    meeting, _matter = sittings.open_for_facts(actor, of)
    row: Invitation = found.locked(Invitation, pk)
    return row, meeting
