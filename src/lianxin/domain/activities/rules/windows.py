"""When one can check in: a while before an occurrence until a while after it, and later only from paper."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import formats
from django.utils.translation import gettext as _

from lianxin.platform.clock import LOCAL

CLOCKS_DIFFER = timedelta(minutes=5)
"""So far ahead of ours the clock of a phone may be."""


@dataclass(frozen=True, slots=True)
class Door:
    """When the door of an occurrence is open."""

    starts_at: datetime
    ends_at: datetime
    early_minutes: int
    late_minutes: int

    @property
    def opens_at(self) -> datetime:
        """Give the first moment at which one can check in."""
        return self.starts_at - timedelta(minutes=self.early_minutes)

    @property
    def closes_at(self) -> datetime:
        """Give the last moment at which one can check in at the door."""
        return self.ends_at + timedelta(minutes=self.late_minutes)

    def is_open(self, at: datetime) -> bool:
        """Tell whether one can check in now."""
        return self.opens_at <= at <= self.closes_at

    def why_closed(self, came_at: datetime) -> str:
        """Say why a moment of coming cannot be right, or nothing."""
        if came_at < self.opens_at:
            return _("Check-in opens on %(when)s. Please come back then.") % {"when": spoken(self.opens_at)}
        if came_at > self.closes_at:
            return _("Check-in closed on %(when)s. Who was there can still be entered from the paper sheet.") % {
                "when": spoken(self.closes_at)
            }
        return ""


def told_moment(came_at: datetime, *, at: datetime) -> datetime:
    """Give when somebody came as a device tells it, never after the moment at which we hear of it."""
    return min(came_at, at)


def is_from_the_future(came_at: datetime, *, at: datetime) -> bool:
    """Tell whether a device's clock is wrong beyond what clocks differ."""
    return came_at > at + CLOCKS_DIFFER


def stayed_minutes(*, starts_at: datetime, ends_at: datetime, came_at: datetime, left_at: datetime | None) -> int:
    """Count the whole minutes somebody was there within the occurrence; who did not say when they left stayed."""
    came = max(came_at, starts_at)
    left = ends_at if left_at is None else min(left_at, ends_at)
    return max(0, round((left - came).total_seconds() / 60))


def spoken(moment: datetime) -> str:
    """Write a moment as people say it."""
    local = moment.astimezone(LOCAL)
    return f"{formats.date_format(local, 'MONTH_DAY_FORMAT')} {local:%H:%M}"
