"""Requests of upper offices, briefings and what districts hand up."""
