"""Words of the pages of a city or province."""

from datetime import date, timedelta

from django import template

register = template.Library()


@register.filter
def day_before(day: date | None) -> date | None:
    """Give the last day of a stretch that ends before a day."""
    return day - timedelta(days=1) if day else None
