"""One reception day: who was received and what was said, closed, moved, called off, or missed, which stays visible."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.voice import policy
from lianxin.domain.voice.commands import (
    reception_duties,
    reception_places,
    reception_rooms,
    reception_series,
    reception_telling,
)
from lianxin.domain.voice.models import ReceptionDay, ReceptionPlace
from lianxin.platform import facts, locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, local_moment
from lianxin.platform.commands import act, command
from lianxin.platform.errors import EditedMeanwhile, Invalid, Missing, NotAllowed, Refused

State, Place = ReceptionDay.State, ReceptionPlace.State
HELD, MISSED = "reception_days_held", "reception_days_missed"
MISSED_AFTER = timedelta(days=2)
LATE_CLOSING = timedelta(days=60)
MISS_AT_MOST = 100
LONGEST_WHY, LONGEST_SUMMARY = 300, 1000


class NotPlanned(Refused):
    """The day was held, called off or missed."""

    title = gettext_lazy("This day was closed or called off already. It stays as it is.")


class NotBegun(Refused):
    """The day lies ahead."""

    title = gettext_lazy("This day has not begun yet.")


@command("voice.cancel_reception_day")
def cancel(
    *, actor: Actor, day: UUID, words: str, version: int | None = None, at: datetime, key: UUID | None = None
) -> ReceptionDay:
    """Call a day off, with the reason; it stays in the calendar, and who has a place is told."""
    row = _planned(actor, day, version)
    why = _why(words)
    _end(row, State.CANCELLED, why, at=at)
    return row


@command("voice.move_reception_day")
def move(
    *,
    actor: Actor,
    day: UUID,
    to_day: date,
    starts_time: time,
    words: str,
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> ReceptionDay:
    """Hold a day on another one: the old one stays as called off, its places go along, and who has one is told."""
    row = _planned(actor, day, version)
    why = _why(words)
    length = row.ends_at - row.starts_at
    starts = local_moment(to_day, starts_time)
    if starts <= at:
        raise Invalid(fields={"to_day": [_("Choose a time that is still ahead.")]})
    if local_day(starts + length) != to_day and starts + length != local_moment(to_day + timedelta(days=1)):
        raise Invalid(fields={"starts_time": [_("It must end on the same day.")]})
    if to_day == row.held_on:
        return _another_hour(row, starts, starts + length, why, at=at)
    if ReceptionDay.objects.filter(series=row.series_id, held_on=to_day).exists():
        raise Invalid(fields={"to_day": [_("There is a day of this series then already.")]})
    reception_rooms.give_room_back(row, reason=why, at=at)
    made: ReceptionDay = ReceptionDay.objects.create(
        community_id=row.community_id,
        series=row.series,
        held_on=to_day,
        starts_at=starts,
        ends_at=starts + length,
        leader_name=row.leader_name,
        slots=row.slots,
        taken=row.taken,
        is_sample=row.is_sample,
    )
    row.places.filter(state__in=reception_places.LIVE).update(day=made)
    said = _("Moved to %(day)s: %(why)s") % {"day": to_day.isoformat(), "why": why}
    _save(row, State.CANCELLED, said[:LONGEST_WHY], taken=0)
    reception_rooms.take_room(made, at=at)
    reception_duties.look_at_day(made, at=at)
    reception_rooms.told_changed(made, reason=why, at=at)
    return made


@command("voice.close_reception_day")
def close(
    *,
    actor: Actor,
    day: UUID,
    leader_came: bool,
    summary: str = "",
    words: str = "",
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> ReceptionDay:
    """Close a day that was held: whether the leader came, and if not, why; who did not come stands as absent.

    One that was noted as missed is closed late the same way, so that what happened counts. Raises NotBegun, NotPlanned,
    Invalid or Missing.
    """
    row = locked_day(actor, day, version)
    if row.state not in (State.PLANNED, State.MISSED) or (
        row.state == State.MISSED and at - row.ends_at > LATE_CLOSING
    ):
        raise NotPlanned
    if row.starts_at > at:
        raise NotBegun
    why = _why(words) if not leader_came else _why(words, needed=False)
    text = "\n".join(line.rstrip() for line in summary.strip().splitlines())
    if len(text) > LONGEST_SUMMARY:
        raise Invalid(fields={"summary": [_("At most %(most)d characters.") % {"most": LONGEST_SUMMARY}]})
    was_missed = row.state == State.MISSED
    for place in row.places.filter(state__in=reception_places.LIVE).order_by("pk"):
        # Who waited in line and was not called in has not stayed away.
        gone = Place.ABSENT if place.state == Place.BOOKED else Place.CANCELLED
        place.state = gone
        place.save(update_fields=["state"])
        reception_duties.close_call(place)
    _save(row, State.HELD, why, leader_came=leader_came, summary=text, closed_at=at, closed_by=actor.account)
    if was_missed:
        facts.correct(measure=MISSED, record=row)
    facts.record(measure=HELD, record=row, quantity=1, community_id=row.community_id, on=row.held_on)
    return row


@command("voice.miss_reception_day")
def miss(
    *, actor: Actor, day: UUID, words: str, version: int | None = None, at: datetime, key: UUID | None = None
) -> ReceptionDay:
    """Write down that a day was not held, and why."""
    row = _planned(actor, day, version)
    why = _why(words)
    if row.starts_at > at:
        raise NotBegun
    _miss(row, why)
    return row


@command("voice.miss_overdue_receptions")
def miss_overdue(*, actor: Actor, at: datetime, limit: int = MISS_AT_MOST) -> int:
    """Mark planned days that passed two days ago as missed; call it again while it gives `limit`."""
    if not actor.is_system:
        raise NotAllowed
    with scope.everything():
        over = ReceptionDay.objects.filter(state=State.PLANNED, ends_at__lte=at - MISSED_AFTER).order_by("pk")
        found = list(over.values_list("pk", flat=True)[:limit])
        for pk in found:
            row = _find(pk)
            if row.state == State.PLANNED:
                _miss(row, _("Nobody wrote down that it was held."))
    return len(found)


@command("voice.set_reception_leader")
def set_leader(
    *, actor: Actor, day: UUID, leader_name: str, version: int | None = None, at: datetime, key: UUID | None = None
) -> ReceptionDay:
    """Let somebody else receive on one day."""
    row = _planned(actor, day, version)
    name = " ".join(leader_name.split())
    if not name or len(name) > reception_series.LONGEST["leader_name"]:
        raise Invalid(fields={"leader_name": [_("Say who receives people.")]})
    before = row.leader_name
    row.leader_name = name
    row.version += 1
    row.save(update_fields=["leader_name", "version"])
    act().target(row, "leader changed", {"leader": [before, name]})
    return row


@command("voice.take_reception_room")
def take_room(*, actor: Actor, day: UUID, at: datetime, key: UUID | None = None) -> ReceptionDay:
    """Try again to book the series' room for a day, or say that the place is settled where there is no room."""
    row = _planned(actor, day, None)
    reception_rooms.give_room_back(row, reason="", at=at)
    reception_duties.close_place(row)
    reception_rooms.take_room(row, at=at)
    act().target(row, "place settled")
    return row


def _another_hour(row: ReceptionDay, starts: datetime, ends: datetime, why: str, *, at: datetime) -> ReceptionDay:
    if starts == row.starts_at:
        raise Invalid(fields={"to_day": [_("It is on this day and hour already.")]})
    reception_rooms.give_room_back(row, reason=why, at=at)
    _save(row, row.state, why, starts_at=starts, ends_at=ends)
    reception_rooms.take_room(row, at=at)
    reception_duties.look_at_day(row, at=at)
    reception_rooms.told_changed(row, reason=why, at=at)
    return row


def _miss(row: ReceptionDay, why: str) -> None:
    _save(row, State.MISSED, why)
    facts.record(measure=MISSED, record=row, quantity=1, community_id=row.community_id, on=row.held_on)


def _end(row: ReceptionDay, state: str, why: str, *, at: datetime) -> None:
    live = list(row.places.filter(state__in=reception_places.LIVE).select_related("day__series").order_by("pk"))
    if row.starts_at > at:
        reception_telling.tell(live, reception_telling.OFF, reason=why, at=at)
    row.places.filter(pk__in=[one.pk for one in live]).update(state=Place.CANCELLED, slot=None)
    reception_rooms.give_room_back(row, reason=why, at=at)
    _save(row, state, why, taken=row.places.filter(state__in=reception_places.HOLDING, slot__isnull=False).count())


def _save(row: ReceptionDay, state: str, why: str, **values: object) -> None:
    before = row.state
    values |= {"state": state, "state_words": why}
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*values, "version"])
    act().target(row, state, {"state": [before, state]})
    act().note(reason=why)
    reception_duties.look_at_day(row, at=act().at)


def locked_day(actor: Actor, pk: UUID, version: int | None = None) -> ReceptionDay:
    """Lock a day that the actor keeps; raises Missing, NotAllowed or EditedMeanwhile."""
    row = _find(pk)
    policy.require(policy.may_keep(actor, row.community_id))
    if version is not None and row.version != version:
        raise EditedMeanwhile(current_version=row.version)
    return row


def _planned(actor: Actor, pk: UUID, version: int | None) -> ReceptionDay:
    row = locked_day(actor, pk, version)
    if row.state != State.PLANNED:
        raise NotPlanned
    return row


def _find(pk: UUID) -> ReceptionDay:
    rows = locks.lock(ReceptionDay.objects.filter(pk=pk).select_related("series__room__venue", "series__venue"))
    if not rows:
        raise Missing
    row: ReceptionDay = rows[0]
    return row


def _why(words: str, *, needed: bool = True) -> str:
    why = " ".join(words.split())
    if needed and not why:
        raise Invalid(fields={"words": [_("Say why. Everybody can read it in the calendar.")]})
    if len(why) > LONGEST_WHY:
        raise Invalid(fields={"words": [_("At most %(most)d characters.") % {"most": LONGEST_WHY}]})
    return why
