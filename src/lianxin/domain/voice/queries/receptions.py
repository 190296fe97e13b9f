"""Reception days as offices and residents read them: calendars, one day with its slots, own places, the feed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from lianxin.domain.places.models import Division, Level
from lianxin.domain.voice import policy
from lianxin.domain.voice.commands.reception_places import HOLDING, LIVE
from lianxin.domain.voice.commands.reception_telling import where_of
from lianxin.domain.voice.models import ReceptionDay, ReceptionPlace, ReceptionSeries
from lianxin.domain.voice.rules import receipts
from lianxin.domain.voice.rules.receptions import slot_times
from lianxin.engines.icalendar import Event, write
from lianxin.platform import audit, scope
from lianxin.platform.actors import Actor
from lianxin.platform.audit import TimelineEntry
from lianxin.platform.clock import local_day
from lianxin.platform.errors import Missing
from lianxin.platform.models import CalendarDay

State, Place = ReceptionDay.State, ReceptionPlace.State
KEPT, AHEAD = timedelta(days=90), timedelta(days=120)
MOST = 500
HOST = "lianxin"
RELATED = ("series__room__venue", "series__venue", "community")


@dataclass(frozen=True, slots=True)
class Slot:
    """One time of a day, and who has it if anybody."""

    number: int
    starts_at: datetime
    ends_at: datetime
    place: ReceptionPlace | None = None


@dataclass(frozen=True, slots=True)
class DayBundle:
    """A day with its slots, who came by, and who waits in line."""

    day: ReceptionDay
    slots: Sequence[Slot]
    walked_in: Sequence[ReceptionPlace]
    waiting: Sequence[ReceptionPlace]
    given_up: Sequence[ReceptionPlace]
    holiday: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class PublicDay:
    """A day as everybody reads it: no names but the leader's."""

    day: ReceptionDay
    where: str
    free: int
    waiting: int
    holiday: str = ""
    free_slots: Sequence[tuple[int, datetime]] = field(default_factory=tuple)


def list_series(actor: Actor, *, ended: bool = False) -> QuerySet[ReceptionSeries]:
    """Give the series of the communities in scope, running ones or ended ones."""
    rows = ReceptionSeries.objects.filter(ended_at__isnull=not ended)
    return rows.select_related("community", "venue", "room__venue").order_by("community__code", "kind", "from_on", "pk")


def find_series(actor: Actor, pk: UUID) -> ReceptionSeries:
    """Give one series in scope; raises Missing."""
    row = ReceptionSeries.objects.filter(pk=pk).select_related("community", "venue", "room__venue").first()
    if row is None or not policy.may_read(actor, row.community_id):
        raise Missing
    return row


def list_days(
    actor: Actor,
    *,
    from_on: date | None = None,
    until_on: date | None = None,
    states: Iterable[str] = (),
    communities: Iterable[UUID] | None = None,
    newest_first: bool = False,
) -> QuerySet[ReceptionDay]:
    """Give reception days of the communities in scope, in order."""
    rows = ReceptionDay.objects.select_related(*RELATED)
    if from_on is not None:
        rows = rows.filter(held_on__gte=from_on)
    if until_on is not None:
        rows = rows.filter(held_on__lte=until_on)
    if states:
        rows = rows.filter(state__in=list(states))
    if communities is not None:
        rows = rows.filter(community__in=list(communities))
    rows = rows.annotate(waits=Count("places", filter=Q(places__state=Place.WAITING)))
    rows = rows.annotate(received=Count("places", filter=Q(places__state=Place.RECEIVED)))
    return rows.order_by("-held_on", "-pk") if newest_first else rows.order_by("held_on", "starts_at", "pk")


def find_day(actor: Actor, pk: UUID) -> DayBundle:
    """Give one day in scope with everybody on it; raises Missing."""
    row = ReceptionDay.objects.filter(pk=pk).select_related(*RELATED).first()
    if row is None or not policy.may_read(actor, row.community_id):
        raise Missing
    places = list(
        row.places.select_related("person", "case").prefetch_related("commitments").order_by("asked_at", "pk")
    )
    by_slot = {one.slot: one for one in places if one.slot is not None and one.state in HOLDING}
    times = slot_times(row.starts_at, row.ends_at, row.slots)
    slots = [Slot(number, *span, place=by_slot.get(number)) for number, span in enumerate(times)]
    return DayBundle(
        day=row,
        slots=slots,
        walked_in=[one for one in places if one.slot is None and one.state == Place.RECEIVED],
        waiting=[one for one in places if one.state == Place.WAITING],
        given_up=[one for one in places if one.state == Place.CANCELLED],
        holiday=holidays([row.held_on]).get(row.held_on, ""),
        where=where_of(row),
    )


def find_place(actor: Actor, pk: UUID) -> ReceptionPlace:
    """Give one place in scope for the office; raises Missing."""
    row = ReceptionPlace.objects.filter(pk=pk).select_related("day__series", "person", "case", "community").first()
    if row is None or not policy.may_keep(actor, row.community_id):
        raise Missing
    return row


def timeline(actor: Actor, kind: str, pk: UUID) -> list[TimelineEntry]:
    """Give what happened to a series, a day or a place."""
    with scope.within(actor.communities):
        return audit.entries_for(kind, pk, limit=50)


def holidays(days: Iterable[date]) -> dict[date, str]:
    """Give the published names of those of these days on which nobody has to work."""
    wanted = list(days)
    rows = CalendarDay.objects.filter(day_on__in=wanted, is_workday=False) if wanted else []
    return {row.day_on: row.name for row in rows}


def list_public(*, community: UUID, at: datetime, past: bool = False) -> list[PublicDay]:
    """Give a community's days ahead, or those that are over, with missed and called-off ones, for everybody."""
    today = local_day(at)
    with scope.everything():
        if not Division.objects.filter(pk=community, level=Level.COMMUNITY).exists():
            raise Missing
        rows = ReceptionDay.objects.filter(community=community).select_related(*RELATED)
        if past:
            rows = rows.filter(held_on__lt=today, held_on__gte=today - timedelta(days=366)).order_by("-held_on", "pk")
        else:
            rows = rows.filter(held_on__gte=today, held_on__lte=today + AHEAD).order_by("held_on", "starts_at", "pk")
        rows = rows.annotate(waits=Count("places", filter=Q(places__state=Place.WAITING)))
        found = list(rows[:60])
        named = holidays(row.held_on for row in found)
        return [
            PublicDay(
                day=row, where=where_of(row), free=_free(row), waiting=row.waits, holiday=named.get(row.held_on, "")
            )
            for row in found
        ]


def find_public(*, day: UUID) -> PublicDay:
    """Give one day for everybody, with the slots that are free; raises Missing."""
    with scope.everything():
        row = ReceptionDay.objects.filter(pk=day).select_related(*RELATED).first()
        if row is None:
            raise Missing
        held = row.places.filter(state__in=HOLDING, slot__isnull=False).values_list("slot", flat=True)
        taken, waits = set(held), row.places.filter(state=Place.WAITING).count()
        times = slot_times(row.starts_at, row.ends_at, row.slots)
        free = [(number, span[0]) for number, span in enumerate(times) if number not in taken]
        return PublicDay(
            day=row,
            where=where_of(row),
            free=0 if waits else _free(row),
            waiting=waits,
            holiday=holidays([row.held_on]).get(row.held_on, ""),
            free_slots=() if waits else tuple(free),
        )


def list_own(*, people: Iterable[UUID], at: datetime) -> list[ReceptionPlace]:
    """Give the places of some people: those ahead first, then what is over, newest first."""
    with scope.everything():
        rows = ReceptionPlace.objects.filter(person__in=list(people)).select_related(
            "day__series__room__venue", "day__series__venue", "community", "person"
        )
        ahead = rows.filter(state__in=LIVE, day__ends_at__gt=at).order_by("day__starts_at", "pk")
        over = rows.exclude(pk__in=ahead.values("pk")).order_by("-day__starts_at", "-pk")
        return [*ahead[:20], *over[:20]]


def in_line(row: ReceptionPlace) -> int:
    """Give which place in the waiting line somebody has, from 1."""
    with scope.everything():
        before = ReceptionPlace.objects.filter(day=row.day_id, state=Place.WAITING)
        earlier = Q(asked_at__lt=row.asked_at) | Q(asked_at=row.asked_at, pk__lt=row.pk)
        return before.filter(earlier).count() + 1


def find_by_token(*, number: str, token: str) -> ReceptionPlace:
    """Give a place by its receipt and the private word of its link; raises Missing."""
    plain, word = receipts.read_number(number), receipts.read_token(token)
    with scope.everything():
        row = (
            ReceptionPlace.objects.filter(receipt=plain)
            .select_related("day__series__room__venue", "day__series__venue", "community", "case")
            .prefetch_related("commitments")
            .first()
            if plain and word
            else None
        )
    if row is None or word not in receipts.tokens_for(row.pk, row.receipt):
        raise Missing
    return row


def calendar_of(*, community: UUID, base_url: str, at: datetime) -> bytes:
    """Write a community's reception days as a calendar to subscribe to; a missed one stays in it, said as such."""
    with scope.everything():
        place = Division.objects.filter(pk=community, level=Level.COMMUNITY).first()
        if place is None:
            raise Missing
        rows = ReceptionDay.objects.filter(
            community=community, starts_at__gte=at - KEPT, starts_at__lt=at + AHEAD
        ).select_related(*RELATED)
        events = [_event(row, base_url) for row in rows.order_by("starts_at", "pk")[:MOST]]
    return write(events, name=place.short_name, url=f"{base_url}/communities/{community}/receptions.ics")


def _event(row: ReceptionDay, base_url: str) -> Event:
    series = row.series
    return Event(
        uid=f"{row.pk}@{HOST}",
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        changed_at=row.closed_at or series.made_at,
        sequence=row.version,
        summary=f"{series.title} · {row.leader_name}",
        status="CANCELLED" if row.state in (State.CANCELLED, State.MISSED) else "CONFIRMED",
        location=where_of(row),
        description="\n".join(filter(None, (series.notice, row.state_words))),
        url=f"{base_url}/receptions/{row.pk}/",
        is_free_time=True,
    )


def _free(row: ReceptionDay) -> int:
    return max(0, row.slots - row.taken) if row.state == State.PLANNED else 0
