"""The ledger of voluntary hours: it only grows, and what was wrong is corrected by a row of its own.

Each row is also the fact `volunteer_minutes` of its day: who checks people in calls `note_hours` and records no
minutes.
"""

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.activities import policy
from lianxin.domain.activities.models import HoursEntry, Shift, ShiftPlace
from lianxin.domain.activities.queries.teams import leads
from lianxin.domain.activities.rules import hours as rules
from lianxin.domain.people.models import Person
from lianxin.platform import facts, locks
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused

Kind = HoursEntry.Kind
State = ShiftPlace.State
MEASURE = "volunteer_minutes"


class NotTaken(Refused):
    """The place on the shift was given back."""

    title = gettext_lazy("This place on the shift was given back, so no hours are counted for it.")


class NothingToChange(Refused):
    """The entry says so already, or was corrected before."""

    title = gettext_lazy("Nothing is different from what stands there.")


@command("activities.note_hours")
def note_hours(
    *,
    actor: Actor,
    place: UUID,
    came_at: datetime | None = None,
    left_at: datetime | None = None,
    minutes: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> HoursEntry | None:
    """Count the work of one place on a shift; again, with other times, corrects it by the difference.

    Without `minutes` they follow from coming and leaving, or from the plan of the shift. Gives the row that was
    written; None where nothing changed, or for somebody a partner sent, who has no ledger here.
    """
    row, shift = _locked(place)
    # Whoever checks in alone brings the moment, never the minutes.
    by_self = minutes is None and policy.is_self(actor, row.person_id)
    policy.require(by_self or policy.may_run(actor, row.community_id, shift.venue_id) or _leads(actor, row, shift))
    if row.state == State.CANCELLED:
        raise NotTaken
    came = came_at or row.came_at
    counted = minutes
    if counted is None:
        counted = rules.counted_minutes(
            starts_at=row.starts_at, ends_at=row.ends_at, came_at=came, left_at=left_at or row.left_at
        )
    _check_minutes(counted)
    row.state, row.came_at, row.left_at = State.DONE, came, left_at or row.left_at
    row.ended_at = row.ended_at or at
    return _count(row, shift, counted, reason="", actor=actor, at=at)


@command("activities.take_hours_back")
def take_back(*, actor: Actor, place: UUID, reason: str, at: datetime, key: UUID | None = None) -> HoursEntry | None:
    """Take all hours of a place on a shift back, as when a check-in is undone; the place is held again."""
    row, shift = _locked(place)
    policy.require(policy.may_run(actor, row.community_id, shift.venue_id) or policy.is_self(actor, row.person_id))
    if row.state != State.DONE:
        return None
    row.state, row.came_at, row.left_at, row.ended_at = State.TAKEN, None, None, None
    if shift.state in (Shift.State.DONE, Shift.State.CANCELLED):
        row.state, row.ended_at = State.MISSED, at
    return _count(row, shift, 0, reason=reason, actor=actor, at=at)


@command("activities.correct_hours")
def correct_hours(
    *, actor: Actor, entry: UUID, minutes: int, reason: str, at: datetime, key: UUID | None = None
) -> HoursEntry:
    """Say how many minutes an entry should have had; the difference becomes a row of its own."""
    first = HoursEntry.objects.filter(pk=entry).first()
    if first is None:
        raise Missing
    policy.require(policy.may_keep_volunteers(actor, first.community_id))
    _check_not_own(actor, first.person_id)
    _check_reason(reason)
    if minutes < 0:
        raise Invalid(fields={"minutes": [_("Give a whole number from 0.")]})
    if first.shift_place_id is not None:
        _check_minutes(minutes)
        row, shift = _locked(first.shift_place_id)
        written = _count(row, shift, minutes, reason=reason, actor=actor, at=at)
    else:
        locks.lock_one(Person.objects.filter(pk=first.person_id))
        chain = _chain(first)
        written = _correct(chain, minutes - sum(one.minutes for one in chain), reason=reason, actor=actor, at=at)
    if written is None:
        raise NothingToChange
    return written


@command("activities.take_over_hours")
def take_over(
    *,
    actor: Actor,
    person: UUID,
    on: date,
    minutes: int,
    reason: str,
    at: datetime,
    key: UUID | None = None,
) -> HoursEntry:
    """Take hours over from a paper book, with where they stand."""
    who: Person | None = locks.lock_one(Person.objects.filter(pk=person))
    if who is None:
        raise Missing
    policy.require(policy.may_keep_volunteers(actor, who.community_id))
    _check_not_own(actor, who.pk)
    _check_reason(reason)
    if not 0 < minutes <= rules.MOST_TAKEN_OVER:
        raise Invalid(fields={"minutes": [_("Between 1 minute and 10,000 hours.")]})
    if on > local_day(at):
        raise Invalid(fields={"on": [_("This day is still to come.")]})
    return _write(
        community=who.community_id,
        person=who.pk,
        kind=Kind.TAKEN_OVER,
        on=on,
        minutes=minutes,
        reason=reason.strip(),
        actor=actor,
        at=at,
    )


def _leads(actor: Actor, row: ShiftPlace, shift: Shift) -> bool:
    """Whoever leads the team notes the others, not themselves."""
    return actor.person != row.person_id and leads(actor=actor, team=shift.team_id)


def _locked(place: UUID) -> tuple[ShiftPlace, Shift]:
    row: ShiftPlace | None = locks.lock_one(ShiftPlace.objects.filter(pk=place))
    if row is None:
        raise Missing
    return row, Shift.objects.select_related("occurrence__activity__category").get(pk=row.shift_id)


def _count(
    row: ShiftPlace, shift: Shift, minutes: int, *, reason: str, actor: Actor, at: datetime
) -> HoursEntry | None:
    """Set what a place counts, and bring its ledger to that."""
    old, row.minutes = row.minutes, minutes
    row.save(update_fields=["state", "came_at", "left_at", "minutes", "ended_at"])
    act().target(row, "hours noted", {"minutes": [old, minutes], "state": [None, row.state]})
    if row.person_id is None:
        return None
    first = HoursEntry.objects.filter(shift_place=row, corrects=None).first()
    if first is not None:
        chain = _chain(first)
        difference = minutes - sum(one.minutes for one in chain)
        # Whoever holds the place now: of two records that were one person, hours went over to the one that stayed.
        return _correct(chain, difference, reason=reason, actor=actor, at=at, shift=shift, person=row.person_id)
    if not minutes:
        return None
    return _write(
        community=row.community_id,
        person=row.person_id,
        kind=Kind.SHIFT,
        on=local_day(row.starts_at),
        minutes=minutes,
        reason=reason,
        actor=actor,
        at=at,
        place=row.pk,
        shift=shift,
    )


def _chain(first: HoursEntry) -> list[HoursEntry]:
    """Give an entry with everything that corrected it, from the very first one on."""
    while first.corrects_id is not None:
        first = HoursEntry.objects.get(pk=first.corrects_id)
    chain = [first]
    while (following := HoursEntry.objects.filter(corrects=chain[-1]).first()) is not None:
        chain.append(following)
    return chain


def _correct(
    chain: list[HoursEntry],
    difference: int,
    *,
    reason: str,
    actor: Actor,
    at: datetime,
    shift: Shift | None = None,
    person: UUID | None = None,
) -> HoursEntry | None:
    if not difference:
        return None
    last = chain[-1]
    return _write(
        community=last.community_id,
        person=person or last.person_id,
        kind=Kind.CORRECTION,
        on=last.on,
        minutes=difference,
        reason=reason or _("The times were entered again."),
        actor=actor,
        at=at,
        place=last.shift_place_id,
        corrects=last.pk,
        shift=shift,
    )


def _write(
    *,
    community: UUID,
    person: UUID,
    kind: str,
    on: date,
    minutes: int,
    reason: str,
    actor: Actor,
    at: datetime,
    place: UUID | None = None,
    corrects: UUID | None = None,
    shift: Shift | None = None,
) -> HoursEntry:
    entry = HoursEntry.objects.create(
        community_id=community,
        person_id=person,
        kind=kind,
        on=on,
        minutes=minutes,
        shift_place_id=place,
        corrects_id=corrects,
        reason=reason[: rules.LONGEST_REASON],
        entered_at=at,
        entered_by=actor.account,
    )
    occurrence = shift.occurrence if shift is not None else None
    facts.record(
        measure=MEASURE,
        record=entry,
        quantity=minutes,
        community_id=community,
        on=on,
        venue_id=shift.venue_id if shift is not None else None,
        category=occurrence.activity.category.code if occurrence is not None else "",
    )
    act().target(entry, "entered", {"minutes": [None, minutes]})
    return entry


def _check_minutes(minutes: int) -> None:
    if not 0 <= minutes <= rules.MOST_A_DAY:
        raise Invalid(fields={"minutes": [_("Between 0 and 16 hours for one shift.")]})


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid(fields={"reason": [_("Say why, or where it stands.")]})
    if len(reason) > rules.LONGEST_REASON:
        raise Invalid(fields={"reason": [_("At most %(most)d characters.") % {"most": rules.LONGEST_REASON}]})


def _check_not_own(actor: Actor, person: UUID) -> None:
    """Nobody writes hours for themselves by hand; hours of a check-in are another matter."""
    if actor.person == person:
        raise Refused(_("Nobody enters hours for themselves. Please ask a colleague."))
