"""Addresses of the pages of rooms."""

from django.urls import path

from . import board, booking_acts, booking_new, bookings, lending, seats, series, terms, use, waits

ROOM = "rooms/<uuid:room>/"
BOOKING = "rooms/bookings/<uuid:booking>/"
TIME = "rooms/times/<uuid:time>/"

urlpatterns = [
    path("rooms/", board.show, name="rooms"),
    path("rooms/all/", lending.browse, name="rooms_all"),
    path("rooms/use/", use.show, name="rooms_use"),
    path("rooms/bookings/", bookings.browse, name="bookings"),
    path(BOOKING, bookings.show, name="booking"),
    path(BOOKING + "edit/", booking_acts.edit, name="booking_edit"),
    path(BOOKING + "approve/", booking_acts.approve, name="booking_approve"),
    path(BOOKING + "refuse/", booking_acts.refuse, name="booking_refuse"),
    path(BOOKING + "cancel/", booking_acts.cancel, name="booking_cancel"),
    path(BOOKING + "dates/", series.change, name="booking_series"),
    path(BOOKING + "more/", series.extend, name="booking_extend"),
    path(TIME + "move/", booking_acts.move, name="booking_time_move"),
    path(TIME + "cancel/", booking_acts.cancel_time, name="booking_time_cancel"),
    path(TIME + "end/", series.end, name="booking_time_end"),
    path(TIME + "came/", booking_acts.came, name="booking_time_came"),
    path(TIME + "undo/", booking_acts.undo, name="booking_time_undo"),
    path(TIME + "back/", booking_acts.give_back, name="booking_time_back"),
    path(ROOM, lending.show, name="room_lending"),
    path(ROOM + "terms/", terms.edit, name="room_terms"),
    path(ROOM + "hours/", terms.hours, name="room_hours"),
    path(ROOM + "close/", terms.close, name="room_close"),
    path(ROOM + "book/", booking_new.new, name="booking_new"),
    path(ROOM + "wait/", waits.new, name="slot_wait_new"),
    path(ROOM + "seats/", seats.edit, name="study_seats"),
    path(ROOM + "seats/came/", seats.came, name="study_seat_came"),
    path(ROOM + "seats/left/", seats.left, name="study_seat_left"),
    path("rooms/closings/<uuid:closing>/lift/", terms.lift, name="room_closing_lift"),
    path("rooms/waits/<uuid:wait>/take/", waits.take, name="slot_wait_take"),
    path("rooms/waits/<uuid:wait>/leave/", waits.leave, name="slot_wait_leave"),
]
