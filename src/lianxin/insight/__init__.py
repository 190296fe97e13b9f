"""Reads figures from what all modules did; it never writes."""
