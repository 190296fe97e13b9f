"""Rooms of the pilots as they are lent: terms, study seats, who books them, who was there, who waits for a slot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from lianxin.domain.bookings.commands.arrivals import end_uses, note_arrival
from lianxin.domain.bookings.commands.bookings import book_times
from lianxin.domain.bookings.commands.seats import get_up, set_study_seats, sit_down
from lianxin.domain.bookings.commands.terms import set_terms
from lianxin.domain.bookings.commands.waits import wait_for_slot
from lianxin.domain.bookings.models import Booking
from lianxin.domain.bookings.queries.free import list_conflicts
from lianxin.domain.places.models import Room, RoomState, VenueState
from lianxin.domain.points.sample.pilots import Home, Pilot
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_moment
from lianxin.platform.errors import Invalid, Refused

RULES = "用完把椅子归位、关灯关窗;大声的活动晚上九点前结束。"
TERMS: Mapping[str, dict[str, Any]] = {
    "meeting": {"needs_approval": True, "buffer_after": 10, "set_ups": ["排排坐", "围坐", "U形"], "most_a_week": 2},
    "training": {"needs_approval": True, "buffer_after": 10, "set_ups": ["排排坐", "分组"], "most_a_week": 2},
    "music": {"needs_approval": False, "buffer_after": 10, "longest_minutes": 180, "most_a_week": 2},
    "sports": {"needs_approval": False, "longest_minutes": 120, "most_a_week": 3, "release_after": 15},
    "classics": {"needs_approval": False, "most_a_week": 2},
    "counselling": {"needs_approval": False, "is_confidential": True, "buffer_before": 10, "buffer_after": 15},
    "mediation": {"needs_approval": True, "is_confidential": True, "buffer_after": 15},
}
TITLES: Mapping[str, tuple[str, ...]] = {
    "meeting": ("楼栋业主碰头", "亲戚议事", "备课", "读书小组"),
    "training": ("裁缝手艺交流", "备考小组", "手工小组"),
    "music": ("合练弦诗", "练二弦", "合唱排练"),
    "sports": ("打乒乓球", "练太极", "跳操"),
    "classics": ("抄经读书", "练毛笔字", "茶话"),
    "counselling": ("约谈",),
    "mediation": ("约谈",),
}
STARTS = (time(9), time(10), time(15), time(16), time(15, 30))
OPEN_TO = "residents"
TIMES_IN_CLOSED_YEAR = 8


@dataclass(slots=True)
class House:
    """A pilot's centre with the rooms that it lends."""

    pilot: Pilot
    rooms: dict[str, Room]
    dice: Random
    made: list[Booking] = field(default_factory=list)

    def moment(self, days_ahead: int, at: time) -> datetime:
        """Give a moment so many days after the sample's day, or before it."""
        return local_moment(self.pilot.plan.day(-days_ahead), at)

    def resident(self, home: Home) -> Actor:
        """Give the head of a household as who they are."""
        return Actor(
            account=None,
            role="resident",
            communities=frozenset({self.pilot.community.pk}),
            via="web",
            person=home.head,
            roles=frozenset({"resident"}),
        )


def find_house(pilot: Pilot) -> House | None:
    """Give the rooms of a pilot's centre that can be lent; none where the centre is not at work."""
    with scope.everything():
        rooms = Room.objects.filter(
            community=pilot.community, venue__kind="centre", venue__state=VenueState.OPEN, state=RoomState.IN_USE
        )
        by_kind = {room.kind.code: room for room in rooms.select_related("kind").order_by("-pk")}
    if not by_kind:
        return None
    return House(pilot, by_kind, pilot.plan.random("rooms", pilot.community.code))


def lend(house: House) -> None:
    """Set the terms, then let residents book, come, wait and sit down."""
    _set_terms(house)
    _weekly_band(house)
    _used_in_closed_year(house)
    _used(house)
    _ahead(house)
    _wait(house)
    _sit(house)
    end_uses(actor=Actor.system(via="cli"), at=house.pilot.plan.at)


def _set_terms(house: House) -> None:
    staff, at = house.pilot.staff, local_moment(house.pilot.switched_on, time(9))
    for kind, values in TERMS.items():
        room = house.rooms.get(kind)
        if room is not None:
            terms = {"open_to": OPEN_TO, "house_rules": RULES, **values}
            set_terms(actor=staff, room=room.pk, values=terms, at=at)
    reading = house.rooms.get("reading")
    if reading is not None:
        set_study_seats(actor=staff, room=reading.pk, seats=max(6, (reading.seats or 12) // 2), at=at)


def _weekly_band(house: House) -> None:
    """Let the string band have its room every week: booked by the staff, once for all dates."""
    room = house.rooms.get("music") or house.rooms.get("hall")
    if room is None:
        return
    # Wednesday afternoon, so that weekends stay free for families.
    first = next(days for days in range(1, 8) if house.pilot.plan.day(-days).weekday() == 2)
    times = [
        (house.moment(first + 7 * week, time(14, 40)), house.moment(first + 7 * week, time(16, 20)))
        for week in range(8)
    ]
    free = [pair for pair in times if _is_free(room.pk, pair)]
    if free:
        book_times(
            actor=house.pilot.staff,
            room=room.pk,
            times=free,
            title="老人弦乐队合练",
            contact_name="弦乐队(样例)",
            people_expected=10,
            recurrence={"every": "week", "interval": 1, "weekdays": [2], "times": len(free)},
            at=house.pilot.plan.moment(8, 10),
        )


def _is_free(room: UUID, pair: tuple[datetime, datetime]) -> bool:
    with scope.everything():
        return not list_conflicts(room, [pair])


def _used_in_closed_year(house: House) -> None:
    """Let rooms have been used now and then in the closed year, and not always by who had booked."""
    plan = house.pilot.plan
    end = date(plan.told_year, 12, 20)
    days = sorted(house.dice.sample(range(20, (end - house.pilot.switched_on).days), TIMES_IN_CLOSED_YEAR))
    for number, days_after in enumerate(days):
        on = house.pilot.switched_on + timedelta(days=days_after)
        ahead = (on - plan.today).days
        _come(house, _book(house, ahead, at=local_moment(on - timedelta(days=2), time(20)), at_once=True), number != 3)
        if number % 3 == 0:
            _sit_on(house, on, 2)


def _come(house: House, booking: Booking | None, is_there: bool) -> None:
    """Let whoever booked come, or stay away; where nobody was, the slot has run out."""
    with scope.everything():
        slot = booking.times.first() if booking is not None and booking.state == Booking.State.CONFIRMED else None
    if slot is not None and is_there:
        _try(lambda: note_arrival(actor=house.pilot.staff, time=slot.pk, at=slot.starts_at))


def _used(house: House) -> None:
    """Let some rooms have been used in the week before; one slot was not needed after all."""
    for number, days_ago in enumerate((7, 6, 4, 2)):
        booking = _book(house, -days_ago, at=house.moment(-days_ago - 2, time(20)), at_once=True)
        _come(house, booking, number != 2)


def _ahead(house: House) -> None:
    """Let residents book the days ahead; what needs approval waits for it."""
    for days in (1, 2, 3, 5, 6, 8, 10, 13):
        booking = _book(house, days, at=house.pilot.plan.moment(1, 8 + days % 10, 20))
        if booking is not None:
            house.made.append(booking)


def _book(house: House, days_ahead: int, *, at: datetime, at_once: bool = False) -> Booking | None:
    """Let some household book some room; `at_once` leaves rooms out for which somebody has to decide."""
    kinds = sorted(kind for kind in TERMS if kind in house.rooms and not (at_once and TERMS[kind]["needs_approval"]))
    for _turn in range(4):
        if not kinds:
            return None
        kind = house.dice.choice(kinds)
        start = house.moment(days_ahead, house.dice.choice(STARTS))
        home = house.dice.choice(house.pilot.homes)
        made = _try(
            lambda kind=kind, start=start, home=home: book_times(  # type: ignore[misc]
                actor=house.resident(home),
                room=house.rooms[kind].pk,
                times=[(start, start + timedelta(minutes=60))],
                title=house.dice.choice(TITLES[kind]),
                person=home.head,
                people_expected=3,
                at=at,
            )
        )
        if made is not None:
            found: Booking = made
            return found
    return None


def _wait(house: House) -> None:
    """Let somebody wait for a slot that another household has."""
    with scope.everything():
        taken = [row for row in house.made if row.state == Booking.State.CONFIRMED and not row.room.confidential]
        slot = taken[0].times.first() if taken else None
    others = [home for home in house.pilot.homes if taken and home.household != taken[0].household_id]
    if slot is not None and others:
        home = house.dice.choice(others)
        _try(
            lambda: wait_for_slot(
                actor=house.resident(home),
                room=slot.room_id,
                starts_at=slot.starts_at,
                ends_at=slot.ends_at,
                title="想借一小时",
                person=home.head,
                at=house.pilot.plan.moment(1, 20),
            )
        )


def _sit(house: House) -> None:
    """Let a few have sat in the reading room the day before."""
    _sit_on(house, house.pilot.plan.day(1), 5)


def _sit_on(house: House, on: date, people: int) -> None:
    reading = house.rooms.get("reading")
    if reading is None:
        return
    for number in range(people):
        came = local_moment(on, time(9 + number, 10))
        stay = _try(lambda came=came: sit_down(actor=house.pilot.staff, room=reading.pk, at=came))  # type: ignore[misc]
        if stay is not None:
            get_up(actor=house.pilot.staff, stay=stay.pk, at=came + timedelta(minutes=35 + 20 * number))


def _try(do: Callable[[], Any]) -> Any:
    """Do it, or leave it where a rule says no: a closed day, a room that somebody has."""
    try:
        return do()
    except (Refused, Invalid):
        return None
