"""Taking over reception days from a register: a series that is over or goes on, with its days and who came.

A community that comes to the program in the middle of a year brings its days along; the sample district tells its past.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.voice import policy
from lianxin.domain.voice.commands import found, reception_series
from lianxin.domain.voice.commands.numbers import give_receipts
from lianxin.domain.voice.commands.receiving import RECEIVED
from lianxin.domain.voice.commands.reception_days import HELD, MISSED
from lianxin.domain.voice.models import ReceptionDay, ReceptionPlace, ReceptionSeries
from lianxin.domain.voice.rules import receipts
from lianxin.domain.voice.rules import receptions as rules
from lianxin.platform import facts, many
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_moment
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid
from lianxin.platform.ids import new_ids

ASKED_BEFORE, CLOSED_AFTER = timedelta(days=2), timedelta(minutes=20)
Day, Place = ReceptionDay.State, ReceptionPlace.State


@dataclass(frozen=True, slots=True)
class PastGuest:
    """Somebody who had a place; without an answer they did not come."""

    person: UUID
    about: str = ""
    said: str = ""
    answered: str = ""


@dataclass(frozen=True, slots=True)
class PastDay:
    """A day that was held, or missed for a reason; `words` says why the leader did not come, or why it was missed."""

    on: date
    guests: Sequence[PastGuest] = field(default_factory=tuple)
    leader_came: bool = True
    is_missed: bool = False
    words: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True)
class PastSeries:
    """A recurring day as it was until its last one, or until now."""

    kind: str
    title: str
    recurrence: str
    starts_time: time
    minutes: int
    slot_minutes: int
    leader_name: str
    leader_title: str
    place_words: str
    days: Sequence[PastDay]
    # It still runs: the days ahead are made as well.
    goes_on: bool = False


@command("voice.take_in_reception_history")
def take_in(
    *,
    actor: Actor,
    community: UUID,
    series: PastSeries,
    is_sample: bool = False,
    at: datetime,
    key: UUID | None = None,
) -> ReceptionSeries:
    """Keep a series with its days, each counted once. Raises Invalid, naming the first day that is wrong.

    It ends with them, or goes on from now. Nobody is told and nothing is owed: what is taken over is over.
    """
    policy.require(policy.may_keep(actor, community))
    found.community(community)
    every = rules.read(series.recurrence)
    slots = rules.slots_of(minutes=series.minutes, slot_minutes=series.slot_minutes)
    days = sorted(series.days, key=lambda one: one.on)
    if not days:
        raise Invalid(fields={"days": [_("The register names no day.")]})
    for one in days:
        _check(one, series, slots=slots, at=at)
    row = ReceptionSeries.objects.create(
        community_id=community,
        kind=series.kind,
        title=series.title,
        recurrence=every.write(),
        from_on=days[0].on,
        until_on=None if series.goes_on else days[-1].on,
        starts_time=series.starts_time,
        minutes=series.minutes,
        slot_minutes=series.slot_minutes,
        leader_name=series.leader_name,
        leader_title=series.leader_title,
        place_words=series.place_words,
        ended_at=None if series.goes_on else at,
        made_by=actor.account,
        made_at=at,
        is_sample=is_sample,
    )
    made = [
        _day(pk, row, one, slots=slots, account=actor.account) for pk, one in zip(new_ids(len(days)), days, strict=True)
    ]
    places = _places(made, days, account=actor.account)
    many.keep(made)
    many.keep([place for _day_row, place in places])
    for day in made:
        measure = HELD if day.state == Day.HELD else MISSED
        facts.record(measure=measure, record=day, quantity=1, community_id=community, on=day.held_on)
    for day, place in places:
        if place.state == Place.RECEIVED:
            facts.record(measure=RECEIVED, record=place, quantity=1, community_id=community, on=day.held_on)
    act().target(row, "taken over", {"days": [None, len(made)]})
    if series.goes_on:
        reception_series.make_days(row, at=at)
    act().note(community_id=community, reason=_("reception days taken over"))
    return row


def _check(one: PastDay, series: PastSeries, *, slots: int, at: datetime) -> None:
    day = {"day": one.on.isoformat()}
    if local_moment(one.on, series.starts_time) + timedelta(minutes=series.minutes) > at:
        raise Invalid(fields={"days": [_("%(day)s is not over yet.") % day]})
    if len(one.guests) > slots:
        raise Invalid(fields={"days": [_("%(day)s has more guests than places.") % day]})
    if (one.is_missed or not one.leader_came) and not one.words:
        raise Invalid(fields={"days": [_("%(day)s does not say why.") % day]})
    if one.is_missed and one.guests:
        raise Invalid(fields={"days": [_("On %(day)s nobody can have been received.") % day]})


def _day(pk: UUID, row: ReceptionSeries, one: PastDay, *, slots: int, account: UUID | None) -> ReceptionDay:
    starts = local_moment(one.on, row.starts_time)
    ends = starts + timedelta(minutes=row.minutes)
    return ReceptionDay(
        id=pk,
        community_id=row.community_id,
        series=row,
        held_on=one.on,
        starts_at=starts,
        ends_at=ends,
        state=Day.MISSED if one.is_missed else Day.HELD,
        state_words=one.words,
        leader_name=row.leader_name,
        leader_came=None if one.is_missed else one.leader_came,
        slots=slots,
        taken=len(one.guests),
        summary=one.summary,
        closed_at=None if one.is_missed else ends + CLOSED_AFTER,
        closed_by=None if one.is_missed else account,
        is_sample=row.is_sample,
    )


def _places(
    made: Sequence[ReceptionDay], days: Sequence[PastDay], *, account: UUID | None
) -> list[tuple[ReceptionDay, ReceptionPlace]]:
    wanted = [(row, slot, guest) for row, one in zip(made, days, strict=True) for slot, guest in enumerate(one.guests)]
    ids = new_ids(len(wanted))
    numbers = give_receipts(ids, receipts.RECEPTION) if ids else []
    found_places = []
    for pk, receipt, (row, slot, guest) in zip(ids, numbers, wanted, strict=True):
        came = bool(guest.answered)
        place = ReceptionPlace(
            id=pk,
            community_id=row.community_id,
            day=row,
            slot=slot,
            asked_at=row.starts_at - ASKED_BEFORE,
            person_id=guest.person,
            receipt=receipt,
            about=guest.about,
            booked_by=account,
            state=Place.RECEIVED if came else Place.ABSENT,
            received_at=row.ends_at if came else None,
            said=guest.said,
            answered=guest.answered,
            is_sample=row.is_sample,
        )
        found_places.append((row, place))
    return found_places
