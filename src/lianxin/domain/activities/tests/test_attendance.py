"""Checking in: once, within its time, for everything that follows from it, and back again."""

from datetime import timedelta

import pytest

from lianxin.domain.activities.commands import attendance
from lianxin.domain.activities.commands.arriving import Came, Guest, NotComing, NotOpenNow, WasUndone
from lianxin.domain.activities.commands.doors import scan_door
from lianxin.domain.activities.commands.finishing import finish_occurrence
from lianxin.domain.activities.commands.offline import check_in_shown
from lianxin.domain.activities.commands.seats import FullHouse
from lianxin.domain.activities.models import Attendance, HoursEntry, ShiftPlace, SignUp
from lianxin.domain.activities.queries.doors import (
    DoorCodeOver,
    door_code,
    list_open_doors,
    list_own,
    venue_code,
)
from lianxin.domain.activities.rules import door_codes, tokens
from lianxin.domain.activities.tests.attendance_factories import (
    DOOR,
    ENDS,
    MEASURES,
    NEXT_DAY,
    SIGNED,
    STARTS,
    Hall,
    claims_of,
    defined,
    differences,
    live,
    make_hall,
    make_resident,
    on_shift,
    signed,
    signed_guest,
)
from lianxin.domain.people.commands.cards import issue_card
from lianxin.domain.people.tests.factories import resident, staff
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.errors import Invalid, Missing, NotAllowed, Refused
from lianxin.platform.ids import new_id

pytestmark = pytest.mark.django_db


def here(hall: Hall, **who: object) -> Attendance:
    """Somebody is checked in at the door by the staff."""
    return attendance.check_in(actor=hall.keeper, occurrence=hall.occurrence.pk, **{"how": "name", "at": DOOR} | who)


def test_one_check_in_is_attendance_fact_and_points() -> None:
    hall = make_hall()
    [row] = signed(hall, hall.town.heads[0])

    came = here(hall, sign_up=row.pk)

    assert (came.person_id, came.household_id) == (hall.town.heads[0].pk, hall.town.households[0].pk)
    assert hall.figure("person_times") == defined("person_times") == 1
    assert hall.figure("volunteer_person_times") == defined("volunteer_person_times") == 0
    assert claims_of(came) == [("attend-activity", "awarded", 5)]
    assert hall.town.balance() == 5
    assert differences() == []


def test_same_person_again_by_another_way_is_the_same_row() -> None:
    hall = make_hall()
    [row] = signed(hall, hall.town.heads[0])
    first = here(hall, sign_up=row.pk, id=new_id())

    again = here(hall, person=hall.town.heads[0].pk, id=new_id())
    by_id = here(hall, sign_up=row.pk, id=first.pk)

    assert first.pk == again.pk == by_id.pk
    assert hall.figure("person_times") == 1
    assert hall.town.balance() == 5


def test_undoing_takes_everything_back() -> None:
    hall = make_hall()
    [row] = signed(hall, hall.town.heads[0])
    helper = on_shift(hall, hall.town.heads[1])
    came = here(hall, sign_up=row.pk)
    helped = here(hall, shift_place=helper.pk, how="shift")
    assert hall.figure("volunteer_minutes") == 120
    assert claims_of(helped) == [("volunteer-hours", "awarded", 12)]

    attendance.undo_many(actor=hall.keeper, attendances=[came.pk, helped.pk], reason="认错人", at=DOOR)

    assert {measure: hall.figure(measure) for measure in MEASURES} == dict.fromkeys(MEASURES, 0)
    assert {measure: defined(measure) for measure in MEASURES} == dict.fromkeys(MEASURES, 0)
    assert (hall.town.balance(0), hall.town.balance(1)) == (0, 0)
    with scope.everything():
        assert sum(HoursEntry.objects.values_list("minutes", flat=True)) == 0
        assert ShiftPlace.objects.get(pk=helper.pk).state == "taken"
        assert SignUp.objects.get(pk=row.pk).state == "confirmed"
    assert differences() == []


def test_undone_check_in_can_be_done_anew_but_not_by_the_old_scan() -> None:
    hall = make_hall()
    [row] = signed(hall, hall.town.heads[0])
    old = here(hall, sign_up=row.pk, id=new_id())
    attendance.undo_attendance(actor=hall.keeper, attendance=old.pk, reason="认错人", at=DOOR)

    with pytest.raises(WasUndone):
        here(hall, sign_up=row.pk, id=old.pk)
    new = here(hall, sign_up=row.pk)

    assert new.pk != old.pk
    assert hall.figure("person_times") == 1
    assert hall.town.balance() == 5
    assert differences() == []


def test_undoing_twice_is_the_same() -> None:
    hall = make_hall()
    came = here(hall, person=hall.town.heads[0].pk, how="walk_in")

    for _turn in range(2):
        row = attendance.undo_attendance(actor=hall.keeper, attendance=came.pk, reason="认错人", at=DOOR)

    assert row.undone_at == DOOR
    assert hall.town.balance() == 0


@pytest.mark.parametrize("minutes", [-61, 241])
def test_too_early_and_too_late_get_a_sentence(minutes: int) -> None:
    hall = make_hall()
    at = STARTS + timedelta(minutes=minutes)

    with pytest.raises(NotOpenNow) as told:
        here(hall, person=hall.town.heads[0].pk, at=at)

    assert str(told.value.detail)
    assert live(hall) == []


def test_clock_that_is_ahead_gets_a_sentence() -> None:
    hall = make_hall()

    with pytest.raises(Invalid):
        here(hall, person=hall.town.heads[0].pk, came_at=DOOR + timedelta(minutes=6))


def test_nobody_checks_in_to_what_was_called_off() -> None:
    hall = make_hall(state="cancelled", cancelled_at=SIGNED)

    with pytest.raises(NotComing):
        here(hall, person=hall.town.heads[0].pk)


def test_walk_in_gets_the_next_number_under_the_guard() -> None:
    hall = make_hall(size=2)
    signed(hall, hall.town.heads[0])

    came = here(hall, guest=Guest("老陈", "13800138001"), how="walk_in")
    with pytest.raises(FullHouse):
        here(hall, guest=Guest("老林", "13800138002"), how="walk_in")

    with scope.everything():
        place = SignUp.objects.get(pk=came.sign_up_id)
    assert (place.how, place.place_no, place.state) == ("walk_in", 2, "confirmed")
    assert (hall.fresh().taken, hall.fresh().next_no) == (2, 3)
    assert differences() == []


def test_after_the_beginning_walk_ins_get_the_places_of_those_who_did_not_come() -> None:
    hall = make_hall(size=2)
    signed(hall, *hall.town.heads[:2])
    late = STARTS + timedelta(minutes=15)
    here(hall, person=hall.town.heads[0].pk)

    came = here(hall, guest=Guest("老陈"), how="walk_in", at=late)
    with pytest.raises(FullHouse):
        here(hall, guest=Guest("老林"), how="walk_in", at=late)
    held = here(hall, person=hall.town.heads[1].pk, at=late)

    assert came.sign_up_id is None
    assert held.sign_up_id is not None
    assert hall.fresh().taken == 2
    assert differences() == []


def test_nobody_is_sent_home_where_everybody_may_come_in() -> None:
    hall = make_hall(size=1, lets_everybody_in=True)
    signed(hall, hall.town.heads[0])

    came = [here(hall, guest=Guest(f"观众{number}"), how="walk_in") for number in range(3)]

    assert [one.sign_up_id for one in came] == [None, None, None]
    assert hall.fresh().taken == 1


def test_who_waits_and_is_here_gets_a_free_place() -> None:
    hall = make_hall(size=1)
    [first, second] = signed(hall, *hall.town.heads[:2])
    assert second.state == "waiting"
    with pytest.raises(FullHouse):
        here(hall, sign_up=second.pk)
    hall.change(size=2)

    here(hall, sign_up=second.pk)

    with scope.everything():
        assert SignUp.objects.get(pk=second.pk).state == "confirmed"
    assert (hall.fresh().taken, hall.fresh().waiting) == (2, 0)
    assert first.state == "confirmed"
    assert differences() == []


def test_walk_in_undone_gives_the_place_back() -> None:
    hall = make_hall(size=1)
    came = here(hall, guest=Guest("老陈", "13800138001"), how="walk_in")

    attendance.undo_attendance(actor=hall.keeper, attendance=came.pk, reason="按错了", at=DOOR)
    again = here(hall, guest=Guest("老林", "13800138002"), how="walk_in")

    assert again.sign_up_id is not None
    assert hall.fresh().taken == 1
    assert differences() == []


def test_guest_with_the_name_and_number_of_a_resident_is_that_resident() -> None:
    hall = make_hall()
    known = make_resident(hall, "林大明", phone="13800138009")

    came = here(hall, guest=Guest("林大明", "138 0013 8009"), how="walk_in")
    other = here(hall, guest=Guest("林小明", "13800138009"), how="walk_in")

    assert came.person_id == known.pk
    assert (other.person_id, other.guest_name) == (None, "林小明")


def test_ticket_code_digits_and_card_are_recognised() -> None:
    hall = make_hall()
    rows = signed(hall, *hall.town.heads[:2])
    card = issue_card(actor=hall.keeper, person=hall.town.heads[2].pk, at=SIGNED)

    shown = [tokens.qr_text(tokens.token_for(rows[0].pk)), rows[1].code, card.number]
    came = [check_in_shown(actor=hall.keeper, occurrence=hall.occurrence.pk, text=text, at=DOOR) for text in shown]

    assert [one.how for one in came] == ["own_code", "typed_code", "card"]
    assert [one.person_id for one in came] == [head.pk for head in hall.town.heads]


@pytest.mark.parametrize("text", ["LXA:" + "A" * 26, "12345", "999999", "", "x" * 3000, "87654321"])
def test_forged_and_mistyped_codes_get_a_sentence(text: str) -> None:
    hall = make_hall()

    with pytest.raises((Invalid, Missing)) as told:
        check_in_shown(actor=hall.keeper, occurrence=hall.occurrence.pk, text=text, at=DOOR)

    assert str(told.value)
    assert live(hall) == []


def test_ticket_of_another_date_is_refused() -> None:
    hall = make_hall()
    with scope.everything():
        other = hall.fresh()
        other.pk, other.number, other.starts_at, other.ends_at = new_id(), 2, STARTS + timedelta(7), ENDS + timedelta(7)
        other.save(force_insert=True)
    [row] = signed(Hall(hall.town, hall.venue, hall.activity, other, hall.keeper), hall.town.heads[0])

    with pytest.raises(Refused):
        check_in_shown(actor=hall.keeper, occurrence=hall.occurrence.pk, text=tokens.token_for(row.pk), at=DOOR)
    with pytest.raises(Refused):
        here(hall, sign_up=row.pk)


def test_resident_checks_in_the_household_and_nobody_else() -> None:
    hall = make_hall()
    head, stranger = hall.town.heads[0], hall.town.heads[1]
    door = {"actor": resident(head), "code": door_code(hall.occurrence), "occurrence": hall.occurrence.pk, "at": DOOR}

    [mine] = scan_door(people=[head.pk], **door)
    with pytest.raises(NotAllowed):
        scan_door(people=[head.pk, stranger.pk], **door)
    with pytest.raises(NotAllowed):
        attendance.check_in(
            actor=resident(head), occurrence=hall.occurrence.pk, person=head.pk, how="venue_code", at=DOOR
        )
    with pytest.raises(Invalid):
        scan_door(people=[], **door)

    assert mine.sign_up_id is not None
    assert claims_of(mine) == [("attend-activity", "awarded", 5)]
    assert len(live(hall)) == 1


def test_codes_of_yesterday_of_elsewhere_and_forged_ones_get_a_sentence() -> None:
    hall = make_hall()
    head = hall.town.heads[0]
    today = local_day(STARTS)
    codes = {
        "yesterday": door_codes.write("A", hall.occurrence.pk, today - timedelta(days=1)),
        "elsewhere": door_codes.write("A", new_id(), today),
        "forged": door_code(hall.occurrence)[:-1] + "G",
        "yesterday at the venue": door_codes.write("V", hall.venue.pk, today - timedelta(days=1)),
    }

    for code in codes.values():
        with pytest.raises((Missing, DoorCodeOver)) as told:
            scan_door(actor=resident(head), code=code, occurrence=hall.occurrence.pk, people=[head.pk], at=DOOR)
        assert str(told.value.detail)
    with pytest.raises(DoorCodeOver):
        list_open_doors(code=codes["yesterday at the venue"], at=DOOR)
    with pytest.raises(Missing):
        list_open_doors(code=codes["forged"], at=DOOR)

    assert live(hall) == []


def test_code_of_the_venue_leads_to_what_is_on_now() -> None:
    hall = make_hall()
    head = hall.town.heads[0]
    code = venue_code(hall.venue.pk, DOOR)

    assert [one.id for one in list_open_doors(code=code, at=DOOR)] == [hall.occurrence.pk]
    assert list_open_doors(code=code, at=STARTS - timedelta(minutes=90)) == []
    scan_door(actor=resident(head), code=code, occurrence=hall.occurrence.pk, people=[head.pk], at=DOOR)

    [mine] = list_own(actor=resident(head), occurrence=hall.occurrence.pk, at=DOOR)
    assert (mine.person, mine.attendance) == (head.pk, live(hall)[0].pk)


@pytest.mark.parametrize("word", ["token", "code"])
def test_guest_checks_in_with_the_ticket_and_not_without(word: str) -> None:
    hall = make_hall()
    row = signed_guest(hall)
    told = tokens.token_for(row.pk) if word == "token" else f"{row.code[:3]} {row.code[3:]}"
    door = {"actor": Actor.anonymous(), "code": door_code(hall.occurrence), "occurrence": hall.occurrence.pk}

    with pytest.raises(NotAllowed):
        scan_door(sign_up=row.pk, at=DOOR, **door)
    [came] = scan_door(sign_up=row.pk, token=told, at=DOOR, **door)

    assert (came.guest_name, came.person_id) == ("来客", None)
    assert claims_of(came) == []


def test_staff_of_another_place_find_nothing() -> None:
    hall = make_hall()
    away = staff("community_staff", hall.town.tree.jintao)

    with pytest.raises(NotAllowed):
        attendance.check_in(
            actor=away, occurrence=hall.occurrence.pk, person=hall.town.heads[0].pk, how="name", at=DOOR
        )


def test_host_checks_in_at_the_own_venue_and_undoes_it() -> None:
    hall = make_hall()
    host = hall.host()

    came = attendance.check_in(
        actor=host, occurrence=hall.occurrence.pk, person=hall.town.heads[0].pk, how="name", at=DOOR
    )
    attendance.undo_attendance(actor=host, attendance=came.pk, reason="认错人", at=DOOR)

    assert hall.town.balance() == 0
    assert differences() == []


def test_staff_who_check_in_their_own_household_wait_for_a_second_person() -> None:
    hall = make_hall()
    head = hall.town.heads[0]
    from dataclasses import replace

    keeper = replace(hall.keeper, person=head.pk)
    came = attendance.check_in(actor=keeper, occurrence=hall.occurrence.pk, person=head.pk, how="name", at=DOOR)
    assert claims_of(came) == [("attend-activity", "waiting", 0)]

    attendance.undo_attendance(actor=keeper, attendance=came.pk, reason="认错人", at=DOOR)

    assert claims_of(came) == [("attend-activity", "refused", 0)]


def test_where_one_checks_out_hours_and_points_count_then() -> None:
    hall = make_hall(has_check_out=True)
    place = on_shift(hall, hall.town.heads[0])
    came = here(hall, person=hall.town.heads[0].pk, at=STARTS)
    assert claims_of(came) == []
    assert came.shift_place_id == place.pk

    left = attendance.check_out(actor=hall.keeper, attendance=came.pk, at=STARTS + timedelta(minutes=60))
    again = attendance.check_out(actor=hall.keeper, attendance=came.pk, at=STARTS + timedelta(minutes=90))

    assert (left.minutes, again.left_at) == (60, left.left_at)
    assert claims_of(came) == [("volunteer-hours", "awarded", 6)]
    assert hall.figure("volunteer_minutes") == 60
    assert differences() == []


def test_who_forgot_to_check_out_stayed_until_the_end() -> None:
    hall = make_hall(has_check_out=True)
    on_shift(hall, hall.town.heads[0])
    came = here(hall, person=hall.town.heads[0].pk, at=STARTS)

    finish_occurrence(actor=hall.keeper, occurrence=hall.occurrence.pk, at=NEXT_DAY)

    assert hall.figure("volunteer_minutes") == 120
    assert claims_of(came) == [("volunteer-hours", "awarded", 12)]
    assert differences() == []


def test_several_at_once_are_taken_each_on_its_own() -> None:
    hall = make_hall(size=2)
    heads = hall.town.heads
    came = [
        Came("walk_in", DOOR, person=heads[0].pk),
        Came("walk_in", DOOR, person=heads[0].pk),
        Came("walk_in", DOOR, guest=Guest("")),
        Came("walk_in", DOOR, person=heads[1].pk),
        Came("walk_in", DOOR, person=heads[2].pk),
    ]

    outcomes = attendance.check_in_many(actor=hall.keeper, occurrence=hall.occurrence.pk, came=came, at=DOOR)

    assert [one.is_new for one in outcomes] == [True, False, False, True, False]
    assert [type(one.refusal).__name__ for one in outcomes] == [
        "NoneType",
        "NoneType",
        "Invalid",
        "NoneType",
        "FullHouse",
    ]
    assert hall.figure("person_times") == 2
    assert (hall.town.balance(0), hall.town.balance(1)) == (5, 5)
    assert differences() == []


def test_name_of_three_thousand_characters_gets_a_sentence() -> None:
    hall = make_hall()

    with pytest.raises(Invalid):
        here(hall, guest=Guest("陈" * 3000), how="walk_in")


def test_person_who_died_is_not_checked_in() -> None:
    hall = make_hall()
    with scope.everything():
        type(hall.town.heads[0]).objects.filter(pk=hall.town.heads[0].pk).update(state="died", died_on="2026-03-01")

    with pytest.raises(Missing):
        here(hall, person=hall.town.heads[0].pk)
