"""How moments and numbers of places are said on office pages and in refusals."""

from datetime import datetime, timedelta

from django.utils import formats
from django.utils.translation import gettext as _

from lianxin.platform.clock import LOCAL


def spoken(moment: datetime) -> str:
    """Write a moment as sentences name it, in the language of the page."""
    local = moment.astimezone(LOCAL)
    return f"{formats.date_format(local, 'MONTH_DAY_FORMAT')} {local:%H:%M}"


def span_words(starts_at: datetime, ends_at: datetime) -> str:
    """Write a stretch of time, the day once when it is one day."""
    first, last = starts_at.astimezone(LOCAL), ends_at.astimezone(LOCAL)
    if last - first < timedelta(hours=24) and last.date() == first.date():
        return f"{spoken(starts_at)}–{last:%H:%M}"
    return _("%(first)s to %(last)s") % {"first": spoken(starts_at), "last": spoken(ends_at)}
