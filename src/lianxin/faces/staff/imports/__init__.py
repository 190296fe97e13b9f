"""Imports: send in a table, see what is wrong with it, let it be entered, take it back."""
