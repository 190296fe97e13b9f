"""The rows of past activities, gathered first and then written kind by kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Max

from lianxin.domain.activities import events
from lianxin.domain.activities.commands import counting, searching
from lianxin.domain.activities.commands.activities import PLAIN_FIELDS
from lianxin.domain.activities.commands.crowds import MEASURE as CROWD_MEASURE
from lianxin.domain.activities.commands.finishing import HELD_MEASURE
from lianxin.domain.activities.commands.history_shifts import Shifts
from lianxin.domain.activities.commands.history_sign_ups import SignUps
from lianxin.domain.activities.commands.hours import MEASURE as MINUTES_MEASURE
from lianxin.domain.activities.models import (
    Activity,
    ActivityOrganiser,
    Attendance,
    CrowdLog,
    Feedback,
    HoursEntry,
    Occurrence,
    ShiftPlace,
)
from lianxin.domain.activities.rules.windows import stayed_minutes
from lianxin.domain.points.commands.claims import Act, offer_acts
from lianxin.platform import contributions, facts, rows
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act
from lianxin.platform.ids import new_id, new_ids

if TYPE_CHECKING:
    from lianxin.domain.activities.commands.history import PastActivity, PastDate, PastPerson

FINISHED_AFTER = timedelta(hours=1)
PUBLISHED_BEFORE = timedelta(days=10)
CALLED_OFF_BEFORE = timedelta(hours=20)
ATTENDANCE = (
    *("id", "community", "occurrence", "sign_up", "person", "household", "guest_name", "guest_digest", "how"),
    *("came_at", "shift_place", "minutes", "is_offline", "noted_at", "noted_by", "undone_reason"),
)


@dataclass(slots=True)
class _Came:
    """One who came, as far as facts and points need it."""

    id: UUID
    person: UUID
    on: date
    minutes: int
    title: str
    act_kind: str


class Writer:
    """Gathers the rows of one community's past and writes them in a few statements."""

    def __init__(
        self,
        *,
        actor: Actor,
        community: UUID,
        at: datetime,
        people: Mapping[UUID, tuple[UUID | None, date | None]],
        codes: Mapping[UUID, str],
    ) -> None:
        self.actor, self.community, self.at = actor, community, at
        self.people, self.codes = people, codes
        self.activities: list[Activity] = []
        self.organisers: list[ActivityOrganiser] = []
        self.dates: list[Occurrence] = []
        self.sign_ups = SignUps(actor=actor, community=community, people=people)
        self.shifts = Shifts(actor=actor, community=community)
        self.attendances: list[tuple[Any, ...]] = []
        self.hours: list[HoursEntry] = []
        self.feedback: list[Feedback] = []
        self.crowds: list[CrowdLog] = []
        self.came: list[_Came] = []
        self._seen = Attendance()

    def knows(self, wanted: set[UUID]) -> dict[UUID, tuple[Activity, int]]:
        """Give those of some activities that were taken over before, with the number of their last date."""
        last = dict(
            Occurrence.objects.filter(activity__in=wanted).order_by().values_list("activity").annotate(Max("number"))
        )
        there = Activity.objects.filter(pk__in=wanted, community=self.community)
        return {row.pk: (row, last.get(row.pk, 0)) for row in there}

    def add(self, past: PastActivity, known: tuple[Activity, int] | None) -> None:
        """Gather one activity with its dates; one that is known gets more of them."""
        row, last = known or (self._activity(past), 0)
        act().target(row, "taken over", {"dates": [None, len(past.dates)]})
        for number, one in enumerate(past.dates, start=last + 1):
            self._add_date(row, number, one)

    def _activity(self, past: PastActivity) -> Activity:
        content = past.content
        published = min(_published(one) for one in past.dates)
        row = Activity(
            id=past.id or new_id(),
            community_id=self.community,
            category_id=content.category,
            **{name: getattr(content, name) for name in PLAIN_FIELDS},
            state=Activity.State.ENDED,
            recurrence=dict(past.recurrence),
            is_sample=past.is_sample,
            made_by=self.actor.account,
            made_at=published,
            published_at=published,
        )
        self.activities.append(row)
        self.organisers += [
            ActivityOrganiser(activity=row, organisation_id=pk, role=role) for pk, role in content.organisers
        ]
        return row

    def write(self, *, points_from: date | None) -> int:
        """Write everything, the facts and the points; gives how many people came."""
        Activity.objects.bulk_create(self.activities)
        ActivityOrganiser.objects.bulk_create(self.organisers)
        Occurrence.objects.bulk_create(self.dates)
        self.sign_ups.write()
        self.shifts.write()
        rows.insert(Attendance, ATTENDANCE, self.attendances)
        HoursEntry.objects.bulk_create(self.hours)
        Feedback.objects.bulk_create(self.feedback)
        CrowdLog.objects.bulk_create(self.crowds)
        searching.index_many({row.activity_id for row in self.dates})
        acts = list(self._acts(points_from)) if points_from is not None else []
        if acts:
            offer_acts(actor=self.actor, acts=acts, at=self.at)
        return len(self.came)

    def _add_date(self, activity: Activity, number: int, one: PastDate) -> None:
        was_called_off = one.state == Occurrence.State.CANCELLED
        called_off = min(one.starts_at - CALLED_OFF_BEFORE, self.at) if was_called_off else None
        row = Occurrence(
            id=new_id(),
            community_id=self.community,
            activity=activity,
            number=number,
            state=one.state,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            venue_id=one.venue,
            room_id=one.room,
            place=one.place,
            takes_sign_ups=one.takes_sign_ups,
            size=one.size,
            published_at=_published(one),
            finished_at=None if was_called_off else min(one.ends_at + FINISHED_AFTER, self.at),
            cancelled_at=called_off,
            cancel_reason=one.reason if was_called_off else "",
            note="" if was_called_off else one.reason,
            sequence=1 if was_called_off else 0,
            changed_at=called_off or _published(one),
        )
        self.dates.append(row)
        signed = self.sign_ups.add(row, one, called_off)
        places = self.shifts.add(row, one)
        came = [person for person in one.people if person.fate in ("came", "walked_in")]
        for person, pk in zip(came, new_ids(len(came)), strict=True):
            self._attend(row, activity, person, pk, signed.get(person.person), places.get(person.person))
        if one.crowd is not None:
            self._crowd(row, activity, one)
        if one.state == Occurrence.State.HELD:
            self._held(row, activity, len(came))

    def _attend(
        self,
        row: Occurrence,
        activity: Activity,
        person: PastPerson,
        pk: UUID,
        sign_up: UUID | None,
        place: ShiftPlace | None,
    ) -> None:
        came_at = person.came_at or row.starts_at
        minutes = (
            stayed_minutes(starts_at=row.starts_at, ends_at=row.ends_at, came_at=came_at, left_at=None)
            if place is None
            else place.minutes
        )
        self.attendances.append(
            (
                pk,
                self.community,
                row.pk,
                sign_up,
                person.person,
                self.people[person.person][0],
                "",
                "",
                person.came_how,
                came_at,
                place.pk if place else None,
                minutes,
                False,
                self.at,
                self.actor.account,
                "",
            )
        )
        on = local_day(row.starts_at)
        kind = counting.HOURS_ACT if place is not None else activity.act_kind
        self.came.append(_Came(pk, person.person, on, minutes, activity.title, kind))
        # A fact asks for the key alone: one object serves for all, as making one costs more than everything else here.
        self._seen.pk = pk
        self._fact(counting.PERSON_TIMES, self._seen, 1, row, activity)
        if activity.is_volunteering or place is not None:
            self._fact(counting.VOLUNTEER_PERSON_TIMES, self._seen, 1, row, activity)
        if place is not None and minutes:
            self._hours(row, activity, person, place)
        if person.opinion is not None:
            self._opinion(row, person, pk)

    def _hours(self, row: Occurrence, activity: Activity, person: PastPerson, place: ShiftPlace) -> None:
        entry = HoursEntry(
            id=new_id(),
            community_id=self.community,
            person_id=person.person,
            kind=HoursEntry.Kind.SHIFT,
            on=local_day(place.starts_at),
            minutes=place.minutes,
            shift_place=place,
            entered_at=self.at,
            entered_by=self.actor.account,
        )
        self.hours.append(entry)
        self._fact(MINUTES_MEASURE, entry, place.minutes, row, activity)

    def _opinion(self, row: Occurrence, person: PastPerson, attendance: UUID) -> None:
        said = person.opinion
        assert said is not None
        self.feedback.append(
            Feedback(
                community_id=self.community,
                occurrence=row,
                attendance_id=attendance,
                face=said.face,
                words=said.words,
                met_need=said.met_need,
                how=said.how,
                given_at=min(row.ends_at + FINISHED_AFTER, self.at),
                asked_by=None if said.how == Feedback.How.SELF else self.actor.account,
            )
        )

    def _crowd(self, row: Occurrence, activity: Activity, one: PastDate) -> None:
        assert one.crowd is not None
        log = CrowdLog(
            id=new_id(),
            community_id=self.community,
            occurrence=row,
            at=one.crowd.at,
            count=one.crowd.people,
            counted_how=one.crowd.how,
            counted_by=self.actor.account,
        )
        self.crowds.append(log)
        self._fact(CROWD_MEASURE, log, log.count, row, activity)

    def _held(self, row: Occurrence, activity: Activity, came: int) -> None:
        self._fact(HELD_MEASURE, row, 1, row, activity)
        if activity.is_volunteering:
            self._fact("volunteer_occurrences", row, 1, row, activity)
        contributions.follow(
            events.OccurrenceHeld(
                occurrence=row.pk,
                activity=activity.pk,
                community=self.community,
                starts_at=row.starts_at,
                category=self.codes[activity.category_id],
                person_times=came,
                record_kind=activity.record_kind,
                record_id=activity.record_id,
            ),
            actor=self.actor,
            at=self.at,
        )

    def _fact(self, measure: str, record: Any, quantity: int, row: Occurrence, activity: Activity) -> None:
        facts.record(
            measure=measure,
            record=record,
            quantity=quantity,
            community_id=self.community,
            venue_id=row.venue_id,
            category=self.codes[activity.category_id],
            on=local_day(row.starts_at),
        )

    def _acts(self, points_from: date) -> Iterator[Act]:
        for one in self.came:
            if one.act_kind and one.on >= points_from:
                yield Act(
                    household=None,
                    person=one.person,
                    act_kind=one.act_kind,
                    quantity=1,
                    minutes=one.minutes,
                    done_on=one.on,
                    source_kind=counting.SOURCE,
                    source_id=one.id,
                    evidence=one.title[:200],
                )


def _published(one: PastDate) -> datetime:
    return one.published_at or one.starts_at - PUBLISHED_BEFORE
