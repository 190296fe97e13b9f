"""Dates as people say them: 11月22日 周日 上午9:30, or Sun 22 Nov, 9:30 am."""

from __future__ import annotations

from datetime import date, datetime, time

from django.utils.translation import get_language

from lianxin.platform.clock import LOCAL, local_day, now

WEEKDAYS = "一二三四五六日"
ENGLISH_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ENGLISH_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
PARTS_OF_DAY = ((6, "凌晨"), (12, "上午"), (13, "中午"), (18, "下午"), (24, "晚上"))


def in_english() -> bool:
    """Tell whether the page is in English."""
    return (get_language() or "").startswith("en")


def day_words(on: date, *, this_year: int) -> str:
    """Say a day, with the year only when it is another one."""
    if in_english():
        year = "" if on.year == this_year else f" {on.year}"
        return f"{ENGLISH_DAYS[on.weekday()]} {on.day} {ENGLISH_MONTHS[on.month - 1]}{year}"
    year = "" if on.year == this_year else f"{on.year}年"
    return f"{year}{on.month}月{on.day}日 周{WEEKDAYS[on.weekday()]}"


def time_words(at: time) -> str:
    """Say a time of day on the twelve-hour clock with the part of the day."""
    hour = at.hour % 12 or 12
    if in_english():
        return f"{hour}:{at.minute:02d} {'am' if at.hour < 12 else 'pm'}"
    part = next(word for end, word in PARTS_OF_DAY if at.hour < end)
    return f"{part}{0 if at.hour == 0 else hour}:{at.minute:02d}"


def spoken(value: date | time | datetime, *, this_year: int | None = None) -> str:
    """Say a moment (in Shanghai), a day or a time of day."""
    if isinstance(value, time):
        return time_words(value)
    year = local_day(now()).year if this_year is None else this_year
    if not isinstance(value, datetime):
        return day_words(value, this_year=year)
    local = value.astimezone(LOCAL)
    return f"{day_words(local.date(), this_year=year)}{', ' if in_english() else ' '}{time_words(local.time())}"


def day_of(value: date | datetime) -> date:
    """Give the day in Shanghai of a moment or a day."""
    return local_day(value) if isinstance(value, datetime) else value
