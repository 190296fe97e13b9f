"""Reception days: how they recur, slots and the waiting line, who was received, and days that were missed."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest

from lianxin.domain.bookings.models import Booking
from lianxin.domain.people.events import ConsentWithdrawn, PersonMerged, PersonMovedOut
from lianxin.domain.people.tests.factories import staff
from lianxin.domain.places.events import VenuePaused
from lianxin.domain.voice.commands import (
    receiving,
    reception_consequences,
    reception_days,
    reception_personal_data,
    reception_places,
    reception_series,
)
from lianxin.domain.voice.models import Commitment, ReceptionDay, ReceptionPlace
from lianxin.domain.voice.queries import reception_checks, receptions
from lianxin.domain.voice.rules import receipts
from lianxin.domain.voice.rules import receptions as rules
from lianxin.domain.voice.tests.mediation_factories import nothing_differs
from lianxin.domain.voice.tests.reception_factories import (
    AT,
    DAY,
    FIRST,
    SYSTEM,
    TODAY,
    fresh,
    make_centre,
    make_hall,
    open_duties,
    save_series,
    told,
)
from lianxin.platform import scope, workcalendar
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_moment
from lianxin.platform.commands import command
from lianxin.platform.contributions import Window
from lianxin.platform.errors import EditedMeanwhile, Invalid, Missing, NotAllowed

pytestmark = pytest.mark.django_db
EVENING = local_moment(FIRST, time(20))


@command("tests.follow")
def follow(*, actor: Actor, at: datetime, event: Any, do: Any) -> None:
    """Let something follow from an event, inside a command."""
    do(event, actor=actor, at=at)


def test_how_often_is_read_written_and_said() -> None:
    second = rules.read("RRULE:FREQ=MONTHLY;BYDAY=2TH")
    found = list(second.dates(first=date(2026, 1, 1), until=date(2026, 4, 30)))
    assert found == [date(2026, 1, 8), date(2026, 2, 12), date(2026, 3, 12), date(2026, 4, 9)]
    assert second.say() == "every month on the second Thursday"
    assert second.write() == "FREQ=MONTHLY;BYDAY=2TH"
    assert rules.read("FREQ=MONTHLY;BYDAY=TH;BYSETPOS=2") == second

    weekly = rules.read("FREQ=WEEKLY;BYDAY=WE")
    assert weekly.say() == "every week on Wednesday"
    assert list(weekly.dates(first=TODAY, until=TODAY + 14 * DAY)) == [FIRST, FIRST + 7 * DAY]
    assert [rules.read(text).write() for text in ("FREQ=MONTHLY;BYDAY=-1FR", "FREQ=MONTHLY;BYMONTHDAY=15,1")] == [
        "FREQ=MONTHLY;BYDAY=-1FR",
        "FREQ=MONTHLY;BYMONTHDAY=1,15",
    ]
    fortnight = rules.read("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE")
    assert fortnight.say() == "every 2 weeks on Monday, Wednesday"


@pytest.mark.parametrize(
    "text",
    ["", "FREQ=DAILY", "FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=2WE", "FREQ=MONTHLY;BYDAY=5TH", "FREQ=MONTHLY;BYMONTHDAY=32",
     "FREQ=MONTHLY;BYDAY=TH", "FREQ=WEEKLY;BYDAY=WE;INTERVAL=0", "FREQ=WEEKLY;BYDAY=WE;COUNT=3", "BYDAY=WE",
     "FREQ=MONTHLY;BYDAY=1MO,2TU"],
)  # fmt: skip
def test_what_such_days_do_not_need_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        rules.read(text)


def test_days_stand_sixty_days_ahead_and_the_worker_makes_the_next_ones_once() -> None:
    hall = make_hall()
    days = hall.days()
    assert [day.held_on for day in days] == [FIRST + timedelta(weeks=n) for n in range(len(days))]
    assert days[-1].held_on <= TODAY + 60 * DAY < days[-1].held_on + timedelta(weeks=1)
    assert (days[0].slots, days[0].starts_at) == (3, local_moment(FIRST, time(19, 30)))
    # Only what comes within a week is on somebody's list.
    assert [duty.record_id for duty in open_duties("close")] == [days[0].pk]

    later = AT + 7 * DAY
    assert reception_series.make_ahead(actor=SYSTEM, series=reception_series.list_running(), at=later) == 1
    assert reception_series.make_ahead(actor=SYSTEM, series=reception_series.list_running(), at=later) == 0

    assert len(hall.days()) == len(days) + 1
    assert len(open_duties("close")) == 2


def test_holiday_is_shown_with_its_name_and_the_day_can_be_moved() -> None:
    holiday = [(FIRST, False, "春节")]
    workcalendar.set_calendar_days(actor=SYSTEM, days=holiday, source="国务院办公厅", at=AT)
    hall = make_hall()
    hall.book()
    first = receptions.list_public(community=hall.centre.community.pk, at=AT)[0]
    assert (first.day.held_on, first.holiday) == (FIRST, "春节")

    made = reception_days.move(
        actor=hall.keeper, day=first.day.pk, to_day=FIRST + DAY, starts_time=time(19, 30), words="春节放假", at=AT
    )

    old = fresh(first.day)
    assert (old.state, old.state_words) == ("cancelled", "Moved to 2026-11-26: 春节放假")
    assert (made.held_on, made.taken, old.taken) == (FIRST + DAY, 1, 0)
    assert told("reception_changed") == 1
    # What was moved is not made anew on its old day.
    reception_series.make_ahead(actor=SYSTEM, series=[hall.series.pk], at=AT)
    assert [day.held_on for day in hall.days()].count(FIRST) == 1
    with pytest.raises(Invalid):
        reception_days.move(actor=hall.keeper, day=made.pk, to_day=FIRST, starts_time=time(9), words="改回去", at=AT)
    assert nothing_differs() == []


def test_slots_go_in_order_or_as_chosen_and_nobody_has_two() -> None:
    hall = make_hall()

    first, chosen = hall.book(0), hall.book(1, slot=2)

    assert (first.slot, chosen.slot, hall.first().taken) == (0, 2, 2)
    assert (len(first.receipt), first.receipt[0]) == (9, "8")
    assert told("reception_booked") == 2
    with pytest.raises(reception_places.SlotTaken):
        hall.book(2, slot=2)
    with pytest.raises(reception_places.BookedAlready):
        hall.book(0)
    with pytest.raises(Invalid):
        hall.book(2, slot=9)
    # What was refused took no slot.
    assert hall.first().taken == 2
    assert nothing_differs() == []


def test_waiting_line_moves_up_by_the_order_of_asking_and_who_moved_up_is_told() -> None:
    hall = make_hall()
    booked = [hall.book(number) for number in range(3)]
    with pytest.raises(reception_places.DayFull):
        hall.book(3)
    waiting = hall.book(3, wait=True, at=AT + timedelta(minutes=1))
    second = hall.guest("后来的", wait=True, channel="phone", guest_phone="13900139000", at=AT + timedelta(minutes=2))
    assert (waiting.state, waiting.slot, receptions.in_line(second)) == ("waiting", None, 2)

    reception_places.give_up(actor=hall.centre.resident(1), place=booked[1].pk, at=AT)

    moved = fresh(waiting)
    assert (moved.state, moved.slot, hall.first().taken) == ("booked", 1, 3)
    assert told("reception_moved_up") == 1
    reception_places.give_up(actor=hall.keeper, place=booked[0].pk, at=AT)
    assert (fresh(second).slot, told("reception_moved_up")) == (0, 1)
    assert [duty.record_id for duty in open_duties("call")] == [second.pk]
    reception_places.note_called(actor=hall.keeper, place=second.pk, at=AT)
    assert open_duties("call") == []
    assert nothing_differs() == []


def test_who_may_book_and_give_up() -> None:
    hall = make_hall()
    place = hall.book(0)
    other = hall.centre.resident(1)

    with pytest.raises(NotAllowed):
        reception_places.book(actor=other, day=hall.first().pk, person=hall.centre.member(2).pk, at=AT)
    with pytest.raises(NotAllowed):
        reception_places.give_up(actor=other, place=place.pk, at=AT)
    with pytest.raises(NotAllowed):
        reception_series.end(actor=staff("host", hall.centre.community), series=hall.series.pk, words="不办了", at=AT)
    with pytest.raises(Invalid):
        hall.guest("")
    given_up = reception_places.give_up(actor=other, place=place.pk, holds_receipt=True, at=AT)

    assert given_up.state == "cancelled"
    with pytest.raises(reception_places.PlaceOver):
        reception_places.give_up(actor=hall.keeper, place=place.pk, at=AT)
    assert hall.first().taken == 0


def test_received_person_leaves_words_a_case_and_a_promise() -> None:
    hall = make_hall()
    place = hall.book(0, about="路灯不亮")
    with pytest.raises(reception_days.NotBegun):
        receiving.receive(actor=hall.keeper, place=place.pk, said="路灯不亮", answered="去看", at=AT)
    with pytest.raises(receiving.NotReceived):
        receiving.make_case(actor=hall.keeper, place=place.pk, at=EVENING)

    receiving.receive(actor=hall.keeper, place=place.pk, said="三栋路灯坏了半个月", answered="明天叫人去看", at=EVENING)
    report = receiving.make_case(actor=hall.keeper, place=place.pk, subject="", at=EVENING)
    promise = receiving.promise(
        actor=hall.keeper, place=place.pk, words="修好路灯", owner_name="林书记", due_by=FIRST + 7 * DAY, at=EVENING
    )
    walked = receiving.receive_walk_in(
        actor=hall.keeper, day=hall.first().pk, guest_name="路过的", said="问医保", answered="给了电话", at=EVENING
    )

    row = fresh(place)
    assert (row.state, row.case_id, report.how, report.words) == (
        "received",
        report.case_id,
        "reception",
        "三栋路灯坏了半个月",
    )
    assert (promise.reception_id, promise.state) == (place.pk, Commitment.State.OPEN)
    assert (walked.slot, walked.state, hall.first().taken) == (None, "received", 1)
    with pytest.raises(receiving.CaseMade):
        receiving.make_case(actor=hall.keeper, place=place.pk, at=EVENING)
    with scope.everything():
        assert reception_checks.people_received(Window(from_on=FIRST, until_on=FIRST + DAY)) == 2
    assert nothing_differs() == []


def test_day_is_closed_with_who_came_and_why_the_leader_did_not() -> None:
    hall = make_hall()
    came, stayed_away = hall.book(0), hall.book(1)
    with pytest.raises(reception_days.NotBegun):
        reception_days.close(actor=hall.keeper, day=hall.first().pk, leader_came=True, at=AT)
    receiving.receive(actor=hall.keeper, place=came.pk, said="电梯", answered="记下了", at=EVENING)
    with pytest.raises(Invalid):
        reception_days.close(actor=hall.keeper, day=hall.first().pk, leader_came=False, at=EVENING)
    with pytest.raises(EditedMeanwhile):
        reception_days.close(actor=hall.keeper, day=hall.first().pk, leader_came=True, version=99, at=EVENING)

    day = reception_days.close(
        actor=hall.keeper, day=hall.first().pk, leader_came=False, words="到区里开会", summary="来了一位", at=EVENING
    )

    assert (day.state, day.leader_came, day.state_words) == ("held", False, "到区里开会")
    assert [fresh(one).state for one in (came, stayed_away)] == ["received", "absent"]
    assert [duty.record_id for duty in open_duties("close") if duty.record_id == day.pk] == []
    with pytest.raises(reception_days.NotPlanned):
        reception_days.close(actor=hall.keeper, day=day.pk, leader_came=True, at=EVENING)
    # Somebody who was there and was forgotten can still be written down, late.
    receiving.receive(actor=hall.keeper, place=stayed_away.pk, said="来晚了", answered="听了", at=EVENING + DAY)
    assert nothing_differs() == []


def test_day_that_nobody_closed_is_missed_after_two_days_and_can_be_closed_late() -> None:
    hall = make_hall()
    day = hall.first()

    assert reception_days.miss_overdue(actor=SYSTEM, at=day.ends_at + 2 * DAY - timedelta(minutes=1)) == 0
    assert reception_days.miss_overdue(actor=SYSTEM, at=day.ends_at + 2 * DAY) == 1
    assert reception_days.miss_overdue(actor=SYSTEM, at=day.ends_at + 2 * DAY) == 0

    window = Window(from_on=FIRST, until_on=FIRST + DAY, communities=frozenset({hall.centre.community.pk}))
    missed = fresh(day)
    assert (missed.state, bool(missed.state_words)) == ("missed", True)
    shown = receptions.list_public(community=hall.centre.community.pk, at=day.ends_at + 3 * DAY, past=True)
    assert [one.day.state for one in shown] == ["missed"]
    with scope.everything():
        assert (reception_checks.days_missed(window), reception_checks.days_held(window)) == (1, 0)
    reception_days.close(actor=hall.keeper, day=day.pk, leader_came=True, at=day.ends_at + 4 * DAY)
    with scope.everything():
        assert (reception_checks.days_missed(window), reception_checks.days_held(window)) == (0, 1)
    late = reception_days.miss_overdue(actor=SYSTEM, at=hall.days()[1].ends_at + 3 * DAY)
    assert late == 1
    with pytest.raises(reception_days.NotPlanned):
        reception_days.close(actor=hall.keeper, day=hall.days()[1].pk, leader_came=True, at=AT + 120 * DAY)


def test_called_off_day_stays_with_its_reason_and_its_people_are_told() -> None:
    hall = make_hall()
    hall.book(0)
    hall.guest("排队的", channel="paper")
    with pytest.raises(Invalid):
        reception_days.cancel(actor=hall.keeper, day=hall.first().pk, words=" ", at=AT)

    day = reception_days.cancel(actor=hall.keeper, day=hall.first().pk, words="台风停办", at=AT)

    assert (day.state, day.state_words, day.taken) == ("cancelled", "台风停办", 0)
    assert (told("reception_off"), len(open_duties("call"))) == (1, 1)
    with pytest.raises(reception_places.DayOver):
        hall.book(1)
    assert nothing_differs() == []


def test_changed_series_makes_free_days_anew_and_keeps_days_with_people() -> None:
    hall = make_hall()
    hall.book(0)
    old = {day.held_on for day in hall.days()}

    saved = save_series(
        hall.centre, series=hall.series.pk, version=1, recurrence="FREQ=MONTHLY;BYDAY=2TH", leader_name="陈书记"
    )

    now = [(day.held_on, day.leader_name) for day in hall.days()]
    assert saved.kept == 1
    assert now == [(FIRST, "陈书记"), (date(2026, 12, 10), "陈书记"), (date(2027, 1, 14), "陈书记")]
    assert len(old) > 3
    with pytest.raises(EditedMeanwhile):
        save_series(hall.centre, series=hall.series.pk, version=1)
    reception_series.end(actor=hall.keeper, series=hall.series.pk, words="并到议事厅", at=AT)
    assert {day.state for day in hall.days()} == {"cancelled"}
    assert told("reception_off") == 1
    with pytest.raises(reception_series.SeriesEnded):
        save_series(hall.centre, series=hall.series.pk)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("title", {"title": ""}),
        ("leader_name", {"leader_name": " "}),
        ("slot_minutes", {"slot_minutes": 2}),
        ("minutes", {"minutes": 15}),
        ("minutes", {"minutes": 300}),
        ("until_on", {"until_on": TODAY - DAY}),
        ("place_words", {"place_words": ""}),
        ("recurrence", {"recurrence": "FREQ=YEARLY"}),
        ("kind", {"kind": "x"}),
    ],
)
def test_series_that_cannot_be_held_is_refused_at_its_field(field: str, values: dict[str, object]) -> None:
    centre = make_centre()

    with pytest.raises(Invalid) as refused:
        save_series(centre, **values)

    assert field in refused.value.fields


def test_room_is_booked_with_each_day_and_given_back_and_a_taken_one_is_a_duty() -> None:
    centre = make_centre()
    taken = save_series(centre, title="先占着", room=centre.room.pk, starts_time=time(19), place_words="")
    other = save_series(centre, title="党群夜话", room=centre.room.pk, place_words="")

    with scope.everything():
        mine = list(ReceptionDay.objects.filter(series=taken.series).order_by("held_on"))
        theirs = list(ReceptionDay.objects.filter(series=other.series).order_by("held_on"))
        live = Booking.objects.filter(record_kind="voice.receptionday", state="confirmed").count()
    assert all(day.booking_id for day in mine)
    assert not any(day.booking_id for day in theirs)
    assert (live, len(open_duties("place"))) == (len(mine), len(theirs))

    reception_days.cancel(actor=centre.keeper, day=mine[0].pk, words="让出来", at=AT)
    settled = reception_days.take_room(actor=centre.keeper, day=theirs[0].pk, at=AT)

    assert settled.booking_id is not None
    assert len(open_duties("place")) == len(theirs) - 1


def test_closed_venue_asks_for_another_place_and_tells_who_is_booked() -> None:
    centre = make_centre(homes=2)
    saved = save_series(centre, room=centre.room.pk, place_words="")
    with scope.everything():
        day = ReceptionDay.objects.filter(series=saved.series).earliest("held_on")
    person = centre.member(0).pk
    reception_places.book(actor=centre.resident(0), person=person, day=day.pk, channel="sms", at=AT)

    event = VenuePaused(venue=centre.venue.pk, on=TODAY)
    follow(actor=SYSTEM, at=AT, event=event, do=reception_consequences.follow_venue_ends)

    assert told("reception_changed") == 1
    assert day.pk in {duty.record_id for duty in open_duties("place")}
    assert reception_consequences.preview_venue_ends(event)[0].endswith("is told.")


def test_who_left_gives_their_place_to_who_waits_and_merged_records_keep_one() -> None:
    hall = make_hall()
    gone, *_others = [hall.book(number) for number in range(3)]
    waiting = hall.book(3, wait=True)
    person, home = hall.centre.member(0), hall.centre.homes[0]
    event = PersonMovedOut(person=person.pk, household=home.pk, community=hall.centre.community.pk, on=TODAY)
    assert reception_consequences.preview_person_gone(event)

    follow(actor=SYSTEM, at=AT, event=event, do=reception_consequences.follow_person_gone)

    assert (fresh(gone).state, fresh(waiting).slot) == ("cancelled", 0)
    merged = PersonMerged(
        merged=hall.centre.member(1).pk, into=hall.centre.member(2).pk, community=hall.centre.community.pk
    )
    follow(actor=SYSTEM, at=AT, event=merged, do=reception_consequences.follow_person_merged)
    with scope.everything():
        live = ReceptionPlace.objects.filter(person=hall.centre.member(2), state="booked")
        assert live.count() == 1
    withdrawn = ConsentWithdrawn(person=hall.centre.member(2).pk, purpose="notices", community=hall.centre.community.pk)
    follow(actor=SYSTEM, at=AT, event=withdrawn, do=reception_consequences.follow_consent_withdrawn)
    with scope.everything():
        assert live.get().channel == "phone"
    assert nothing_differs() == []


def test_own_data_is_given_out_erased_and_forgotten_in_time() -> None:
    hall = make_hall()
    place = hall.book(0, about="找陈小明家")
    receiving.receive(actor=hall.keeper, place=place.pk, said="陈小明说路灯坏了", answered="好", at=EVENING)
    guest = hall.guest("老周", guest_phone="13900139000", channel="sms", day=hall.days()[1].pk)
    person = hall.centre.member(0)

    exported = reception_personal_data.export_rows(person.pk)
    assert [(row["state"], row["said"]) for row in exported] == [("received", "陈小明说路灯坏了")]
    follow(actor=SYSTEM, at=AT, event=person.pk, do=_erase)

    with scope.everything():
        row = ReceptionPlace.objects.get(pk=place.pk)
    assert (row.person_id, person.name in row.said, row.state) == (None, False, "received")
    over = hall.days()[1].ends_at
    assert reception_personal_data.purge_contacts(over + 179 * DAY) == 0
    assert reception_personal_data.purge_contacts(over + 181 * DAY) == 1
    assert fresh(guest).guest_phone is None
    assert reception_personal_data.purge_talks(over + 1096 * DAY) == 2
    assert reception_personal_data.purge_talks(over + 1096 * DAY) == 0


def _erase(person: UUID, *, actor: Actor, at: datetime) -> None:
    reception_personal_data.erase_rows(person, actor, at)


def test_feed_and_public_list_name_nobody_but_the_leader() -> None:
    hall = make_hall()
    hall.book(0)
    hall.guest("张三丰")
    reception_days.cancel(actor=hall.keeper, day=hall.days()[1].pk, words="台风停办", at=AT)

    body = receptions.calendar_of(community=hall.centre.community.pk, base_url="https://a.example", at=AT).decode()

    plain = body.replace("\r\n ", "")
    assert plain.count("BEGIN:VEVENT") == len(hall.days())
    assert plain.count("STATUS:CANCELLED") == 1
    assert "林书记" in plain
    assert "张三丰" not in plain
    assert hall.centre.member(0).name not in plain
    one = receptions.find_public(day=hall.first().pk)
    assert (one.free, [number for number, _at in one.free_slots]) == (1, [2])
    with pytest.raises(Missing):
        receptions.find_by_token(number="812345678", token="x")


def test_place_is_found_by_its_receipt_and_private_word() -> None:
    hall = make_hall()
    place = hall.book(0)

    found = receptions.find_by_token(number=place.receipt, token=receipts.token_for(place.pk, place.receipt))

    assert found.pk == place.pk
    assert isinstance(found.day.starts_at, datetime)
    with pytest.raises(Missing):
        receptions.find_by_token(number=place.receipt, token="A" * 26)
