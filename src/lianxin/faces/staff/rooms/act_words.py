"""What the acts of rooms are called in the audit log."""

from __future__ import annotations

from typing import Any

from django.utils.translation import pgettext_lazy as _

ACTS: dict[str, Any] = {
    "bookings.approve": _("act", "Approved a booking"),
    "bookings.book_times": _("act", "Booked a room"),
    "bookings.cancel_booking": _("act", "Cancelled a booking"),
    "bookings.cancel_time": _("act", "Cancelled one date of a booking"),
    "bookings.cancel_times": _("act", "Gave up the room of something that was cancelled"),
    "bookings.change_series": _("act", "Changed the dates of a repeated booking"),
    "bookings.close_room": _("act", "Closed a room for a time"),
    "bookings.edit_booking": _("act", "Changed a booking"),
    "bookings.end_forgotten_stays": _("act", "Freed study seats that nobody gave back"),
    "bookings.end_series": _("act", "Cancelled the following dates of a booking"),
    "bookings.end_uses": _("act", "Counted rooms that were used"),
    "bookings.extend_series": _("act", "Added dates to a repeated booking"),
    "bookings.get_up": _("act", "Gave a study seat back"),
    "bookings.give_back": _("act", "Gave a room back"),
    "bookings.lapse_offers": _("act", "Ended offers of slots that nobody answered"),
    "bookings.leave_list": _("act", "Left the waiting list of a slot"),
    "bookings.lift_closing": _("act", "Lent a closed room again"),
    "bookings.move_time": _("act", "Moved one date of a booking"),
    "bookings.note_arrival": _("act", "Noted that who booked a room came"),
    "bookings.refuse": _("act", "Refused a booking"),
    "bookings.release_unused": _("act", "Gave back rooms to which nobody came"),
    "bookings.set_lending_hours": _("act", "Set the hours in which a room is lent"),
    "bookings.set_study_seats": _("act", "Set the study seats of a room"),
    "bookings.set_terms": _("act", "Set the terms on which a room is lent"),
    "bookings.sit_down": _("act", "Took a study seat"),
    "bookings.take_offer": _("act", "Took a slot that was offered"),
    "bookings.undo_arrival": _("act", "Took back that who booked a room came"),
    "bookings.wait_for_slot": _("act", "Put somebody on the waiting list of a slot"),
}
