"""Places on reception days: booked, waited for, given up, and the freed one goes to the first who waits."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.models import Person
from lianxin.domain.people.queries import proxies
from lianxin.domain.people.rules.contacts import check_phone
from lianxin.domain.voice import policy
from lianxin.domain.voice.commands import found, reception_duties, reception_telling
from lianxin.domain.voice.commands.numbers import give_receipts
from lianxin.domain.voice.models import Channel, ReceptionDay, ReceptionPlace
from lianxin.domain.voice.rules import receipts
from lianxin.domain.voice.rules.receptions import first_free
from lianxin.platform import locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, NotAllowed, Refused
from lianxin.platform.ids import new_id
from lianxin.platform.sensitive import Sealed, seal

State = ReceptionPlace.State
GUEST_PHONE = "voice.receptionplace.guest_phone"
LIVE = (State.BOOKED, State.WAITING)
HOLDING = (State.BOOKED, State.RECEIVED, State.ABSENT)
MOST_AHEAD = 3
LONGEST = {"about": 300, "guest_name": 40, "helper_name": 40}


class DayOver(Refused):
    """The day was held, called off, or has begun."""

    title = gettext_lazy("This day takes no more bookings. Choose another one.")


class DayFull(Refused):
    """All places are taken."""

    title = gettext_lazy("All places of this day are taken. You can wait in line, or choose another day.")


class SlotTaken(Refused):
    """Somebody else has this time."""

    title = gettext_lazy("Somebody else took this time just now. Choose another one.")


class BookedAlready(Refused):
    """The person has a place on this day, or as many as one may have."""

    title = gettext_lazy("You have a place on this day already.")


class PlaceOver(Refused):
    """The place was given up, or the talk was held."""

    title = gettext_lazy("This place was given up or used already.")


@command("voice.book_reception")
def book(
    *,
    actor: Actor,
    day: UUID,
    person: UUID | None = None,
    slot: int | None = None,
    wait: bool = False,
    about: str = "",
    guest_name: str = "",
    guest_phone: str = "",
    channel: str = Channel.NONE,
    helper_name: str = "",
    is_sample: bool = False,
    at: datetime,
    key: UUID | None = None,
) -> ReceptionPlace:
    """Take a place on a reception day: this slot, or the earliest free one; where all are taken and `wait` is set, a
    place in the waiting line.

    Residents book for themselves and those who agreed to it, offices for anybody. Raises DayFull, SlotTaken, DayOver,
    BookedAlready, Invalid, NotAllowed or Missing.
    """
    seen = ReceptionDay.objects.filter(pk=day).only("community_id").first()
    if seen is None:
        raise Missing
    keeps = policy.may_keep(actor, seen.community_id)
    if not keeps:
        _require_own(actor, person, at=at)
    words = measured(about=about, guest_name=guest_name, helper_name=helper_name)
    phone = sealed_phone(guest_phone)
    check_who(person, words["guest_name"], phone, channel)
    gained = ReceptionDay.objects.filter(
        pk=day, state=ReceptionDay.State.PLANNED, starts_at__gt=at, taken__lt=F("slots")
    ).update(taken=F("taken") + 1)
    # The day's row is held from here on: what is read below no other booking changes.
    row = _day(day)
    if row.state != ReceptionDay.State.PLANNED or row.starts_at <= at:
        raise DayOver
    if person is not None:
        _require_not_twice(row, person, keeps=keeps, at=at)
    waits = row.places.filter(state=State.WAITING).exists()
    chosen: int | None = None
    if gained and not (waits and not keeps):
        chosen = _slot(row, slot)
    elif wait:
        if gained:
            # Who waits goes before a newcomer.
            _give_back(row)
    else:
        raise DayFull
    pk = new_id()
    place: ReceptionPlace = ReceptionPlace.objects.create(
        id=pk,
        community_id=row.community_id,
        day=row,
        slot=chosen,
        asked_at=at,
        person_id=person,
        guest_name=words["guest_name"] if person is None else "",
        guest_phone=phone,
        channel=channel,
        receipt=give_receipts([pk], receipts.RECEPTION)[0],
        about=words["about"],
        booked_by=actor.account,
        helper_name=words["helper_name"],
        state=State.BOOKED if chosen is not None else State.WAITING,
        is_sample=is_sample,
    )
    act().target(place, "booked" if chosen is not None else "waits")
    if chosen is not None:
        reception_telling.tell([place], reception_telling.BOOKED, at=at)
    return place


@command("voice.give_up_reception")
def give_up(
    *,
    actor: Actor,
    place: UUID,
    holds_receipt: bool = False,
    at: datetime,
    key: UUID | None = None,
) -> ReceptionPlace:
    """Give a place up, or leave the waiting line: by who has it, who holds its receipt, or the office.

    A freed slot goes to the first who waits, who is told. Raises PlaceOver, NotAllowed or Missing.
    """
    row, day = locked_place(place)
    keeps = policy.may_keep(actor, row.community_id)
    policy.require(keeps or holds_receipt or policy.is_self(actor, row.person_id))
    if row.state not in LIVE or day.state != ReceptionDay.State.PLANNED or (day.starts_at <= at and not keeps):
        raise PlaceOver
    leave(row, day, at=at)
    return row


def leave(row: ReceptionPlace, day: ReceptionDay, *, at: datetime) -> None:
    """End a live place of a locked day, inside a command; its slot goes to the first who waits."""
    was, slot = row.state, row.slot
    row.state, row.slot = State.CANCELLED, None
    row.save(update_fields=["state", "slot"])
    reception_duties.close_call(row)
    act().target(row, "given up", {"state": [was, State.CANCELLED]})
    if was == State.BOOKED and slot is not None:
        move_up(day, slot, at=at)


def move_up(day: ReceptionDay, slot: int, *, at: datetime) -> ReceptionPlace | None:
    """Give a freed slot of a locked day to the first who waits, who is told; with nobody waiting it is free again."""
    first = day.places.filter(state=State.WAITING).order_by("asked_at", "pk").first() if day.starts_at > at else None
    if first is None:
        _give_back(day)
        return None
    first.state, first.slot = State.BOOKED, slot
    first.save(update_fields=["state", "slot"])
    first.day = day
    act().target(first, "moved up", {"state": [State.WAITING, State.BOOKED]})
    reception_telling.tell([first], reception_telling.MOVED_UP, at=at)
    return first


@command("voice.note_reception_call")
def note_called(*, actor: Actor, place: UUID, at: datetime, key: UUID | None = None) -> ReceptionPlace:
    """Write down that somebody was called about their place."""
    row, _day_row = locked_place(place)
    policy.require(policy.may_keep(actor, row.community_id))
    reception_duties.close_call(row)
    act().target(row, "called")
    return row


def locked_place(pk: UUID) -> tuple[ReceptionPlace, ReceptionDay]:
    """Lock a place's day, then the place; raises Missing."""
    of = ReceptionPlace.objects.filter(pk=pk).values_list("day_id", flat=True).first()
    if of is None:
        raise Missing
    day = _day(of)
    row: ReceptionPlace = found.locked(ReceptionPlace, pk)
    row.day = day
    return row, day


def _day(pk: UUID) -> ReceptionDay:
    rows = locks.lock(ReceptionDay.objects.filter(pk=pk).select_related("series__room__venue", "series__venue"))
    if not rows:
        raise Missing
    row: ReceptionDay = rows[0]
    return row


def _slot(day: ReceptionDay, wanted: int | None) -> int:
    held = day.places.filter(state__in=HOLDING, slot__isnull=False).values_list("slot", flat=True)
    taken = {number for number in held if number is not None}
    if wanted is not None:
        if not 0 <= wanted < day.slots:
            raise Invalid(fields={"slot": [_("Choose one of the times.")]})
        if wanted in taken:
            raise SlotTaken
        return wanted
    free = first_free(taken, day.slots)
    if free is None:
        raise DayFull
    return free


def _give_back(day: ReceptionDay) -> None:
    ReceptionDay.objects.filter(pk=day.pk, taken__gt=0).update(taken=F("taken") - 1)
    day.refresh_from_db(fields=["taken"])


def _require_own(actor: Actor, person: UUID | None, *, at: datetime) -> None:
    if person is None or not policy.is_self(actor, person):
        raise NotAllowed
    if person != actor.person:
        link = proxies.find_principal(actor=actor, person=person, on=local_day(at))
        if not (link.may("voice") or link.may("desk")):
            raise NotAllowed


def _require_not_twice(day: ReceptionDay, person: UUID, *, keeps: bool, at: datetime) -> None:
    with scope.everything():
        mine = ReceptionPlace.objects.filter(person=person, state__in=LIVE, day__starts_at__gt=at)
        if mine.filter(day=day).exists():
            raise BookedAlready
        if not keeps and mine.count() >= MOST_AHEAD:
            raise BookedAlready(
                _("You have %(most)d places ahead already. Give one of them up first.") % {"most": MOST_AHEAD}
            )


def check_who(person: UUID | None, guest_name: str, phone: Sealed | None, channel: str) -> None:
    """Refuse a place of nobody, and a way of telling without a phone."""
    if channel not in Channel.values:
        raise Invalid(fields={"channel": [_("Choose how they are told.")]})
    if person is None and not guest_name:
        raise Invalid(fields={"guest_name": [_("Say who wants to be received.")]})
    if person is not None:
        with scope.everything():
            if not Person.objects.filter(pk=person, state=Person.State.LIVING).exists():
                raise Invalid(fields={"person": [_("There is no such resident.")]})
    elif phone is None and channel in (Channel.SMS, Channel.WECHAT, Channel.PHONE):
        raise Invalid(fields={"guest_phone": [_("A phone number is needed to tell them.")]})


def sealed_phone(text: str) -> Sealed | None:
    """Check and seal a guest's number; None where there is none."""
    if not text.strip():
        return None
    number, why_not = check_phone(text)
    if why_not:
        raise Invalid(fields={"guest_phone": [why_not]})
    return seal(number, GUEST_PHONE)


def measured(**given: str) -> dict[str, str]:
    """Give plain words of a bearable length; raises Invalid at the fields."""
    words = {name: " ".join(text.split()) for name, text in given.items()}
    problems = {
        name: [_("At most %(most)d characters.") % {"most": LONGEST[name]}]
        for name, text in words.items()
        if len(text) > LONGEST[name]
    }
    if problems:
        raise Invalid(fields=problems)
    return words
