"""What follows from an attendance: facts, and the claim for points; and both taken back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from lianxin.domain.activities import policy
from lianxin.domain.activities.commands import hours
from lianxin.domain.activities.models import Attendance, Occurrence, ShiftPlace
from lianxin.domain.activities.rules.windows import stayed_minutes
from lianxin.domain.points.commands.approvals import refuse
from lianxin.domain.points.commands.claims import Act, offer_acts
from lianxin.domain.points.commands.taking_back import take_all_back
from lianxin.domain.points.models import Claim
from lianxin.platform import facts
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day

PERSON_TIMES = "person_times"
VOLUNTEER_PERSON_TIMES = "volunteer_person_times"
SOURCE = "activities.attendance"
HOURS_ACT = "volunteer-hours"
ATTEND_ACT = "attend-activity"


def counter_of(actor: Actor, row: Occurrence) -> Actor:
    """Give who counts: the staff themselves, whose own households wait for a second person; else the program, since
    what a host or a resident brings is only that somebody was seen."""
    return actor if policy.may_plan(actor, row.community_id) else Actor.system(actor.via)


def waits_for_leaving(row: Occurrence, one: Attendance) -> bool:
    """Tell whether it is not known yet how long somebody stays, where that counts."""
    return row.has_check_out and row.state == Occurrence.State.PUBLISHED and one.left_at is None


def count_hours(
    row: Occurrence, rows: Sequence[Attendance], *, until_the_end: bool = False, actor: Actor, at: datetime
) -> None:
    """Note the hours of those on a shift and how long the others were there; who still has to check out, later."""
    for one in rows:
        waits = waits_for_leaving(row, one) and not until_the_end
        if one.shift_place_id is None:
            if not waits:
                one.minutes = stayed_minutes(
                    starts_at=row.starts_at, ends_at=row.ends_at, came_at=one.came_at, left_at=one.left_at
                )
            continue
        places = ShiftPlace.objects.filter(pk=one.shift_place_id)
        if waits:
            places.filter(state=ShiftPlace.State.TAKEN).update(came_at=one.came_at)
            continue
        hours.note_hours(
            actor=counter_of(actor, row), place=one.shift_place_id, came_at=one.came_at, left_at=one.left_at, at=at
        )
        one.minutes = places.values_list("minutes", flat=True).get()


def is_voluntary(row: Occurrence, attendance: Attendance) -> bool:
    """Tell whether an attendance is voluntary service."""
    return row.activity.is_volunteering or attendance.shift_place_id is not None


def record(row: Occurrence, attendances: Sequence[Attendance]) -> None:
    """Note the facts of fresh attendances, on the day of the occurrence."""
    category = row.activity.category.code
    on = local_day(row.starts_at)
    for one in attendances:
        measures = [PERSON_TIMES]
        if is_voluntary(row, one):
            measures.append(VOLUNTEER_PERSON_TIMES)
        for measure in measures:
            facts.record(
                measure=measure,
                record=one,
                quantity=1,
                community_id=row.community_id,
                venue_id=row.venue_id,
                category=category,
                on=on,
            )


def take_facts_back(attendances: Sequence[Attendance]) -> None:
    """Take the facts of attendances back."""
    for one in attendances:
        facts.correct(measure=PERSON_TIMES, record=one)
        if is_voluntary(one.occurrence, one):
            facts.correct(measure=VOLUNTEER_PERSON_TIMES, record=one)


def offer(row: Occurrence, attendances: Sequence[Attendance], *, actor: Actor, at: datetime) -> None:
    """Offer attendances of residents for points, all in one go: a shift for its minutes, else what the activity is."""
    on = local_day(row.starts_at)
    acts = [
        Act(
            household=None,
            person=one.person_id,
            act_kind=kind,
            quantity=1,
            minutes=one.minutes,
            done_on=on,
            source_kind=SOURCE,
            source_id=one.pk,
            evidence=(row.title or row.activity.title)[:200],
        )
        for one in attendances
        if one.person_id is not None and (kind := _kind(row, one))
    ]
    if acts:
        offer_acts(actor=counter_of(actor, row), acts=acts, at=at)


def take_points_back(attendances: Sequence[Attendance], *, reason: str, actor: Actor, at: datetime) -> None:
    """Take back what attendances earned: what waits is refused, what was given is corrected."""
    mine = Claim.objects.filter(source_id__in=[one.pk for one in attendances], source_kind=SOURCE)
    states: dict[UUID, str] = dict(mine.values_list("pk", "state"))
    if not states:
        return
    by = counter_of(actor, attendances[0].occurrence)
    for pk in sorted(pk for pk, state in states.items() if state == Claim.State.WAITING):
        refuse(actor=by, claim=pk, reason=reason, at=at)
    given = [pk for pk, state in states.items() if state == Claim.State.AWARDED]
    if given:
        take_all_back(actor=by, claims=given, reason=reason, at=at)


def _kind(row: Occurrence, one: Attendance) -> str:
    return HOURS_ACT if one.shift_place_id is not None else row.activity.act_kind
