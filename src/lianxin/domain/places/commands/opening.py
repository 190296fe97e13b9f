"""Declared hours and exceptions; observed opening and closing of the door."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as sentence
from django.utils.translation import gettext_lazy as _

from lianxin.platform import facts, locks
from lianxin.platform.actors import Actor
from lianxin.platform.clock import LOCAL, local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused

from .. import policy
from ..models import OpeningException, OpeningHours, OpeningLog, Venue, VenueState
from ..queries.opening import declared_hours
from ..rules import opening as rules
from .editing import locked, require_edit_of

REPEATED_WITHIN = timedelta(minutes=10)


class AlreadyOpen(Refused):
    """The door is open, and somebody else says that they open it."""

    title = _("This venue is already open.")


class NotOpen(Refused):
    """There is no opening to close."""

    title = _("This venue is not open, so it cannot be closed.")


class VenueNotWorking(Refused):
    """A planned, paused or closed venue is not opened for the day."""

    title = _("This venue does not work at present. Reopen it first.")


@command("places.set_opening_hours")
def set_opening_hours(
    *, actor: Actor, venue: UUID, hours: Sequence[rules.Hours], from_on: date, at: datetime, key: UUID | None = None
) -> list[OpeningHours]:
    """Declare the weekly hours (weekday from 0 = Monday, opens, closes) that hold from a day on, today or later."""
    found = require_edit_of(actor, venue)
    problems = rules.hours_problems(hours)
    if problems:
        raise Invalid(fields={"hours": problems})
    if from_on < local_day(at) and not actor.is_system:
        raise Invalid(fields={"from_on": [_("Hours change from today or a later day on.")]})
    rows = OpeningHours.objects.filter(venue=found)
    old = [f"{row.weekday} {row.opens:%H:%M}-{row.closes:%H:%M}" for row in rows.filter(valid_until__isnull=True)]
    rows.filter(valid_from__gte=from_on).delete()
    rows.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=from_on)).update(valid_until=from_on)
    created = OpeningHours.objects.bulk_create(
        OpeningHours(
            community_id=found.community_id,
            venue=found,
            weekday=weekday,
            opens=opens,
            closes=closes,
            valid_from=from_on,
        )
        for weekday, opens, closes in hours
    )
    new = [f"{weekday} {opens:%H:%M}-{closes:%H:%M}" for weekday, opens, closes in hours]
    act().target(found, "hours changed", {"hours": [old, new], "from_on": [None, from_on]})
    return created


@command("places.add_opening_exception")
def add_opening_exception(
    *,
    actor: Actor,
    venue: UUID,
    first_on: date,
    last_on: date,
    reason: str,
    at: datetime,
    opens: time | None = None,
    closes: time | None = None,
    key: UUID | None = None,
) -> OpeningException:
    """Say that a venue is closed, or keeps other hours, from a day to another, the last one included."""
    found = require_edit_of(actor, venue)
    problems: dict[str, list] = {}
    if last_on < first_on:
        problems["last_on"] = [_("The last day lies before the first.")]
    elif last_on - first_on > timedelta(days=366):
        problems["last_on"] = [_("For more than a year pause the venue instead.")]
    if (opens is None) != (closes is None):
        problems["closes"] = [_("Enter when it opens and when it closes, or neither if it stays closed.")]
    if not 0 < len(reason.strip()) <= 200:
        problems["reason"] = [_("Say why, in at most 200 characters: it is shown to those who come.")]
    if problems:
        raise Invalid(fields=problems)
    _refuse_clash(found, first_on, last_on, opens, closes)
    row = OpeningException.objects.create(
        community_id=found.community_id,
        venue=found,
        first_on=first_on,
        last_on=last_on,
        opens=opens,
        closes=closes,
        reason=reason.strip(),
    )
    act().target(found, "exception added", {"days": [None, [first_on, last_on]], "reason": [None, row.reason]})
    return row


def _refuse_clash(venue: Venue, first_on: date, last_on: date, opens: time | None, closes: time | None) -> None:
    """Refuse an exception that contradicts another one of the same days; two spans of a day go together."""
    for other in OpeningException.objects.filter(venue=venue, first_on__lte=last_on, last_on__gte=first_on):
        spans = [
            (0, begins, ends)
            for begins, ends in ((opens, closes), (other.opens, other.closes))
            if begins is not None and ends is not None
        ]
        if len(spans) < 2 or rules.hours_problems(spans):
            raise Invalid(
                _("From %(first)s to %(last)s there is already: %(reason)s. Remove that first.")
                % {"first": other.first_on, "last": other.last_on, "reason": other.reason},
                fields={"first_on": [_("These days already have other hours.")]},
            )


@command("places.remove_opening_exception")
def remove_opening_exception(*, actor: Actor, exception: UUID, at: datetime, key: UUID | None = None) -> None:
    """Take an exception back; a repeat does nothing."""
    row = OpeningException.objects.filter(pk=exception).first()
    if row is None:
        return
    found = require_edit_of(actor, row.venue_id)
    row.delete()
    act().target(found, "exception removed", {"days": [[row.first_on, row.last_on], None]})


@command("places.open_venue")
def open_venue(*, actor: Actor, venue: UUID, at: datetime, note: str = "", key: UUID | None = None) -> OpeningLog:
    """Log that the door was opened; the same person twice gets the same opening, another one is told who opened."""
    found = _workable(actor, venue)
    current = _open_log(found)
    if current is not None:
        overdue = rules.forgotten_close(current.opened_at, _declared_end(found, current.opened_at), at)
        if overdue is None:
            if current.opened_by == actor.account:
                return current
            raise AlreadyOpen(
                _("This venue was already opened at %(time)s. There is nothing more to do.")
                % {"time": current.opened_at.astimezone(LOCAL).strftime("%H:%M")},
                opening=str(current.pk),
            )
        _close_by_schedule(current, overdue)
    log = OpeningLog.objects.create(
        community_id=found.community_id,
        venue=found,
        opened_at=at,
        opened_by=actor.account,
        via=actor.via,
        note=note.strip()[:200],
    )
    act().target(found, "opened", {"opened_at": [None, at]})
    facts.record(
        measure="openings",
        record=log,
        quantity=1,
        community_id=log.community_id,
        venue_id=found.pk,
        on=local_day(at),
    )
    return log


@command("places.lock_venue")
def lock_venue(*, actor: Actor, venue: UUID, at: datetime, note: str = "", key: UUID | None = None) -> OpeningLog:
    """Log that the door was locked; the same person twice within ten minutes gets the same opening."""
    found = locked(Venue, venue)
    policy.require(policy.may_log_at_venue(actor, found))
    log = _open_log(found)
    if log is None:
        last = OpeningLog.objects.filter(venue=found, undone_at__isnull=True, closed_at__isnull=False).first()
        if last and last.closed_at and last.closed_by == actor.account and at - last.closed_at <= REPEATED_WITHIN:
            return last
        raise NotOpen
    if at < log.opened_at:
        raise Invalid(_("The venue cannot be locked before it was opened."))
    log.closed_at, log.closed_by = at, actor.account
    log.note = " ".join(filter(None, (log.note, note.strip())))[:200]
    log.save(update_fields=["closed_at", "closed_by", "note"])
    act().target(found, "locked", {"closed_at": [None, at]})
    return log


@command("places.undo_opening")
def undo_opening(*, actor: Actor, opening: UUID, at: datetime, key: UUID | None = None) -> OpeningLog:
    """Take back an opening that was logged by mistake; it stays in the log and counts for nothing."""
    log = locked(OpeningLog, opening)
    found = Venue.objects.filter(pk=log.venue_id).first()
    if found is None:
        raise Missing
    policy.require(policy.may_log_at_venue(actor, found))
    if log.undone_at is not None:
        return log
    log.undone_at = at
    log.save(update_fields=["undone_at"])
    act().target(found, "opening undone", {"opened_at": [log.opened_at, None]})
    facts.correct(measure="openings", record=log)
    return log


@command("places.close_forgotten_openings")
def close_forgotten_openings(*, actor: Actor, at: datetime, key: UUID | None = None) -> int:
    """Close the openings that nobody closed by an hour after the declared end; give how many."""
    policy.require(actor.is_system)
    closed = 0
    overdue = OpeningLog.objects.filter(closed_at__isnull=True, undone_at__isnull=True, opened_at__lt=at)
    logs = locks.lock(overdue)
    hours = declared_hours(Venue.objects.filter(pk__in={log.venue_id for log in logs}), around=local_day(at))
    for log in logs:
        week = hours[log.venue_id]
        end = week.open_until(log.opened_at.astimezone(LOCAL))
        closes = rules.forgotten_close(log.opened_at, end, at)
        if closes is not None:
            _close_by_schedule(log, closes)
            closed += 1
    return closed


def _workable(actor: Actor, venue: UUID) -> Venue:
    """Give a venue whose door the actor may open today."""
    found = locked(Venue, venue)
    policy.require(policy.may_log_at_venue(actor, found))
    if found.state != VenueState.OPEN:
        raise VenueNotWorking
    return found


def _open_log(venue: Venue) -> OpeningLog | None:
    return OpeningLog.objects.filter(venue=venue, closed_at__isnull=True, undone_at__isnull=True).first()


def _declared_end(venue: Venue, opened_at: datetime) -> datetime | None:
    """Give when the venue should close after an opening, by its declared hours."""
    hours = declared_hours([venue], around=local_day(opened_at))[venue.pk]
    return hours.open_until(opened_at.astimezone(LOCAL))


def _close_by_schedule(log: OpeningLog, closes: datetime) -> None:
    """Close an opening in the name of nobody, and say so."""
    log.closed_at, log.closed_by_schedule = closes, True
    log.note = " ".join(filter(None, (log.note, sentence("closed by the schedule: nobody logged the closing"))))[:200]
    log.save(update_fields=["closed_at", "closed_by_schedule", "note"])
    act().target(log, "closed by schedule", {"closed_at": [None, closes]})
