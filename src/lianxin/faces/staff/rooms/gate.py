"""Who may open the pages of rooms; for everybody else they do not exist."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from lianxin.domain.bookings import policy
from lianxin.domain.bookings.queries.bookings import find_booking, find_time
from lianxin.domain.bookings.queries.terms import LentRoom, find_closing, find_lent_room
from lianxin.domain.bookings.queries.waiting import find_wait
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now
from lianxin.platform.errors import Missing

from ..access import PRESS, READ, SEND, View, guard


def keeps_rooms(actor: Actor) -> bool:
    """Tell whether somebody looks after rooms somewhere: offices of communities and subdistricts, and hosts."""
    return policy.may_work_with_rooms(actor) and actor.holds(*policy.OFFICES, "host")


def books_rooms(actor: Actor) -> bool:
    """Tell whether somebody books rooms from the office, the district's staff included."""
    return policy.may_work_with_rooms(actor)


def open_room(actor: Actor, room: UUID) -> LentRoom:
    """Give a room that the actor works with; raises Missing."""
    with scope.within(actor.communities):
        found = find_lent_room(room)
    if found is None:
        raise Missing
    where = found.room
    if not (policy.may_read_rooms(actor, where.community_id) or _keeps(actor, found)):
        raise Missing
    return found


def _keeps(actor: Actor, found: LentRoom) -> bool:
    return policy.may_keep_room(actor, found.room.community_id, found.room.venue_id)


def _closing(actor: Actor, pk: UUID) -> Any:
    with scope.within(actor.communities):
        row = find_closing(pk)
    return open_room(actor, row.room_id)


def _wait(actor: Actor, pk: UUID) -> Any:
    with scope.within(actor.communities):
        row = find_wait(pk)
    return open_room(actor, row.room_id)


LOOKUPS: dict[str, Callable[[Actor, UUID], Any]] = {
    "room": open_room,
    "booking": lambda actor, pk: find_booking(actor=actor, booking=pk, on=local_day(now())),
    "time": lambda actor, pk: find_time(actor=actor, time=pk, on=local_day(now())),
    "closing": _closing,
    "wait": _wait,
}


def _there(actor: Actor, named: dict[str, Any]) -> None:
    """Find what an address names among what the actor may open; raises Missing."""
    for name, value in named.items():
        LOOKUPS[name](actor, value)


def reading(view: View) -> View:
    """Let those who work with rooms read a page."""
    return guard(READ, seen_by=policy.may_work_with_rooms)(view)


def booking_form(view: View) -> View:
    """Let those who book from the office open and send a form."""
    return guard(SEND, seen_by=policy.may_work_with_rooms, allowed=books_rooms, there=_there)(view)


def booking_press(view: View) -> View:
    """Take a button from those who book from the office."""
    return guard(PRESS, seen_by=policy.may_work_with_rooms, allowed=books_rooms, there=_there)(view)


def keeping(view: View) -> View:
    """Let those who keep rooms open and send a form."""
    return guard(SEND, seen_by=policy.may_work_with_rooms, allowed=keeps_rooms, there=_there)(view)


def keeper_presses(view: View) -> View:
    """Take a button from those who keep rooms."""
    return guard(PRESS, seen_by=policy.may_work_with_rooms, allowed=keeps_rooms, there=_there)(view)
