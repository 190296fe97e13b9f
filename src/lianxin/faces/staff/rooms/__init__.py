"""Rooms: the board, bookings and approvals, terms and closings, study seats, use."""
