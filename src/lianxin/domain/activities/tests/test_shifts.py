"""Shifts: as many people as wanted and no more, nobody in two places, skills, giving back, calling off."""

from datetime import date, timedelta

import pytest

from lianxin.domain.activities.commands import shift_places, shift_tasks, shift_watch, shifts, volunteers
from lianxin.domain.activities.models import Shift, ShiftPlace, Volunteer
from lianxin.domain.activities.queries.shifts import (
    counts_equal_places,
    find_shift,
    list_open,
    list_shifts,
    my_shifts,
    sent_by,
)
from lianxin.domain.activities.tests.volunteer_factories import (
    AT,
    HOUR,
    START,
    SYSTEM,
    fresh_place,
    fresh_shift,
    make_helping,
    make_occurrence,
    make_partner,
    make_shift,
    make_skill,
    partner_actor,
)
from lianxin.domain.people.tests.factories import make_household, members_of, new_person, resident, staff
from lianxin.engines.geo import Point
from lianxin.platform import scope
from lianxin.platform.errors import EditedMeanwhile, Invalid, Missing, NotAllowed, Refused
from lianxin.platform.models import Duty, Message

pytestmark = pytest.mark.django_db


def take(helping, shift: Shift, number: int = 0) -> ShiftPlace:  # type: ignore[no-untyped-def]
    """One of the residents takes a shift."""
    return shift_places.take_shift(actor=helping.helper(number), shift=shift.pk, at=AT)


def test_shift_takes_as_many_as_it_is_for() -> None:
    helping = make_helping()
    shift = make_shift(helping)

    take(helping, shift, 0)
    take(helping, shift, 1)

    with pytest.raises(shift_places.ShiftFull):
        take(helping, shift, 2)
    assert fresh_shift(shift).taken == 2
    assert list(counts_equal_places()) == []


def test_first_shift_makes_somebody_a_volunteer() -> None:
    helping = make_helping()

    take(helping, make_shift(helping))

    with scope.everything():
        row = Volunteer.objects.get(person=helping.people[0])
    assert (row.state, row.registered_on) == ("active", date(2026, 3, 2))


def test_nobody_takes_a_shift_twice() -> None:
    helping = make_helping()
    shift = make_shift(helping)
    take(helping, shift)

    with pytest.raises(shift_places.TakenAlready):
        take(helping, shift)

    assert fresh_shift(shift).taken == 1


def test_nobody_is_in_two_places_at_once() -> None:
    helping = make_helping()
    take(helping, make_shift(helping))
    second = make_shift(helping, starts_at=START + HOUR, ends_at=START + 3 * HOUR)

    with pytest.raises(shift_places.InTwoPlaces) as problem:
        take(helping, second)

    assert "引导" in str(problem.value)
    assert fresh_shift(second).taken == 0


def test_way_between_two_places_takes_time() -> None:
    helping = make_helping()
    take(helping, make_shift(helping))
    soon = {"starts_at": START + timedelta(hours=2, minutes=15), "ends_at": START + 4 * HOUR}
    near, far = (
        make_shift(helping, **soon),
        make_shift(helping, community=helping.other.pk, venue=helping.far.pk, **soon),
    )
    visitor = helping.helper().visiting(helping.other.pk)

    with pytest.raises(shift_places.InTwoPlaces):
        shift_places.take_shift(actor=visitor, shift=far.pk, at=AT)

    assert take(helping, near).state == "taken"


def test_resident_of_another_community_helps_as_a_visitor() -> None:
    helping = make_helping()
    shift = make_shift(helping)
    actor = resident(helping.neighbour)

    with pytest.raises(Missing):
        shift_places.take_shift(actor=actor, shift=shift.pk, at=AT)

    place = shift_places.take_shift(actor=actor.visiting(helping.community.pk), shift=shift.pk, at=AT)
    assert (place.community_id, place.person_id) == (helping.community.pk, helping.neighbour.pk)


def test_nobody_takes_a_shift_for_somebody_else() -> None:
    helping = make_helping()
    shift = make_shift(helping)

    with pytest.raises(NotAllowed):
        shift_places.take_shift(actor=helping.helper(0), shift=shift.pk, person=helping.people[1].pk, at=AT)

    assert fresh_shift(shift).taken == 0


def test_office_puts_somebody_down_and_they_are_told() -> None:
    helping = make_helping()
    home = make_household(helping.community, new_person("电话阿姨", phone="13800138000"))
    person = members_of(home)[0]

    shift_places.take_shift(actor=helping.keeper, shift=make_shift(helping).pk, person=person.pk, at=AT)

    message = Message.objects.get()
    assert message.template == shift_watch.PUT_DOWN


def test_skills_are_asked_for() -> None:
    helping = make_helping()
    skill = make_skill()
    shift = make_shift(helping, skills=[skill.pk])

    with pytest.raises(shift_places.SkillMissing) as problem:
        take(helping, shift)
    assert "理发" in str(problem.value)

    volunteers.register_volunteer(actor=helping.keeper, person=helping.people[0].pk, skills=[skill.pk], at=AT)
    assert take(helping, shift).state == "taken"


def test_child_helps_with_the_family() -> None:
    helping = make_helping()
    home = make_household(helping.community, new_person("小朋友", birth_on=date(2014, 5, 1)))

    with pytest.raises(shift_places.TooYoung):
        shift_places.take_shift(actor=resident(members_of(home)[0]), shift=make_shift(helping).pk, at=AT)


def test_place_given_back_is_free_again() -> None:
    helping = make_helping()
    shift = make_shift(helping, most=1)
    place = take(helping, shift)

    with pytest.raises(NotAllowed):
        shift_places.give_back(actor=helping.helper(1), place=place.pk, at=AT)
    shift_places.give_back(actor=helping.helper(0), place=place.pk, reason="有事", at=AT)

    assert fresh_place(place).state == "cancelled"
    assert take(helping, shift, 1).state == "taken"
    with pytest.raises(shift_places.PlaceEnded):
        shift_places.give_back(actor=helping.helper(0), place=place.pk, at=AT)


def test_shift_that_has_begun_is_neither_taken_nor_given_back_alone() -> None:
    helping = make_helping()
    shift = make_shift(helping)
    place = take(helping, shift)
    later = START + HOUR

    with pytest.raises(shift_places.ShiftClosed):
        shift_places.take_shift(actor=helping.helper(1), shift=shift.pk, at=later)
    with pytest.raises(shift_places.PlaceEnded):
        shift_places.give_back(actor=helping.helper(0), place=place.pk, at=later)

    by_office = shift_places.take_shift(actor=helping.keeper, shift=shift.pk, person=helping.people[1].pk, at=later)
    assert by_office.state == "taken"


def test_too_few_two_days_before_is_somebodys_duty() -> None:
    helping = make_helping()
    shift = make_shift(helping, least=2)
    soon = START - timedelta(hours=30)

    shift_tasks.watch_shifts(actor=SYSTEM, at=AT)
    with scope.everything():
        assert not Duty.objects.filter(kind=shift_watch.TOO_FEW).exists()
    shift_tasks.watch_shifts(actor=SYSTEM, at=soon)

    with scope.everything():
        duty = Duty.objects.get(kind=shift_watch.TOO_FEW)
    assert (duty.record_id, duty.due_at, duty.closed_at) == (shift.pk, START, None)
    for number in (0, 1):
        shift_places.take_shift(actor=helping.helper(number), shift=shift.pk, at=soon)
    with scope.everything():
        duty.refresh_from_db()
    assert duty.closed_at == soon


def test_partner_sends_people_all_or_none() -> None:
    helping = make_helping()
    shift, firm = make_shift(helping, most=3), make_partner()
    actor = partner_actor(firm, helping.community)
    sent = {"actor": actor, "shift": shift.pk, "organisation": firm.pk, "at": AT}
    take(helping, shift)

    with pytest.raises(shift_places.ShiftFull):
        shift_places.send_people(**sent, names=["王一", "王二", "王三"])
    assert fresh_shift(shift).taken == 1
    shift_places.send_people(**sent, names=["王一", " 王二 ", ""])

    assert fresh_shift(shift).taken == 3
    [(row, people)] = sent_by(organisations=[firm.pk], from_at=AT)
    assert (row.id, [one.name for one in people]) == (shift.pk, ["王一", "王二"])
    with pytest.raises(shift_places.TakenAlready):
        shift_places.send_people(**sent, names=["王一"])
    other = partner_actor(make_partner("别的公司"), helping.community)
    with pytest.raises(NotAllowed):
        shift_places.send_people(**sent | {"actor": other}, names=["王五"])
    assert list(counts_equal_places()) == []


@pytest.mark.parametrize("names", [[], [" "], ["王" * 41], ["王一", "王一"], [f"王{n}" for n in range(51)]])
def test_names_of_a_partner_are_checked(names: list[str]) -> None:
    helping = make_helping()
    shift, firm = make_shift(helping, most=60), make_partner()

    with pytest.raises(Invalid):
        shift_places.send_people(
            actor=partner_actor(firm, helping.community), shift=shift.pk, organisation=firm.pk, names=names, at=AT
        )

    assert fresh_shift(shift).taken == 0


def test_most_cannot_go_below_those_who_took_it() -> None:
    helping = make_helping()
    shift = make_shift(helping)
    take(helping, shift, 0)
    take(helping, shift, 1)

    with pytest.raises(shifts.PlacesTaken):
        shifts.change_shift(actor=helping.keeper, shift=shift.pk, values={"most": 1}, at=AT)

    assert fresh_shift(shift).most == 2


def test_places_move_with_their_shift() -> None:
    helping = make_helping()
    shift = make_shift(helping)
    place = take(helping, shift)
    later = {"starts_at": START + HOUR, "ends_at": START + 3 * HOUR}

    shifts.change_shift(actor=helping.keeper, shift=shift.pk, values=later, version=1, at=AT)

    assert fresh_place(place).starts_at == START + HOUR
    with pytest.raises(EditedMeanwhile):
        shifts.change_shift(actor=helping.keeper, shift=shift.pk, values={"role": "搬运"}, version=1, at=AT)


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends_at": START},
        {"ends_at": START + timedelta(hours=17)},
        {"starts_at": AT - 2 * HOUR, "ends_at": AT - HOUR},
        {"starts_at": START + timedelta(days=500), "ends_at": START + timedelta(days=500, hours=1)},
        {"least": 3},
        {"most": 0},
        {"role": " "},
        {"role": "引" * 3000},
        {"what": "做" * 301},
    ],
)
def test_what_a_shift_asks_for_is_checked(wrong: dict[str, object]) -> None:
    helping = make_helping()

    with pytest.raises(Invalid):
        make_shift(helping, **wrong)

    with scope.everything():
        assert not Shift.objects.exists()


def test_shift_called_off_ends_its_places_and_tells() -> None:
    helping = make_helping()
    shift = make_shift(helping)
    place = take(helping, shift)

    shifts.cancel_shift(actor=helping.keeper, shift=shift.pk, reason="下雨", at=AT)

    assert (fresh_shift(shift).state, fresh_shift(shift).taken, fresh_place(place).state) == (
        "cancelled",
        0,
        "cancelled",
    )
    with pytest.raises(shift_places.ShiftClosed):
        take(helping, shift, 1)
    with pytest.raises(shifts.ShiftOver):
        shifts.cancel_shift(actor=helping.keeper, shift=shift.pk, reason="下雨", at=AT)


def test_drafted_shifts_open_move_and_end_with_their_occurrence() -> None:
    helping = make_helping()
    occurrence = make_occurrence(helping)
    shift = make_shift(helping, occurrence=occurrence.pk, is_open=False)
    by = {"actor": helping.keeper, "occurrence": occurrence.pk, "at": AT}

    with pytest.raises(shift_places.ShiftClosed):
        take(helping, shift)
    shifts.open_shifts_of(**by)
    take(helping, shift)
    with pytest.raises(shifts.PlacesTaken):
        shifts.take_back_of(**by)
    shifts.move_shifts_of(**by, by=HOUR)
    assert fresh_shift(shift).starts_at == START + HOUR
    shifts.cancel_of(**by, reason="取消")

    assert fresh_shift(shift).state == "cancelled"


def test_open_shifts_without_people_become_drafts_again() -> None:
    helping = make_helping()
    occurrence = make_occurrence(helping)
    shift = make_shift(helping, occurrence=occurrence.pk)

    shifts.take_back_of(actor=helping.keeper, occurrence=occurrence.pk, at=AT)

    assert fresh_shift(shift).state == "draft"


def test_shifts_of_a_record_end_with_it() -> None:
    helping = make_helping()
    shift = make_shift(helping, record_kind="meals.round", record_id=helping.venue.pk)

    shifts.cancel_for(
        actor=helping.keeper, record_kind="meals.round", record_id=helping.venue.pk, reason="停一天", at=AT
    )

    assert fresh_shift(shift).state == "cancelled"


def test_what_is_needed_near_home_comes_first() -> None:
    helping = make_helping()
    here = make_shift(helping, starts_at=START + 5 * HOUR, ends_at=START + 6 * HOUR)
    there = make_shift(helping, community=helping.other.pk, venue=helping.far.pk)
    full = make_shift(helping, most=1)
    take(helping, full)
    make_shift(helping, is_open=False)

    home = Point(116.70, 23.37)
    rows = list_open(at=AT, until_at=AT + timedelta(days=14), community=helping.community.pk, near=home)

    assert [row.id for row in rows] == [here.pk, there.pk]
    assert rows[1].metres is not None
    assert rows[1].metres > 10_000


def test_office_sees_who_comes_and_strangers_do_not() -> None:
    helping = make_helping()
    shift = make_shift(helping)
    take(helping, shift)

    page = find_shift(actor=helping.keeper, shift=shift.pk)

    assert [place.name for place in page.places] == ["陈*甲"]
    for stranger in (helping.helper(1), staff("community_staff", helping.other), staff("system_admin")):
        with pytest.raises((Missing, NotAllowed)):
            find_shift(actor=stranger, shift=shift.pk)
    span = {"community": helping.community.pk, "from_at": AT, "until_at": START + HOUR}
    assert [row.id for row in list_shifts(actor=helping.keeper, **span)] == [shift.pk]
    with pytest.raises(NotAllowed):
        list_shifts(actor=helping.helper(1), **span)


def test_my_shifts_are_mine_wherever_they_are() -> None:
    helping = make_helping()
    shift = make_shift(helping, community=helping.other.pk, venue=helping.far.pk)
    shift_places.take_shift(actor=helping.helper().visiting(helping.other.pk), shift=shift.pk, at=AT)

    [mine] = my_shifts(person=helping.people[0].pk, from_at=AT)

    assert (mine.row.id, mine.state) == (shift.pk, "taken")
    assert my_shifts(person=helping.people[1].pk, from_at=AT) == []


def test_reminder_goes_out_once_the_day_before() -> None:
    helping = make_helping()
    home = make_household(helping.community, new_person("电话阿姨", phone="13800138000"))
    shift = make_shift(helping)
    shift_places.take_shift(actor=resident(members_of(home)[0]), shift=shift.pk, at=AT)
    take(helping, shift)

    assert shift_tasks.remind(actor=SYSTEM, at=START - timedelta(hours=30)) == 0
    assert shift_tasks.remind(actor=SYSTEM, at=START - timedelta(hours=20)) == 1
    assert shift_tasks.remind(actor=SYSTEM, at=START - timedelta(hours=19)) == 0

    assert Message.objects.filter(template=shift_watch.TOMORROW).count() == 1


def test_shift_that_is_over_is_closed_unless_nobody_noted_who_came() -> None:
    helping = make_helping()
    empty, held = make_shift(helping), make_shift(helping)
    take(helping, held)
    later = START + timedelta(hours=20)

    shift_tasks.close_shifts(actor=SYSTEM, at=START + 3 * HOUR)
    assert fresh_shift(empty).state == "open"
    shift_tasks.close_shifts(actor=SYSTEM, at=later)

    assert (fresh_shift(empty).state, fresh_shift(held).state) == ("done", "open")
    with scope.everything():
        duty = Duty.objects.get(kind=shift_watch.HOURS_MISSING)
    assert duty.record_id == held.pk
    with pytest.raises(NotAllowed):
        shift_places.close_shift(actor=helping.helper(0), shift=held.pk, at=later)
    shift_places.close_shift(actor=helping.keeper, shift=held.pk, at=later)
    with scope.everything():
        duty.refresh_from_db()
        assert ShiftPlace.objects.get(shift=held).state == "missed"
    assert duty.closed_at == later


def test_shifts_of_a_date_that_is_finished_are_closed_with_it() -> None:
    helping = make_helping()
    occurrence = make_occurrence(helping)
    shift = make_shift(helping, occurrence=occurrence.pk)
    place = take(helping, shift)

    shift_places.finish_shifts_of(actor=helping.keeper, occurrence=occurrence.pk, at=START + 3 * HOUR)

    assert (fresh_shift(shift).state, fresh_place(place).state) == ("done", "missed")
    with pytest.raises(shift_places.ShiftClosed):
        shift_places.close_shift(actor=helping.keeper, shift=shift.pk, at=START + 3 * HOUR)


def test_who_did_not_come_is_noted_without_consequence() -> None:
    helping = make_helping()
    place = take(helping, make_shift(helping))

    with pytest.raises(Refused):
        shift_places.mark_missed(actor=helping.keeper, place=place.pk, at=AT)
    shift_places.mark_missed(actor=helping.keeper, place=place.pk, at=START + HOUR)

    assert fresh_place(place).state == "missed"
    with pytest.raises(shift_places.PlaceEnded):
        shift_places.mark_missed(actor=helping.keeper, place=place.pk, at=START + HOUR)
