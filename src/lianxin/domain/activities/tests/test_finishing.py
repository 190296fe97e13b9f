"""Finishing dates: held or not, who waited in vain, who did not come; and sheets that come late."""

from datetime import timedelta

import pytest

from lianxin.domain.activities.commands import attendance, no_shows
from lianxin.domain.activities.commands.crowds import NotInTheOpen, log_crowd, undo_crowd
from lianxin.domain.activities.commands.finishing import (
    NobodyOnRecord,
    NotOverYet,
    SomebodyOnRecord,
    ask_for_sheets,
    finish_occurrence,
    list_due,
)
from lianxin.domain.activities.commands.paper import enter_sheet
from lianxin.domain.activities.commands.parties import no_shows_of
from lianxin.domain.activities.models import NoShow, SignUp
from lianxin.domain.activities.rules.sheets import row_code
from lianxin.domain.activities.tests.attendance_factories import (
    DOOR,
    ENDS,
    NEXT_DAY,
    STARTS,
    TODAY,
    Hall,
    defined,
    differences,
    live,
    make_hall,
    make_resident,
    on_shift,
    signed,
    signed_guest,
)
from lianxin.domain.people.tests.factories import staff
from lianxin.domain.places.models import Room, RoomKind
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Invalid, Missing
from lianxin.platform.models import Duty

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def finish(hall: Hall, **more: object) -> str:
    wanted = {"actor": hall.keeper, "at": NEXT_DAY} | more
    return finish_occurrence(occurrence=hall.occurrence.pk, **wanted).state


def no_show_people() -> list[object]:
    with scope.everything():
        return list(NoShow.objects.filter(forgiven_at=None).order_by("pk").values_list("person", flat=True))


def test_held_date_counts_and_names_who_did_not_come_but_elders() -> None:
    hall = make_hall()
    young, elder, came = make_resident(hall, "陈青年"), hall.town.heads[0], make_resident(hall, "林青年")
    signed(hall, young, elder, came)
    signed_guest(hall)
    attendance.check_in(actor=hall.keeper, occurrence=hall.occurrence.pk, person=came.pk, how="name", at=DOOR)

    assert finish(hall) == "held"
    assert finish(hall) == "held"

    assert hall.figure("occurrences_held") == defined("occurrences_held") == 1
    assert no_show_people() == [young.pk]
    with scope.everything():
        assert no_shows_of(hall.activity.pk, [young.pk, elder.pk], on=TODAY) == {young.pk: 1}
    assert differences() == []


def test_who_waits_goes_home_without_blame() -> None:
    hall = make_hall(size=1)
    first, second = make_resident(hall, "陈青年"), make_resident(hall, "林青年")
    rows = signed(hall, first, second)
    attendance.check_in(actor=hall.keeper, occurrence=hall.occurrence.pk, person=first.pk, how="name", at=DOOR)

    finish(hall)

    with scope.everything():
        states = [SignUp.objects.get(pk=row.pk).state for row in rows]
    assert states == ["confirmed", "over"]
    assert (hall.fresh().taken, hall.fresh().waiting) == (1, 0)
    assert no_show_people() == []


def test_date_without_anybody_was_not_held_and_nobody_is_blamed() -> None:
    hall = make_hall()
    signed(hall, make_resident(hall, "陈青年"))

    assert finish(hall) == "not_held"

    assert hall.figure("occurrences_held") == 0
    assert no_show_people() == []
    assert differences() == []


def test_what_is_said_must_be_what_is_on_record() -> None:
    hall = make_hall()
    with pytest.raises(NotOverYet):
        finish(hall, at=STARTS)
    with pytest.raises(NobodyOnRecord):
        finish(hall, was_held=True)
    attendance.check_in(
        actor=hall.keeper, occurrence=hall.occurrence.pk, person=hall.town.heads[0].pk, how="name", at=DOOR
    )
    with pytest.raises(SomebodyOnRecord):
        finish(hall, was_held=False)
    with pytest.raises(Missing):
        finish(hall, actor=staff("community_staff", hall.town.tree.jintao))


def test_sheet_that_comes_late_makes_it_held_and_taking_it_back_unmakes_it() -> None:
    hall = make_hall()
    person = make_resident(hall, "陈青年")
    [row] = signed(hall, person)
    finish(hall)
    late = NEXT_DAY + timedelta(days=3)

    told = enter_sheet(
        actor=hall.keeper, occurrence=hall.occurrence.pk, text=row_code(hall.occurrence.pk, row.place_no), at=late
    )
    assert (told.new, hall.fresh().state, hall.figure("occurrences_held")) == (1, "held", 1)
    assert differences() == []

    [came] = live(hall)
    attendance.undo_attendance(actor=hall.keeper, attendance=came.pk, reason="填错场次", at=late)
    assert (hall.fresh().state, hall.figure("occurrences_held")) == ("not_held", 0)
    assert differences() == []


def test_no_show_who_came_after_all_is_forgiven() -> None:
    hall = make_hall()
    absent, came = make_resident(hall, "陈青年"), make_resident(hall, "林青年")
    [row, _other] = signed(hall, absent, came)
    attendance.check_in(actor=hall.keeper, occurrence=hall.occurrence.pk, person=came.pk, how="name", at=DOOR)
    finish(hall)
    assert no_show_people() == [absent.pk]

    enter_sheet(
        actor=hall.keeper, occurrence=hall.occurrence.pk, text=row_code(hall.occurrence.pk, row.place_no), at=NEXT_DAY
    )

    assert no_show_people() == []
    assert differences() == []


def test_no_shows_are_forgiven_with_a_reason_and_after_half_a_year() -> None:
    hall = make_hall()
    people = [make_resident(hall, "陈青年"), make_resident(hall, "林青年"), make_resident(hall, "黄青年")]
    signed(hall, *people)
    attendance.check_in(actor=hall.keeper, occurrence=hall.occurrence.pk, person=people[0].pk, how="name", at=DOOR)
    finish(hall)
    with scope.everything():
        [first, _second] = NoShow.objects.order_by("pk")

    no_shows.forgive_no_show(actor=hall.keeper, no_show=first.pk, why="临时住院", at=NEXT_DAY)
    assert no_show_people() == [people[2].pk]
    with pytest.raises(Invalid):
        no_shows.forgive_no_show(actor=hall.keeper, no_show=first.pk, why=" ", at=NEXT_DAY)

    assert no_shows.forgive_old(actor=SYSTEM, at=NEXT_DAY + timedelta(days=150)) == 0
    assert no_shows.forgive_old(actor=SYSTEM, at=NEXT_DAY + timedelta(days=190)) == 1
    assert no_show_people() == []


def test_who_held_a_shift_and_was_not_seen_missed_it() -> None:
    hall = make_hall()
    place = on_shift(hall, hall.town.heads[0])
    attendance.check_in(
        actor=hall.keeper, occurrence=hall.occurrence.pk, person=hall.town.heads[1].pk, how="name", at=DOOR
    )

    finish(hall)

    with scope.everything():
        assert type(place).objects.get(pk=place.pk).state == "missed"
    assert hall.figure("volunteer_minutes") == 0


def test_program_finishes_after_a_day_and_asks_for_the_sheet_first() -> None:
    hall = make_hall()

    assert ask_for_sheets(actor=SYSTEM, at=ENDS + timedelta(hours=13)) == 1
    with scope.everything():
        assert Duty.objects.filter(kind="activities.enter_attendance", closed_at=None).count() == 1
    assert list_due(at=NEXT_DAY) == []
    enter_sheet(actor=hall.keeper, occurrence=hall.occurrence.pk, text="林阿婆", at=NEXT_DAY)
    [due] = list_due(at=NEXT_DAY)
    finish_occurrence(actor=SYSTEM, occurrence=due, at=NEXT_DAY)

    assert hall.fresh().state == "held"
    assert list_due(at=NEXT_DAY) == []
    with scope.everything():
        assert not Duty.objects.filter(kind="activities.enter_attendance", closed_at=None).exists()


def test_date_of_which_nobody_brings_a_sheet_was_not_held_after_a_week() -> None:
    make_hall()

    [due] = list_due(at=ENDS + timedelta(days=8))

    assert finish_occurrence(actor=SYSTEM, occurrence=due, at=ENDS + timedelta(days=8)).state == "not_held"


def test_sheet_typed_twice_counts_once_and_wrong_lines_come_back() -> None:
    hall = make_hall()
    rows = signed(hall, *hall.town.heads)
    codes = " ".join(row_code(hall.occurrence.pk, row.place_no) for row in rows)
    text = f"{codes}\n林阿婆\n黄小姐 13800138001\n99999\n"

    first = enter_sheet(actor=hall.keeper, occurrence=hall.occurrence.pk, text=text, at=NEXT_DAY)
    again = enter_sheet(actor=hall.keeper, occurrence=hall.occurrence.pk, text=text, at=NEXT_DAY)

    assert (first.new, first.known, len(first.problems)) == (5, 0, 1)
    assert (again.new, again.known, len(again.problems)) == (0, 5, 1)
    assert hall.figure("person_times") == 5
    assert {one.how for one in live(hall)} == {"paper"}
    assert differences() == []


def test_sheet_lets_more_in_than_there_were_seats_since_they_came() -> None:
    hall = make_hall(size=1)
    signed(hall, hall.town.heads[0])

    told = enter_sheet(actor=hall.keeper, occurrence=hall.occurrence.pk, text="林阿婆\n陈阿公", at=NEXT_DAY)

    assert told.new == 2
    assert hall.fresh().taken == 1


@pytest.mark.parametrize("text", ["", "   \n ", "\n"])
def test_empty_sheet_gets_a_sentence(text: str) -> None:
    hall = make_hall()

    with pytest.raises(Invalid):
        enter_sheet(actor=hall.keeper, occurrence=hall.occurrence.pk, text=text, at=NEXT_DAY)


def test_crowd_is_counted_apart_and_once() -> None:
    hall = make_hall(takes_sign_ups=False, size=None)
    log_crowd(actor=hall.keeper, occurrence=hall.occurrence.pk, count=120, counted_how="小林按计数器", at=STARTS)

    log = log_crowd(actor=hall.keeper, occurrence=hall.occurrence.pk, count=180, counted_how="小林按计数器", at=STARTS)

    assert hall.figure("crowd_counted") == defined("crowd_counted") == 180
    assert hall.figure("person_times") == 0
    assert finish(hall) == "held"
    undo_crowd(actor=hall.keeper, log=log.pk, reason="数错了", at=NEXT_DAY)
    assert hall.figure("crowd_counted") == 0
    assert hall.fresh().state == "not_held"
    assert differences() == []


@pytest.mark.parametrize("count", [0, -3, 100_001, True])
def test_crowd_that_cannot_be_gets_a_sentence(count: int) -> None:
    hall = make_hall()

    with pytest.raises(Invalid):
        log_crowd(actor=hall.keeper, occurrence=hall.occurrence.pk, count=count, counted_how="数的", at=STARTS)


def test_in_a_room_nobody_counts_a_crowd() -> None:
    hall = make_hall()
    with scope.everything():
        kind, _made = RoomKind.objects.get_or_create(code="classics", defaults={"name": "国学讲堂", "position": 1})
        room = Room.objects.create(community=hall.town.community, venue=hall.venue, kind=kind, name="国学讲堂")
    hall.change(room=room)

    with pytest.raises(NotInTheOpen):
        log_crowd(actor=hall.keeper, occurrence=hall.occurrence.pk, count=30, counted_how="数的", at=STARTS)
