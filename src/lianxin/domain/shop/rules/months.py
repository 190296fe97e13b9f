"""Months as spans of moments."""

from datetime import date, datetime, timedelta

from lianxin.platform.clock import local_moment


def month_span(month: date) -> tuple[datetime, datetime]:
    """Give the half-open span of moments of the month in which a day lies."""
    first = month.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return local_moment(first), local_moment(following)
