"""Tests of the staff face, through its pages."""
