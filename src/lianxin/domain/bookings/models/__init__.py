"""Tables of bookings, one file per noun."""

from .bookings import Booking, BookingTime
from .rooms import RoomClosing, RoomHours, RoomTerms
from .seats import SeatStay, StudySeats
from .waits import SlotWait

__all__ = [
    "Booking",
    "BookingTime",
    "RoomClosing",
    "RoomHours",
    "RoomTerms",
    "SeatStay",
    "SlotWait",
    "StudySeats",
]
