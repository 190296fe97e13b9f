"""Who waits for slots, and study seats as they are now."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from lianxin.domain.bookings.models import SeatStay, SlotWait
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing

LIVE = (SlotWait.State.WAITING, SlotWait.State.OFFERED)


def list_waits(*, room: UUID, at: datetime) -> list[SlotWait]:
    """Give who waits for slots of a room in scope, by slot and in the order of asking."""
    rows = SlotWait.objects.filter(room=room, state__in=LIVE, ends_at__gt=at).select_related("person", "organisation")
    return list(rows.order_by("starts_at", "asked_at", "pk"))


def _mine(actor: Actor, person: UUID | None) -> Q:
    """Give the filter for a resident's waits, or without one for those of the actor's organisations."""
    if person is None:
        return Q(person=None, organisation__in=actor.organisations)
    return Q(person=person) if actor.person is not None else Q(pk__in=[])


def list_my_waits(*, actor: Actor, person: UUID | None, at: datetime) -> list[tuple[SlotWait, int]]:
    """Give what a resident or an organisation waits for anywhere, each with the place in its line; two queries."""
    with scope.everything():
        mine = SlotWait.objects.filter(_mine(actor, person), state__in=LIVE, ends_at__gt=at)
        rows = list(mine.select_related("room__venue", "room__terms").order_by("starts_at", "pk"))
        ahead = list(
            SlotWait.objects.filter(room__in=[row.room_id for row in rows], state__in=LIVE, ends_at__gt=at).values_list(
                "room_id", "starts_at", "ends_at", "asked_at", "pk"
            )
        )
    return [(row, 1 + sum(_before(one, row) for one in ahead)) for row in rows]


def find_wait(wait: UUID) -> SlotWait:
    """Give a wait in scope with its room; raises Missing."""
    row = SlotWait.objects.filter(pk=wait).select_related("room__venue").first()
    if row is None:
        raise Missing
    return row


def open_stays(room: UUID) -> list[SeatStay]:
    """Give who sits on a room's study seats now, the longest first."""
    return list(SeatStay.objects.filter(room=room, left_at=None).select_related("person").order_by("came_at", "pk"))


def my_stay(*, actor: Actor) -> SeatStay | None:
    """Give the seat on which a resident sits, wherever that is."""
    if actor.person is None:
        return None
    with scope.everything():
        return SeatStay.objects.filter(person=actor.person, left_at=None).select_related("room__venue").first()


def _before(other: tuple, row: SlotWait) -> bool:
    room, starts_at, ends_at, asked_at, pk = other
    meets = room == row.room_id and starts_at < row.ends_at and row.starts_at < ends_at
    return meets and (asked_at, pk) < (row.asked_at, row.pk)


def find_my_wait(*, actor: Actor, person: UUID | None, wait: UUID) -> SlotWait:
    """Give a wait of a resident or an organisation, in whatever community; raises Missing."""
    with scope.everything():
        row = SlotWait.objects.filter(_mine(actor, person), pk=wait).first()
    if row is None:
        raise Missing
    return row
