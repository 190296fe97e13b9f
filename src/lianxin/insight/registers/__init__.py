"""Registers: the lists that communities keep on paper, printed from the records for any days."""
