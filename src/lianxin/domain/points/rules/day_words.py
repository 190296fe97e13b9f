"""Days and moments as sentences say them: 10月3日, or 2025年10月3日 of another year."""

from datetime import date, datetime

from django.utils import formats
from django.utils.translation import pgettext

from lianxin.platform.clock import LOCAL


def day_words(on: date, *, near: date | None = None) -> str:
    """Say a day, with its year unless that is the year of `near`."""
    if near is not None and near.year == on.year:
        return str(formats.date_format(on, pgettext("form of a date without its year", "N j")))
    return str(formats.date_format(on, pgettext("form of a date with its year", "N j, Y")))


def moment_words(at: datetime, *, near: date | None = None) -> str:
    """Say a moment on the clock of the district."""
    local = at.astimezone(LOCAL)
    return f"{day_words(local.date(), near=near)} {local:%H:%M}"
