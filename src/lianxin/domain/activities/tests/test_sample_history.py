"""What is taken over at once leaves the same rows as the single commands leave one by one."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from lianxin.domain.activities.commands import attendance, shift_places, shifts
from lianxin.domain.activities.commands.activities import content_of
from lianxin.domain.activities.commands.crowds import log_crowd
from lianxin.domain.activities.commands.feedback import give_feedback
from lianxin.domain.activities.commands.finishing import finish_occurrence
from lianxin.domain.activities.commands.history import (
    CAME,
    LEFT,
    MISSED,
    WAITED,
    WALKED_IN,
    Opinion,
    PastActivity,
    PastCrowd,
    PastDate,
    PastPerson,
    PastShift,
    take_in_history,
)
from lianxin.domain.activities.commands.sign_ups import cancel_sign_up
from lianxin.domain.activities.models import (
    Activity,
    Attendance,
    CrowdLog,
    Feedback,
    HoursEntry,
    NoShow,
    Occurrence,
    Shift,
    ShiftPlace,
    SignUp,
    Volunteer,
)
from lianxin.domain.activities.tests.attendance_factories import (
    DOOR,
    ENDS,
    MEASURES,
    NEXT_DAY,
    SIGNED,
    STARTS,
    Hall,
    differences,
    make_hall,
    make_resident,
    signed,
)
from lianxin.domain.people.models import Person
from lianxin.domain.people.tests.factories import resident, staff
from lianxin.domain.points.models import Claim
from lianxin.platform import scope, search
from lianxin.platform.errors import Invalid, Missing, NotAllowed
from lianxin.platform.ids import new_id
from lianxin.platform.models import Fact

pytestmark = pytest.mark.django_db
A_WEEK = timedelta(days=7)
LATER = timedelta(minutes=10)


def rows_of(occurrence: UUID) -> dict[str, Any]:
    """Everything that stands on record of an occurrence, without ids, moments and who typed it."""
    with scope.everything():
        one = Occurrence.objects.get(pk=occurrence)
        came = {row.pk: row for row in Attendance.objects.filter(occurrence=one)}
        entries = HoursEntry.objects.filter(shift_place__shift__occurrence=one)
        crowds = CrowdLog.objects.filter(occurrence=one)
        records = {one.pk, *came, *entries.values_list("pk", flat=True), *crowds.values_list("pk", flat=True)}
        facts = Fact.objects.filter(record_id__in=records)
        day = one.starts_at.date()
        return {
            "date": (one.state, one.taken, one.waiting, one.next_no, one.finished_at is not None),
            "sign-ups": sorted(
                (row.place_no, row.person_id, row.household_id, row.state, row.ended_at is not None, row.ended_reason)
                for row in SignUp.objects.filter(occurrence=one)
            ),
            "codes": len(set(SignUp.objects.filter(occurrence=one).values_list("code", flat=True))),
            "came": sorted(
                (str(row.person_id), str(row.household_id), row.how, row.minutes, bool(row.sign_up_id))
                for row in came.values()
            ),
            "on a shift": sorted(str(row.person_id) for row in came.values() if row.shift_place_id),
            "shifts": list(Shift.objects.filter(occurrence=one).values_list("role", "state", "taken", "least", "most")),
            "places": sorted(
                ShiftPlace.objects.filter(shift__occurrence=one).values_list(
                    "person", "state", "minutes", "shift__role"
                )
            ),
            "hours": sorted(entries.values_list("person", "kind", "minutes")),
            "no-shows": sorted(NoShow.objects.filter(sign_up__occurrence=one).values_list("person", flat=True)),
            "feedback": list(Feedback.objects.filter(occurrence=one).values_list("face", "words", "met_need", "how")),
            "crowds": list(crowds.values_list("count", "counted_how")),
            "facts": sorted(
                (row.measure, row.quantity, row.community_id, row.venue_id, row.category, row.occurred_on == day)
                for row in facts
            ),
            "claims": sorted(
                Claim.objects.filter(source_id__in=came, source_kind="activities.attendance").values_list(
                    "person", "household", "act_kind", "state", "points", "minutes"
                )
            ),
        }


def one_by_one(hall: Hall, people: dict[str, Person]) -> None:
    """A morning through the single commands: places, a shift, a walk-in, no-shows, one who waits and one who left."""
    keeper, occurrence = hall.keeper, hall.occurrence.pk
    shift = shifts.open_shift(
        actor=keeper,
        community=hall.town.community.pk,
        role="引导",
        starts_at=STARTS,
        ends_at=ENDS,
        most=5,
        occurrence=occurrence,
        venue=hall.venue.pk,
        at=SIGNED,
    )
    for name in ("helper", "lazy"):
        shift_places.take_shift(actor=resident(people[name]), shift=shift.pk, at=SIGNED)
    for number, name in enumerate(("first", "left", "second", "young", "elder")):
        made = signed(hall, people[name], at=SIGNED + number * LATER)
        if name == "left":
            gone = SIGNED + number * LATER + LATER / 2
            cancel_sign_up(actor=keeper, sign_up=made[0].pk, reason="家里有事", at=gone)
    signed(hall, people["waiting"], at=SIGNED + 6 * LATER)
    for name in ("first", "second"):
        attendance.check_in(actor=keeper, occurrence=occurrence, person=people[name].pk, how="name", at=DOOR)
    attendance.check_in(actor=keeper, occurrence=occurrence, person=people["helper"].pk, how="shift", at=DOOR)
    late = STARTS + LATER
    walked = attendance.check_in(
        actor=keeper, occurrence=occurrence, person=people["walker"].pk, how="walk_in", at=late
    )
    give_feedback(actor=keeper, attendance=walked.pk, face=3, words="很好", met_need=True, how="phone", at=ENDS)
    log_crowd(actor=keeper, occurrence=occurrence, count=60, counted_how="按区点数", at=late)
    finish_occurrence(actor=keeper, occurrence=occurrence, at=NEXT_DAY)


def at_once(hall: Hall, people: dict[str, Person]) -> UUID:
    """The same morning a week before, taken over."""
    with scope.everything():
        content = content_of(hall.activity)
    was = SIGNED - A_WEEK
    on_shift: dict[str, Any] = {"is_on_shift": True, "signed_at": was, "came_how": "shift"}
    past = PastDate(
        starts_at=STARTS - A_WEEK,
        ends_at=ENDS - A_WEEK,
        venue=hall.venue.pk,
        size=4,
        published_at=was,
        shift=PastShift("引导", most=5),
        crowd=PastCrowd(STARTS + LATER - A_WEEK, 60, "按区点数"),
        people=[
            PastPerson(people["first"].pk, CAME, "self", was, "name", DOOR - A_WEEK),
            PastPerson(people["left"].pk, LEFT, "self", was + LATER, reason="家里有事"),
            PastPerson(people["second"].pk, CAME, "self", was + 2 * LATER, "name", DOOR - A_WEEK),
            PastPerson(people["young"].pk, MISSED, "self", was + 3 * LATER),
            PastPerson(people["elder"].pk, MISSED, "self", was + 4 * LATER),
            PastPerson(people["waiting"].pk, WAITED, "self", was + 6 * LATER),
            PastPerson(people["helper"].pk, CAME, came_at=DOOR - A_WEEK, **on_shift),
            PastPerson(people["lazy"].pk, MISSED, **on_shift),
            PastPerson(
                people["walker"].pk,
                WALKED_IN,
                came_how="walk_in",
                came_at=STARTS + LATER - A_WEEK,
                opinion=Opinion(3, "很好", True, "phone"),
            ),
        ],
    )
    came = take(hall, PastActivity(content, [past]), at=NEXT_DAY)
    assert came == 4
    with scope.everything():
        return Occurrence.objects.get(starts_at=past.starts_at).pk


def take(hall: Hall, *activities: PastActivity, at: datetime = NEXT_DAY, **values: Any) -> int:
    """Take something over by the staff."""
    wanted = {"points_from": (STARTS - 2 * A_WEEK).date()} | values
    return take_in_history(actor=hall.keeper, community=hall.town.community.pk, activities=activities, at=at, **wanted)


def make_people(hall: Hall) -> dict[str, Person]:
    """Nine residents of nine households; one of them is old."""
    names = ("first", "left", "second", "young", "waiting", "helper", "lazy", "walker")
    return {
        **{name: make_resident(hall, f"陈阿{letter}") for name, letter in zip(names, "一二三四五六七八", strict=True)},
        "elder": make_resident(hall, "老人家", born=1940),
    }


def past_of(hall: Hall, people: list[PastPerson], **values: Any) -> PastActivity:
    """One past date with these people."""
    with scope.everything():
        content = content_of(hall.activity)
    plain: dict[str, Any] = {"starts_at": STARTS - A_WEEK, "ends_at": ENDS - A_WEEK, "venue": hall.venue.pk}
    return PastActivity(content, [PastDate(**plain | {"people": people} | values)])


@pytest.mark.parametrize("is_volunteering", [False, True])
def test_history_is_what_the_single_commands_write(is_volunteering: bool) -> None:
    hall = make_hall(size=4, activity={"is_volunteering": is_volunteering})
    people = make_people(hall)

    one_by_one(hall, people)
    then = at_once(hall, people)

    singly, together = rows_of(hall.occurrence.pk), rows_of(then)
    for what in singly:
        assert together[what] == singly[what], what
    assert {row[0] for row in together["facts"]} == set(MEASURES) - (
        set() if is_volunteering else {"volunteer_occurrences"}
    )
    assert together["claims"]
    assert differences() == []


def test_people_on_shifts_become_volunteers_and_dates_are_found() -> None:
    hall = make_hall()
    helper = make_resident(hall, "热心人")
    past = past_of(hall, [PastPerson(helper.pk, CAME, is_on_shift=True)], shift=PastShift("清扫", most=3))

    take(hall, past)

    with scope.everything():
        assert Volunteer.objects.get(person=helper).registered_on <= (STARTS - A_WEEK).date()
        assert len(search.find("健康讲座", kinds=["occurrence"])) == 1


def test_days_before_points_counted_earn_nothing() -> None:
    hall = make_hall()
    one = make_resident(hall, "住户")

    take(hall, past_of(hall, [PastPerson(one.pk, CAME)]), points_from=STARTS.date())

    with scope.everything():
        assert not Claim.objects.exists()


def test_what_was_called_off_is_not_held_and_takes_its_sign_ups_along() -> None:
    hall = make_hall()
    one, helper = make_resident(hall, "住户"), make_resident(hall, "热心人")
    people = [PastPerson(one.pk, MISSED, signed_at=SIGNED - A_WEEK), PastPerson(helper.pk, MISSED, is_on_shift=True)]

    take(hall, past_of(hall, people, state="cancelled", reason="台风", shift=PastShift("清扫", most=3)))

    with scope.everything():
        row = Occurrence.objects.get(state="cancelled")
        assert (row.taken, row.cancel_reason) == (0, "台风")
        assert row.cancelled_at is not None
        assert row.cancelled_at < row.starts_at
        assert list(SignUp.objects.values_list("state", "ended_reason")) == [("cancelled", "台风")]
        assert list(ShiftPlace.objects.values_list("state", "minutes")) == [("cancelled", 0)]
        assert not NoShow.objects.exists()
        assert not Fact.objects.exists()
    assert differences() == []


def test_same_activity_again_gets_more_dates() -> None:
    hall = make_hall()
    one = make_resident(hall, "住户")
    past = replace(past_of(hall, [PastPerson(one.pk, CAME)]), id=new_id())
    [date] = past.dates
    before = replace(date, starts_at=date.starts_at - A_WEEK, ends_at=date.ends_at - A_WEEK)

    take(hall, past)
    take(hall, replace(past, dates=[before]))

    with scope.everything():
        [row] = Activity.objects.filter(state="ended")
        assert (row.pk, sorted(row.occurrences.values_list("number", flat=True))) == (past.id, [1, 2])


@pytest.mark.parametrize(
    ("values", "fates"),
    [
        ({"ends_at": STARTS - 2 * A_WEEK}, [CAME]),
        ({"starts_at": NEXT_DAY, "ends_at": NEXT_DAY + A_WEEK}, [CAME]),
        ({"state": "published"}, [CAME]),
        ({"state": "not_held"}, [CAME]),
        ({}, [MISSED]),
        ({"size": 1}, [CAME, CAME]),
        ({}, ["slept"]),
    ],
)
def test_what_cannot_have_been_is_refused_and_nothing_is_written(values: dict[str, Any], fates: list[str]) -> None:
    hall = make_hall()
    people = [PastPerson(make_resident(hall, f"陈阿{n}").pk, fate) for n, fate in zip("一二", fates, strict=False)]

    with pytest.raises(Invalid):
        take(hall, past_of(hall, people, **values))

    with scope.everything():
        assert not Attendance.objects.exists()
        assert Activity.objects.count() == 1


def test_somebody_named_twice_is_refused() -> None:
    hall = make_hall()
    one = make_resident(hall, "住户")

    with pytest.raises(Invalid):
        take(hall, past_of(hall, [PastPerson(one.pk, CAME), PastPerson(one.pk, WALKED_IN)]))


def test_people_and_places_have_to_be_on_record() -> None:
    hall = make_hall()
    one = make_resident(hall, "住户")

    with pytest.raises(Missing):
        take(hall, past_of(hall, [PastPerson(new_id(), CAME)]))
    with pytest.raises(Missing):
        take(hall, past_of(hall, [PastPerson(one.pk, CAME)], venue=new_id()))


def test_only_who_plans_here_takes_history_over() -> None:
    hall = make_hall()
    one = make_resident(hall, "住户")
    past = past_of(hall, [PastPerson(one.pk, CAME)])

    with pytest.raises(NotAllowed):
        take_in_history(
            actor=staff("volunteer", hall.town.community),
            community=hall.town.community.pk,
            activities=[past],
            at=NEXT_DAY,
        )
