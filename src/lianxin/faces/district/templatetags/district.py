"""Filters of the department's pages."""

from __future__ import annotations

from datetime import date

from django import template

from lianxin.insight.periods import month_of

register = template.Library()


@register.filter
def as_percent(share: float | None) -> str:
    """Write a share as percent; a dash where nothing can be said."""
    return "—" if share is None else f"{100 * share:.0f}%"


@register.filter
def one_decimal(number: float | None) -> str:
    """Write a number with one decimal; a dash where nothing can be said."""
    return "—" if number is None else f"{number:,.1f}"


@register.filter
def two_decimals(number: float | None) -> str:
    """Write a number with two decimals; a dash where nothing can be said."""
    return "—" if number is None else f"{number:,.2f}"


@register.filter
def signed_percent(share: float) -> str:
    """Write a change as percent with its sign."""
    return f"{100 * share:+.0f}%"


@register.filter
def signed_decimal(number: float) -> str:
    """Write a change with its sign and one decimal."""
    return f"{round(number, 1) + 0.0:+,.1f}"


@register.filter
def month_words(day: date) -> str:
    """Say the month of a day."""
    return month_of(day).label
