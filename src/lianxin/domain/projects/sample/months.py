"""The days of the sample's story of projects: the month that is over, this month, and when staff did what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from lianxin.platform.clock import local_moment
from lianxin.platform.sample import Plan

ASKED_BEFORE, DECIDED_BEFORE, PUBLISHED_BEFORE = 5, 3, 1


@dataclass(frozen=True)
class Months:
    """This month and the one before it, seen from the sample's day."""

    plan: Plan
    this: date
    last: date

    @property
    def asked_at(self) -> datetime:
        """Give when last month was planned."""
        return self.before(ASKED_BEFORE, 9, 30)

    def before(self, days: int, hour: int, minute: int = 0) -> datetime:
        """Give a moment so many days before last month began."""
        return local_moment(self.last - timedelta(days=days), time(hour, minute))

    def on_day(self, first: date, day: int, hour: int, minute: int = 0) -> datetime:
        """Give a moment on a day of a month, never after the sample's own."""
        return self.not_after_now(local_moment(first + timedelta(days=day - 1), time(hour, minute)))

    def not_after_now(self, moment: datetime) -> datetime:
        """Give a moment, or the sample's own if that comes first."""
        return min(moment, self.plan.at)


def months_of(plan: Plan) -> Months:
    """Give the months around the sample's day."""
    this = plan.today.replace(day=1)
    return Months(plan, this, (this - timedelta(days=1)).replace(day=1))
