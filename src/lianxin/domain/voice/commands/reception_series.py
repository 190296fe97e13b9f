"""Recurring reception days: what they are, who receives, how often; days are made sixty days ahead and stay visible."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.models import Account
from lianxin.domain.people.queries.accounts import actor_for
from lianxin.domain.places.models import Room, RoomState, Venue, VenueState
from lianxin.domain.voice import policy
from lianxin.domain.voice.commands import found, reception_duties, reception_rooms
from lianxin.domain.voice.models import ReceptionDay, ReceptionPlace, ReceptionSeries
from lianxin.domain.voice.rules import receptions as rules
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, local_moment
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused

State = ReceptionDay.State
LIVE = (ReceptionPlace.State.BOOKED, ReceptionPlace.State.WAITING)
DAYS_AHEAD = 60
MAKE_AT_MOST = 40
LONGEST = {"title": 60, "leader_name": 40, "leader_title": 40, "place_words": 80, "notice": 300}
SHORTEST_SLOT, LONGEST_DAY = 5, 600


class SeriesEnded(Refused):
    """The series was ended."""

    title = gettext_lazy("These days were ended. Begin a new series.")


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved series, and how many days ahead stay as they were because people have places on them."""

    series: ReceptionSeries
    kept: int


@command("voice.save_reception_series")
def save(
    *,
    actor: Actor,
    community: UUID,
    kind: str,
    title: str,
    recurrence: str,
    from_on: date,
    starts_time: time,
    minutes: int,
    slot_minutes: int,
    leader_name: str,
    leader_title: str = "",
    leader_account: UUID | None = None,
    venue: UUID | None = None,
    room: UUID | None = None,
    place_words: str = "",
    notice: str = "",
    until_on: date | None = None,
    series: UUID | None = None,
    is_sample: bool = False,
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Saved:
    """Begin a series of reception days, or change one; days ahead on which nobody has a place are made anew.

    Raises Invalid, SeriesEnded, EditedMeanwhile, NotAllowed or Missing.
    """
    found.community(community)
    policy.require(policy.may_keep(actor, community))
    row = found.locked(ReceptionSeries, series) if series is not None else None
    if row is not None:
        if row.community_id != community:
            raise Missing
        if row.ended_at is not None:
            raise SeriesEnded
        found.require_version(row, version)
    words = _words(
        title=title, leader_name=leader_name, leader_title=leader_title, place_words=place_words, notice=notice
    )
    if kind not in ReceptionSeries.Kind.values:
        raise Invalid(fields={"kind": [_("Choose what kind of day it is.")]})
    every = rules.read(recurrence)
    _check_times(from_on, until_on, starts_time, minutes, slot_minutes, today=local_day(at), is_new=row is None)
    where, inside = _place(community, venue, room)
    if where is None and inside is None and not words["place_words"]:
        raise Invalid(fields={"place_words": [_("Say where people are received.")]})
    _check_leader(leader_account, community, at=at)
    values = {
        **words,
        "kind": kind,
        "recurrence": every.write(),
        "from_on": from_on,
        "until_on": until_on,
        "starts_time": starts_time,
        "minutes": minutes,
        "slot_minutes": slot_minutes,
        "leader_account": leader_account,
        "venue": where,
        "room": inside,
    }
    kept = 0
    if row is None:
        row = ReceptionSeries.objects.create(
            community_id=community, made_by=actor.account, made_at=at, is_sample=is_sample, **values
        )
        act().target(row, "begun")
    else:
        changed = [name for name, value in values.items() if getattr(row, name) != value]
        for name, value in values.items():
            setattr(row, name, value)
        row.version += 1
        row.save(update_fields=[*values, "version"])
        act().target(row, "changed", {"fields": [None, sorted(changed)]})
        kept = _clear_ahead(row, at=at)
    make_days(row, at=at)
    return Saved(row, kept)


@command("voice.end_reception_series")
def end(*, actor: Actor, series: UUID, words: str, at: datetime, key: UUID | None = None) -> ReceptionSeries:
    """End a series: its days ahead are called off, and who has a place on one is told why."""
    from lianxin.domain.voice.commands import reception_days

    row: ReceptionSeries = found.locked(ReceptionSeries, series)
    policy.require(policy.may_keep(actor, row.community_id))
    if row.ended_at is not None:
        raise SeriesEnded
    ahead = ReceptionDay.objects.filter(series=row, state=State.PLANNED, starts_at__gt=at)
    for pk in list(ahead.order_by("pk").values_list("pk", flat=True)):
        reception_days.cancel(actor=actor, day=pk, words=words, at=at)
    row.ended_at, row.until_on = at, max(row.from_on, min(row.until_on or date.max, local_day(at)))
    row.version += 1
    row.save(update_fields=["ended_at", "until_on", "version"])
    act().target(row, "ended")
    act().note(reason=" ".join(words.split()))
    return row


@command("voice.make_reception_days")
def make_ahead(*, actor: Actor, series: Collection[UUID], at: datetime) -> int:
    """Make the days of these series up to sixty days ahead; gives how many are new."""
    policy.require(actor.is_system)
    made = 0
    with scope.everything():
        for pk in sorted(series):
            row: ReceptionSeries = found.locked(ReceptionSeries, pk)
            if row.ended_at is None:
                made += make_days(row, at=at)
                for day in ReceptionDay.objects.filter(series=row, state=State.PLANNED).select_related("series"):
                    reception_duties.look_at_day(day, at=at)
    return made


def list_running() -> list[UUID]:
    """Give the series whose days are to be made ahead."""
    with scope.everything():
        return list(ReceptionSeries.objects.filter(ended_at=None).order_by("pk").values_list("pk", flat=True))


def make_days(row: ReceptionSeries, *, at: datetime) -> int:
    """Make the missing days of a locked series; one that was moved or called off is not made again."""
    today = local_day(at)
    last = min(row.until_on or date.max, today + timedelta(days=DAYS_AHEAD))
    if last < row.from_on:
        return 0
    there = set(ReceptionDay.objects.filter(series=row, held_on__gte=today).values_list("held_on", flat=True))
    wanted = [
        day
        for day in rules.read(row.recurrence).dates(first=row.from_on, until=last)
        if day not in there and local_moment(day, row.starts_time) > at
    ]
    for day in wanted:
        put(row, day, row.starts_time, at=at)
    if wanted:
        act().target(row, "days made", {"days": [None, len(wanted)]})
    return len(wanted)


def put(row: ReceptionSeries, day: date, starts_time: time, *, at: datetime) -> ReceptionDay:
    """Make one day of a locked series, with its room where that is free; else somebody is asked to find one."""
    starts = local_moment(day, starts_time)
    made: ReceptionDay = ReceptionDay.objects.create(
        community_id=row.community_id,
        series=row,
        held_on=day,
        starts_at=starts,
        ends_at=starts + timedelta(minutes=row.minutes),
        leader_name=row.leader_name,
        slots=rules.slots_of(minutes=row.minutes, slot_minutes=row.slot_minutes),
        is_sample=row.is_sample,
    )
    reception_rooms.take_room(made, at=at)
    reception_duties.look_at_day(made, at=at)
    return made


def _clear_ahead(row: ReceptionSeries, *, at: datetime) -> int:
    """Take away the days ahead on which nobody has a place; those with places keep their time, the leader is new."""
    kept = 0
    ahead = ReceptionDay.objects.filter(series=row, state=State.PLANNED, starts_at__gt=at).select_related("series")
    for day in ahead.order_by("pk"):
        if day.places.filter(state__in=LIVE).exists():
            day.leader_name = row.leader_name
            day.version += 1
            day.save(update_fields=["leader_name", "version"])
            kept += 1
            continue
        if day.places.exists():
            continue
        reception_rooms.give_room_back(day, reason=_("The days were changed."), at=at)
        day.state = State.CANCELLED
        reception_duties.look_at_day(day, at=at)
        day.delete()
    return kept


def _words(**given: str) -> dict[str, str]:
    words, problems = {}, {}
    for name, text in given.items():
        words[name] = " ".join(text.split())
        if len(words[name]) > LONGEST[name]:
            problems[name] = [_("At most %(most)d characters.") % {"most": LONGEST[name]}]
    if not words["title"]:
        problems["title"] = [_("Give it a name.")]
    if not words["leader_name"]:
        problems["leader_name"] = [_("Say who receives people.")]
    if problems:
        raise Invalid(fields=problems)
    return words


def _check_times(
    from_on: date, until_on: date | None, starts: time, minutes: int, slot: int, *, today: date, is_new: bool
) -> None:
    problems: dict[str, list[str]] = {}
    if is_new and from_on < today - timedelta(days=366):
        problems["from_on"] = [_("The day lies too far back.")]
    if until_on is not None and until_on < from_on:
        problems["until_on"] = [_("The last day lies before the first.")]
    if slot < SHORTEST_SLOT:
        problems["slot_minutes"] = [_("At least %(n)d minutes for each.") % {"n": SHORTEST_SLOT}]
    elif minutes < slot:
        problems["minutes"] = [_("The day is shorter than one talk.")]
    elif minutes > LONGEST_DAY or starts.hour * 60 + starts.minute + minutes > 24 * 60:
        problems["minutes"] = [_("It must end on the same day, after at most ten hours.")]
    if problems:
        raise Invalid(fields=problems)


def _place(community: UUID, venue: UUID | None, room: UUID | None) -> tuple[Venue | None, Room | None]:
    if room is not None:
        inside = (
            Room.objects.filter(pk=room, community=community, state=RoomState.IN_USE).select_related("venue").first()
        )
        if inside is None or (venue is not None and inside.venue_id != venue):
            raise Invalid(fields={"room": [_("Choose a room of this community.")]})
        return inside.venue, inside
    if venue is not None:
        where = Venue.objects.filter(pk=venue, community=community).exclude(state=VenueState.CLOSED).first()
        if where is None:
            raise Invalid(fields={"venue": [_("Choose a place of this community.")]})
        return where, None
    return None, None


def _check_leader(account: UUID | None, community: UUID, *, at: datetime) -> None:
    if account is None:
        return
    row = Account.objects.filter(pk=account, state=Account.State.ACTIVE).first()
    who = actor_for(account=row, at=at) if row is not None else None
    if who is None or not policy.may_keep(who, community):
        raise Invalid(fields={"leader_account": [_("Choose somebody who works in this community.")]})
