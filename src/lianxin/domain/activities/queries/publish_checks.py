"""One check before publishing: over times, rooms and people, with a sentence for everything that stands in the way."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from lianxin.domain.activities.models import Activity, Occurrence, Shift
from lianxin.domain.activities.queries.activities import find_activity
from lianxin.domain.activities.rules import plans
from lianxin.domain.activities.rules.wording import spoken
from lianxin.domain.bookings.queries.free import list_conflicts
from lianxin.domain.places.models import Room, RoomState, Venue, VenueState
from lianxin.domain.places.queries.opening import hours_by_day
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import LOCAL, local_day

LIVE = (Occurrence.State.DRAFT, Occurrence.State.PUBLISHED)


@dataclass(frozen=True)
class Finding:
    """One thing found, and the date it is about (None: the activity as a whole)."""

    sentence: str
    occurrence: UUID | None = None


@dataclass
class PublishCheck:
    """What publishing would do, what stops it, and what somebody should look at first."""

    dates: list[Occurrence]
    problems: list[Finding] = field(default_factory=list)
    doubts: list[Finding] = field(default_factory=list)
    rooms: int = 0
    shifts: int = 0

    @property
    def is_free(self) -> bool:
        """Tell whether nothing stops it."""
        return bool(self.dates) and not self.problems


def check_publish(*, row: Activity, at: datetime) -> PublishCheck:
    """Check all drafted dates of an activity at once; about ten queries, however many dates."""
    standing = list(Occurrence.objects.filter(activity=row, state__in=LIVE).order_by("starts_at"))
    dates = [one for one in standing if one.state == Occurrence.State.DRAFT]
    found = PublishCheck(dates)
    if not dates:
        found.problems.append(Finding(_("There are no dates to publish. Add at least one.")))
        return found
    plan = plans.read(row.plan)
    drafts = dict.fromkeys(
        Shift.objects.filter(occurrence__in=dates, state=Shift.State.DRAFT).values_list("occurrence", flat=True)
    )
    found.rooms = sum(one.room_id is not None for one in dates)
    found.shifts = sum(len(plan.shifts) for one in dates if one.pk not in drafts) + len(drafts)
    found.problems += _time_problems(dates, standing, at)
    with scope.everything():
        venues = Venue.objects.in_bulk({one.venue_id for one in dates if one.venue_id})
        rooms = Room.objects.in_bulk({one.room_id for one in dates if one.room_id})
        found.problems += _place_problems(dates, venues, rooms)
        found.problems += _room_conflicts(dates, rooms)
        found.doubts += _place_doubts(dates, venues, rooms, at)
        found.doubts += _people_doubts(row, dates)
    if not row.summary and not row.poster_text:
        found.doubts.append(Finding(_("Nothing says yet what happens there. Write a sentence or two.")))
    return found


def check_for(*, actor: Actor, activity: UUID, at: datetime) -> PublishCheck:
    """Check an activity as its page shows it before somebody publishes; raises Missing."""
    row = find_activity(actor=actor, activity=activity)
    with scope.within(actor.communities):
        return check_publish(row=row, at=at)


def _time_problems(dates: Sequence[Occurrence], standing: Sequence[Occurrence], at: datetime) -> Iterator[Finding]:
    for one in dates:
        if one.starts_at <= at:
            yield Finding(_("%(when)s is over already. Move this date or take it out.") % _when(one), one.pk)
        for _name, sentence in plans.date_problems(one):
            yield Finding(f"{spoken(one.starts_at)}: {sentence}", one.pk)
    for earlier, later in itertools.pairwise(standing):
        if later.starts_at < earlier.ends_at and earlier.ends_at > at:
            yield Finding(
                _("%(first)s and %(second)s overlap. Move one of them.")
                % {"first": spoken(earlier.starts_at), "second": spoken(later.starts_at)},
                later.pk,
            )


def _place_problems(
    dates: Sequence[Occurrence], venues: dict[UUID, Venue], rooms: dict[UUID, Room]
) -> Iterator[Finding]:
    for one in dates:
        if one.venue_id is None and not one.place:
            yield Finding(_("%(when)s: say where it is.") % _when(one), one.pk)
            continue
        if one.venue_id is None:
            continue
        venue = venues.get(one.venue_id)
        if venue is None or venue.state == VenueState.CLOSED:
            yield Finding(_("%(when)s: the place has closed for good. Choose another one.") % _when(one), one.pk)
        room = rooms.get(one.room_id) if one.room_id else None
        if room is not None and (room.state != RoomState.IN_USE or room.venue_id != one.venue_id):
            yield Finding(_("%(when)s: the room is not in use. Choose another one.") % _when(one), one.pk)


def _room_conflicts(dates: Sequence[Occurrence], rooms: dict[UUID, Room]) -> Iterator[Finding]:
    for pk, room in sorted(rooms.items()):
        mine = {(one.starts_at, one.ends_at): one for one in dates if one.room_id == pk}
        for conflict in list_conflicts(pk, list(mine)):
            one = mine[conflict.wished.starts_at, conflict.wished.ends_at]
            yield Finding(f"{room.name} · {conflict.say(names=True)}", one.pk)


def _place_doubts(
    dates: Sequence[Occurrence], venues: dict[UUID, Venue], rooms: dict[UUID, Room], at: datetime
) -> Iterator[Finding]:
    days = sorted({local_day(one.starts_at) for one in dates})
    hours = hours_by_day(venues.values(), days=days) if venues else {}
    for one in dates:
        room = rooms.get(one.room_id) if one.room_id else None
        if room is not None and room.seats and one.size and one.size > room.seats:
            yield Finding(
                _("%(when)s: %(room)s has %(seats)d seats for %(size)d people.")
                % {**_when(one), "room": room.name, "seats": room.seats, "size": one.size},
                one.pk,
            )
        venue = venues.get(one.venue_id) if one.venue_id else None
        if venue is None:
            continue
        if venue.state == VenueState.PAUSED:
            yield Finding(_("%(when)s: %(place)s is closed for the time being.") % _at(one, venue), one.pk)
            continue
        open_then = hours.get(venue.pk, {}).get(local_day(one.starts_at), ())
        local = one.starts_at.astimezone(LOCAL)
        start = local.hour * 60 + local.minute
        if any(hours.get(venue.pk, {}).values()) and not any(h.opens <= start < h.closes for h in open_then):
            yield Finding(_("%(when)s: %(place)s is closed at that time.") % _at(one, venue), one.pk)


def _people_doubts(row: Activity, dates: Sequence[Occurrence]) -> Iterator[Finding]:
    """Look for others that need the same people then: the contact, who holds it, and the teams of its shifts."""
    first, last = min(one.starts_at for one in dates), max(one.ends_at for one in dates)
    others = Occurrence.objects.filter(state=Occurrence.State.PUBLISHED, starts_at__lt=last, ends_at__gt=first).exclude(
        activity=row
    )
    holds = list(row.organisers.filter(role="holds").values_list("organisation", flat=True))
    same = Q(activity__organisers__organisation__in=holds, activity__organisers__role="holds")
    if row.contact_name and row.contact_phone:
        same |= Q(activity__contact_name=row.contact_name, activity__contact_phone=row.contact_phone)
    if holds or (row.contact_name and row.contact_phone):
        for other in others.filter(same).select_related("activity").distinct():
            is_contact = (other.activity.contact_name, other.activity.contact_phone) == (
                row.contact_name,
                row.contact_phone,
            )
            for one in dates:
                if other.starts_at < one.ends_at and one.starts_at < other.ends_at:
                    words = {**_when(one), "title": other.title or other.activity.title, "name": row.contact_name}
                    sentence = (
                        _("%(when)s: %(name)s is at “%(title)s” then.")
                        if is_contact
                        else _("%(when)s: who holds it holds “%(title)s” then as well.")
                    )
                    yield Finding(sentence % words, one.pk)
    yield from _team_doubts(row, dates, first, last)


def _team_doubts(row: Activity, dates: Sequence[Occurrence], first: datetime, last: datetime) -> Iterator[Finding]:
    teams = {shift.team for shift in plans.read(row.plan).shifts if shift.team}
    if not teams:
        return
    busy = (
        Shift.objects.filter(team__in=teams, state=Shift.State.OPEN, starts_at__lt=last, ends_at__gt=first)
        .exclude(occurrence__activity=row)
        .select_related("team")
    )
    for shift in busy:
        for one in dates:
            if shift.starts_at < one.ends_at and one.starts_at < shift.ends_at:
                words = {**_when(one), "team": shift.team.name if shift.team else "", "role": shift.role}
                yield Finding(_("%(when)s: team %(team)s has another shift then (%(role)s).") % words, one.pk)


def _when(one: Occurrence) -> dict[str, str]:
    return {"when": spoken(one.starts_at)}


def _at(one: Occurrence, venue: Venue) -> dict[str, str]:
    return {"when": spoken(one.starts_at), "place": venue.name}
