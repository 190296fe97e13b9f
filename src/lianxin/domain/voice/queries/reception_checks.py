"""What `verify` asks about reception days, and what their measures count."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Q

from lianxin.domain.voice.commands.reception_duties import CLOSE
from lianxin.domain.voice.commands.reception_places import HOLDING
from lianxin.domain.voice.models import ReceptionDay, ReceptionPlace
from lianxin.platform import scope
from lianxin.platform.contributions import Window
from lianxin.platform.models import Duty

AT_MOST = 20
State, Place = ReceptionDay.State, ReceptionPlace.State


def days_held(window: Window) -> int:
    """Count reception days that were held, by their day."""
    return _days(window, State.HELD)


def days_missed(window: Window) -> int:
    """Count planned reception days that were not held, by their day."""
    return _days(window, State.MISSED)


def people_received(window: Window) -> int:
    """Count people who were received, by the day on which it was."""
    rows = ReceptionPlace.objects.filter(
        state=Place.RECEIVED, day__held_on__gte=window.from_on, day__held_on__lt=window.until_on
    )
    if window.communities is not None:
        rows = rows.filter(community__in=window.communities)
    return rows.count()


def counters_are_those_of_places() -> Iterator[str]:
    """The taken slots of a day are those that somebody holds."""
    with scope.everything():
        held = Count("places", filter=Q(places__state__in=HOLDING, places__slot__isnull=False))
        rows = ReceptionDay.objects.filter(state__in=[State.PLANNED, State.HELD, State.MISSED]).annotate(held=held)
        for pk, taken, number in rows.order_by("pk").values_list("pk", "taken", "held").iterator(chunk_size=1000):
            if taken != number:
                yield f"reception day {pk} counts {taken} taken slots and has {number}"


def nobody_waits_beside_a_free_slot() -> Iterator[str]:
    """On no day ahead does somebody wait in line while a slot is free."""
    with scope.everything():
        waits = Count("places", filter=Q(places__state=Place.WAITING))
        rows = ReceptionDay.objects.filter(state=State.PLANNED).annotate(waits=waits).filter(waits__gt=0)
        for row in rows.order_by("pk")[:500]:
            if row.taken < row.slots:
                yield f"reception day {row.pk} has {row.slots - row.taken} free slots and {row.waits} waiting"


def closed_days_are_nobodys_duty() -> Iterator[str]:
    """A day that was held, missed or called off is nobody's duty any more."""
    with scope.everything():
        due = set(Duty.objects.filter(kind=CLOSE, closed_at=None).values_list("record_id", flat=True))
        planned = set(ReceptionDay.objects.filter(pk__in=due, state=State.PLANNED).values_list("pk", flat=True))
    for pk in sorted(due - planned)[:AT_MOST]:
        yield f"reception day {pk} is a duty and not planned"


def places_are_at_home() -> Iterator[str]:
    """A place is of the community of its day, and a day of that of its series."""
    with scope.everything():
        told = 0
        rows = ReceptionPlace.objects.order_by("pk").values_list("pk", "community_id", "day__community_id")
        for pk, own, of_day in rows.iterator(chunk_size=1000):
            if own != of_day and told < AT_MOST:
                told += 1
                yield f"place {pk} is of another community than its day"


def _days(window: Window, state: str) -> int:
    rows = ReceptionDay.objects.filter(state=state, held_on__gte=window.from_on, held_on__lt=window.until_on)
    if window.communities is not None:
        rows = rows.filter(community__in=window.communities)
    return rows.count()
