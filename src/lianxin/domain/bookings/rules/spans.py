"""Stretches of time: which overlap, what is left between them, and how they are said."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from django.utils.translation import gettext as _

from lianxin.platform.clock import LOCAL


class Span(NamedTuple):
    """A half-open stretch of time, [starts_at, ends_at)."""

    starts_at: datetime
    ends_at: datetime

    @property
    def minutes(self) -> int:
        """Give how long it is."""
        return round((self.ends_at - self.starts_at).total_seconds() / 60)

    def meets(self, other: "Span") -> bool:
        """Tell whether both have a moment in common."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def holds(self, other: "Span") -> bool:
        """Tell whether the other one lies within this one."""
        return self.starts_at <= other.starts_at and other.ends_at <= self.ends_at

    def widened(self, before: int, after: int) -> "Span":
        """Give the stretch with so many minutes more before and after."""
        return Span(self.starts_at - timedelta(minutes=before), self.ends_at + timedelta(minutes=after))


def joined(spans: Iterable[Span]) -> list[Span]:
    """Give the stretches in order, those that touch or overlap as one."""
    done: list[Span] = []
    for span in sorted(spans):
        if span.ends_at <= span.starts_at:
            continue
        if done and span.starts_at <= done[-1].ends_at:
            done[-1] = Span(done[-1].starts_at, max(done[-1].ends_at, span.ends_at))
        else:
            done.append(span)
    return done


def without(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """Give what is left of some stretches when others are taken out."""
    left = joined(spans)
    for gone in joined(taken):
        pieces: list[Span] = []
        for span in left:
            if not span.meets(gone):
                pieces.append(span)
                continue
            if span.starts_at < gone.starts_at:
                pieces.append(Span(span.starts_at, gone.starts_at))
            if gone.ends_at < span.ends_at:
                pieces.append(Span(gone.ends_at, span.ends_at))
        left = pieces
    return left


def common_minutes(first: Iterable[Span], second: Iterable[Span]) -> int:
    """Give how many minutes two sets of stretches have in common."""
    whole = joined(first)
    return sum(span.minutes for span in whole) - sum(span.minutes for span in without(whole, second))


def first_overlap(spans: Sequence[Span]) -> tuple[Span, Span] | None:
    """Give the first two of some stretches that overlap one another, or None."""
    ordered = sorted(spans)
    for earlier, later in pairwise(ordered):
        if later.starts_at < earlier.ends_at:
            return earlier, later
    return None


def slots(free: Iterable[Span], *, minutes: int, step: int) -> list[Span]:
    """Give the stretches of one length that fit into what is free, beginning on whole steps of the clock."""
    length, found = timedelta(minutes=minutes), []
    for span in free:
        start = span.starts_at.astimezone(LOCAL)
        whole = start.replace(second=0, microsecond=0)
        if whole < start:
            whole += timedelta(minutes=1)
        at = whole + timedelta(minutes=-(whole.hour * 60 + whole.minute) % step)
        while at + length <= span.ends_at:
            found.append(Span(at.astimezone(UTC), (at + length).astimezone(UTC)))
            at += timedelta(minutes=step)
    return found


def say(span: Span) -> str:
    """Say when a stretch is, as one reads it on a door."""
    starts, ends = span.starts_at.astimezone(LOCAL), span.ends_at.astimezone(LOCAL)
    day = _("%(month)d/%(day)d") % {"month": starts.month, "day": starts.day}
    if ends.date() == starts.date():
        return f"{day} {starts:%H:%M}–{ends:%H:%M}"
    last = _("%(month)d/%(day)d") % {"month": ends.month, "day": ends.day}
    return f"{day} {starts:%H:%M}–{last} {ends:%H:%M}"
