"""What `verify` asks about rooms: each check yields a sentence for every difference it finds."""

from collections.abc import Iterator

from django.db.models import Count, Exists, OuterRef, Q

from lianxin.domain.bookings.models import Booking, BookingTime, SeatStay, SlotWait, StudySeats
from lianxin.platform import scope

AT_MOST = 20
LIVE = BookingTime.LIVE


def no_two_at_once() -> Iterator[str]:
    """No two live dates of one room overlap, buffers included."""
    with scope.everything():
        last: dict = {}
        told = 0
        rows = BookingTime.objects.filter(state__in=LIVE).order_by("room_id", "blocked_from", "pk")
        for pk, room, starts, ends in rows.values_list("pk", "room_id", "blocked_from", "blocked_until").iterator(2000):
            there = last.get(room)
            if there is not None and starts < there[1] and told < AT_MOST:
                told += 1
                yield f"room {room}: dates {there[0]} and {pk} overlap"
            if there is None or ends > there[1]:
                last[room] = (pk, ends)


def states_agree() -> Iterator[str]:
    """What is asked for has only dates asked for, what is confirmed has none; what ended has nothing live ahead."""
    with scope.everything():
        live = BookingTime.objects.filter(booking=OuterRef("pk"))
        asked = Exists(live.filter(state=BookingTime.State.ASKED))
        firm = Exists(live.filter(state=BookingTime.State.CONFIRMED))
        wrong = Booking.objects.filter(
            Q(asked, ~Q(state=Booking.State.ASKED)) | Q(firm, ~Q(state=Booking.State.CONFIRMED))
        )
        for pk, state in wrong.order_by("pk").values_list("pk", "state")[:AT_MOST]:
            yield f"booking {pk} is {state}, but its dates say something else"


def offers_hold_a_slot() -> Iterator[str]:
    """Whoever was offered a slot has it held."""
    with scope.everything():
        held = BookingTime.objects.filter(
            booking=OuterRef("booking"), state=BookingTime.State.ASKED, starts_at=OuterRef("starts_at")
        )
        bare = SlotWait.objects.filter(state=SlotWait.State.OFFERED).exclude(Exists(held))
        for pk in bare.order_by("pk").values_list("pk", flat=True)[:AT_MOST]:
            yield f"wait {pk} was offered a slot that nothing holds"


def seats_equal_stays() -> Iterator[str]:
    """Seats taken are the open stays."""
    with scope.everything():
        open_stays = dict(
            SeatStay.objects.filter(left_at=None)
            .order_by()
            .values("room")
            .annotate(n=Count("pk"))
            .values_list("room", "n")
        )
        for room, taken in StudySeats.objects.order_by("pk").values_list("room_id", "taken"):
            if open_stays.get(room, 0) != taken:
                yield f"room {room}: {taken} seats taken, {open_stays.get(room, 0)} stays open"
