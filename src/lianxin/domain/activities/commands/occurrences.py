"""Dates of an activity: planned from how it repeats, added one by one, changed by hand, called off."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.activities import policy
from lianxin.domain.activities.commands import change_notices, changing, found, project_reports, shifts, sign_ups
from lianxin.domain.activities.commands.searching import index_activity
from lianxin.domain.activities.events import OccurrenceCancelled
from lianxin.domain.activities.models import Activity, Attendance, Occurrence, OccurrenceLimit, Shift, SignUp
from lianxin.domain.activities.rules import plans, recurrence
from lianxin.domain.bookings.commands import bookings
from lianxin.domain.places.models import Venue
from lianxin.domain.places.queries.opening import hours_by_day
from lianxin.platform import contributions, duties, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Refused

State = Occurrence.State
PAST_DAYS = 92


class AlreadyHeld(Refused):
    """Somebody came, so it took place."""

    title = gettext_lazy("Somebody was checked in, so this date took place. Undo the check-ins first.")


@command("activities.plan_dates")
def plan_dates(
    *,
    actor: Actor,
    activity: UUID,
    first_on: date,
    repeats: Mapping[str, Any] | None = None,
    plan: plans.Plan | None = None,
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> list[Occurrence]:
    """Draft the dates of an activity from a day on, all with the same plan; those that stand already stay as they are.

    Raises Invalid for days in the past or without an end, and DatesOverlap when a new date meets one that stands.
    """
    row = found.living_activity(activity, version)
    planned = plans.checked(plan if plan is not None else plans.read(row.plan))
    _require_planner(actor, row, planned.venue)
    rule = recurrence.read(repeats or {})
    if first_on < local_day(at):
        raise Invalid(fields={"first_on": [_("This day is over already. Choose one that is still to come.")]})
    days = [first_on]
    if rule is not None:
        closed = _closed_days(planned, first_on, rule)
        days = recurrence.list_days(rule, first_on=first_on, skips=closed)
    if not days:
        raise Invalid(fields={"until": [_("There is no such day between the first and the last day.")]})
    row.plan = planned.to_json()
    if rule is not None:
        row.recurrence = rule.to_json()
    made = _add_dates(row, planned, [(day, start) for day in days for start in sorted(planned.starts)], actor, at)
    row.version += 1
    row.save(update_fields=["plan", "recurrence", "version"])
    act().target(row, "dates planned", {"dates": [None, len(made)]})
    return made


@command("activities.add_date")
def add_date(
    *,
    actor: Actor,
    activity: UUID,
    on: date,
    start: time,
    minutes: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Occurrence:
    """Draft one more date with the activity's plan: an extra one of a series, or one that was taken out."""
    row = found.living_activity(activity)
    planned = plans.read(row.plan)
    _require_planner(actor, row, planned.venue)
    if minutes is not None:
        planned = planned.with_changes({"minutes": minutes, "starts": (start,)})
    made = _add_dates(row, planned, [(on, start)], actor, at)
    if not made:
        raise Refused(_("There is a date at this time already."))
    act().target(row, "date added", {"starts_at": [None, made[0].starts_at]})
    return made[0]


def _require_planner(actor: Actor, row: Activity, venue: UUID | None) -> None:
    policy.require(policy.may_propose(actor, row.community_id, venue))
    if row.state != Activity.State.DRAFT:
        policy.require(policy.may_plan(actor, row.community_id))


def _closed_days(plan: plans.Plan, first_on: date, rule: recurrence.Recurrence) -> Any:
    """Give a predicate for the days on which the place keeps its doors shut."""
    if plan.venue is None or not plan.skips_closed:
        return lambda day: False
    with scope.everything():
        venue = Venue.objects.filter(pk=plan.venue).first()
        if venue is None:
            return lambda day: False
        last = rule.until or first_on + timedelta(days=366 * recurrence.MOST_YEARS)
        days = [first_on + timedelta(days=n) for n in range(max(0, (last - first_on).days) + 1)]
        hours = hours_by_day([venue], days=days[: 366 * recurrence.MOST_YEARS])[venue.pk]
    if not any(hours.values()):
        # Hours were never entered: nothing is known to be closed.
        return lambda day: False
    return lambda day: not hours.get(day, True)


def _add_dates(
    row: Activity, plan: plans.Plan, moments: Sequence[tuple[date, time]], actor: Actor, at: datetime
) -> list[Occurrence]:
    standing = list(Occurrence.objects.filter(activity=row, state__in=changing.LIVE))
    taken = {one.starts_at for one in standing}
    number = Occurrence.objects.filter(activity=row).aggregate(last=Max("number"))["last"] or 0
    made: list[Occurrence] = []
    for on, start in moments:
        values = plans.date_values(plan, on, start)
        if values["starts_at"] in taken:
            continue
        number += 1
        one = Occurrence(community_id=row.community_id, activity=row, number=number, changed_at=at, **values)
        changing.check_date(one, {"starts_at", "venue", "room"} if not made else {"starts_at"}, actor=actor, at=at)
        made.append(one)
    if len(standing) + len(made) > recurrence.MOST_DATES:
        raise Invalid(
            fields={
                "until": [_("That makes more than %(most)d dates. End it earlier.") % {"most": recurrence.MOST_DATES}]
            }
        )
    changing.require_apart([*(one for one in standing if one.ends_at > at), *made])
    Occurrence.objects.bulk_create(made)
    OccurrenceLimit.objects.bulk_create(
        OccurrenceLimit(
            occurrence=one,
            position=position,
            name=limit.name.strip(),
            size=limit.size,
            min_age=limit.min_age,
            max_age=limit.max_age,
        )
        for one in made
        for position, limit in enumerate(plan.limits)
    )
    return made


@command("activities.enter_past_date")
def enter_past_date(
    *,
    actor: Actor,
    activity: UUID,
    starts_at: datetime,
    ends_at: datetime,
    venue: UUID | None = None,
    place: str = "",
    note: str,
    at: datetime,
    key: UUID | None = None,
) -> Occurrence:
    """Enter a date that took place without having been published, so that its paper sheet can be typed in."""
    row = found.living_activity(activity)
    policy.require(policy.may_plan(actor, row.community_id))
    if not note.strip():
        raise Invalid(fields={"note": [_("Say why it was not entered before.")]})
    if starts_at > at:
        raise Invalid(fields={"starts_at": [_("This is still to come: plan it as a date.")]})
    if starts_at < at - timedelta(days=PAST_DAYS):
        raise Invalid(
            fields={"starts_at": [_("Dates of more than %(days)d days ago are closed.") % {"days": PAST_DAYS}]}
        )
    number = Occurrence.objects.filter(activity=row).aggregate(last=Max("number"))["last"] or 0
    made = Occurrence(
        community_id=row.community_id,
        activity=row,
        number=number + 1,
        state=State.PUBLISHED,
        starts_at=starts_at,
        ends_at=ends_at,
        venue_id=venue,
        place=place.strip(),
        note=note.strip(),
        takes_sign_ups=False,
        published_at=at,
        changed_at=at,
    )
    changing.check_date(made, {"venue"}, actor=actor, at=at)
    changing.require_apart([*Occurrence.objects.filter(activity=row, state__in=[*changing.LIVE, State.HELD]), made])
    made.save(force_insert=True)
    if row.state == Activity.State.DRAFT:
        row.state, row.published_at = Activity.State.PUBLISHED, row.published_at or at
        row.version += 1
        row.save(update_fields=["state", "published_at", "version"])
    index_activity(row.pk)
    act().target(made, "entered afterwards", {"starts_at": [None, starts_at]})
    act().note(reason=note.strip())
    return made


@command("activities.change_occurrence")
def change_occurrence(
    *,
    actor: Actor,
    occurrence: UUID,
    change: Mapping[str, Any],
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Occurrence:
    """Change one date alone; in a series it keeps this when the others change. Those who signed up are told.

    `change` holds fields of the date (`changing.CHANGEABLE`). Raises SizeTooSmall, DatesOverlap, RoomTaken, Invalid.
    """
    row = _living_date(occurrence, at, version)
    activity = found.activity(row.activity_id)
    _require_keeper(actor, row)
    changing.change_dates(actor=actor, activity=activity, changes={row.pk: change}, by_hand=True, at=at)
    row.refresh_from_db()
    return row


def _living_date(pk: UUID, at: datetime, version: int | None = None) -> Occurrence:
    row = found.unlocked_occurrence(pk)
    found.require_version(row, version)
    if row.state not in changing.LIVE or row.ends_at <= at:
        raise found.DateOver
    return row


def _require_keeper(actor: Actor, row: Occurrence) -> None:
    policy.require(policy.may_propose(actor, row.community_id, row.venue_id))


@command("activities.remove_date")
def remove_date(*, actor: Actor, occurrence: UUID, at: datetime) -> None:
    """Take a date that is not public out of an activity; its number stays free."""
    row = found.unlocked_occurrence(occurrence)
    found.activity(row.activity_id)
    _require_keeper(actor, row)
    if row.state != State.DRAFT:
        raise Refused(_("This date is public. Call it off instead, so that everybody who counts on it is told."))
    act().target(row, "removed", {"starts_at": [row.starts_at, None]})
    remove_drafts([row.pk])


def remove_drafts(wanted: Iterable[UUID]) -> None:
    """Delete dates that were never held, with the drafts of their shifts."""
    pks = set(wanted)
    kept = set(SignUp.objects.filter(occurrence__in=pks).values_list("occurrence", flat=True))
    kept |= set(
        Shift.objects.filter(occurrence__in=pks).exclude(state=Shift.State.DRAFT).values_list("occurrence", flat=True)
    )
    Shift.objects.filter(occurrence__in=pks, state=Shift.State.DRAFT).exclude(occurrence__in=kept).delete()
    Occurrence.objects.filter(pk__in=pks - kept).delete()
    # Somebody signed up for it once: it stays on record as called off.
    Occurrence.objects.filter(pk__in=kept).update(state=State.CANCELLED, cancelled_at=act().at)


@command("activities.cancel_occurrence")
def cancel_occurrence(
    *, actor: Actor, occurrence: UUID, reason: str, version: int | None = None, at: datetime, key: UUID | None = None
) -> Occurrence:
    """Call a date off: room, shifts and places are given back, and everybody who signed up is told why."""
    row = found.unlocked_occurrence(occurrence)
    found.require_version(row, version)
    activity = found.activity(row.activity_id)
    _require_keeper(actor, row)
    if row.state != State.PUBLISHED:
        raise found.DateOver
    cancel_dates(actor=actor, activity=activity, dates=[row], reason=_reason(reason), at=at)
    row.refresh_from_db()
    return row


@command("activities.cancel_activity")
def cancel_activity(
    *, actor: Actor, activity: UUID, reason: str, version: int | None = None, at: datetime, key: UUID | None = None
) -> Activity:
    """Call an activity off with all its dates still to come; what was held stays held."""
    row = found.living_activity(activity, version)
    policy.require(policy.may_plan(actor, row.community_id))
    if row.state == Activity.State.DRAFT:
        raise Refused(_("Nobody has seen this draft yet. Delete it instead."))
    words = _reason(reason)
    dates = list(Occurrence.objects.filter(activity=row, state=State.PUBLISHED, ends_at__gt=at).order_by("pk"))
    act().target(row, "cancelled", {"state": [row.state, Activity.State.CANCELLED]})
    act().note(reason=words)
    row.state = Activity.State.CANCELLED
    row.version += 1
    row.save(update_fields=["state", "version"])
    remove_drafts(list(Occurrence.objects.filter(activity=row, state=State.DRAFT).values_list("pk", flat=True)))
    cancel_dates(actor=actor, activity=row, dates=dates, reason=words, at=at)
    return row


def cancel_dates(*, actor: Actor, activity: Activity, dates: Sequence[Occurrence], reason: str, at: datetime) -> None:
    """Call public dates off; the activity is locked. Rooms first, then dates and shifts, those who signed up last."""
    ordered = sorted(dates, key=lambda one: one.pk)
    came = Attendance.objects.filter(occurrence__in=[one.pk for one in ordered], undone_at__isnull=True)
    if came.exists():
        raise AlreadyHeld
    for one in sorted(ordered, key=lambda one: (str(one.room_id), one.starts_at)):
        if one.booking_time_id:
            bookings.cancel_times(actor=actor, record_kind=changing.RECORD_KIND, record_id=one.pk, reason=reason, at=at)
    for one in ordered:
        row = found.occurrence(one.pk)
        if row.state != State.PUBLISHED:
            raise found.DateOver
        row.state, row.cancelled_at, row.cancel_reason = State.CANCELLED, at, reason
        row.sequence, row.changed_at, row.version = row.sequence + 1, at, row.version + 1
        row.booking_time_id = None
        row.save(
            update_fields=[
                *("state", "cancelled_at", "cancel_reason", "sequence", "changed_at", "version", "booking_time")
            ]
        )
        act().target(row, "cancelled", {"state": [State.PUBLISHED, State.CANCELLED]})
        act().note(reason=reason)
    for one in ordered:
        shifts.cancel_of(actor=actor, occurrence=one.pk, reason=reason, at=at)
        duties.close(kind=change_notices.CALL, record=one)
    index_activity(activity.pk)
    for one in ordered:
        sign_ups.end_all(occurrence=one.pk, reason=reason, at=at)
    for one in ordered:
        project_reports.report_cancelled(one, activity, at=at)
        contributions.follow(
            OccurrenceCancelled(
                one.pk,
                activity.pk,
                one.community_id,
                one.starts_at,
                reason,
                activity.record_kind,
                activity.record_id,
            ),
            actor=actor,
            at=at,
        )


def _reason(reason: str) -> str:
    words = reason.strip()
    if not words:
        raise Invalid(fields={"reason": [_("Say why: everybody who signed up reads it.")]})
    if len(words) > 200:
        raise Invalid(fields={"reason": [_("At most %(most)d characters.") % {"most": 200}]})
    return words
