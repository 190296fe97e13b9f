"""What follows for activities when people leave, records become one, venues close, communities merge."""

from datetime import date, timedelta
from typing import Any

import pytest

from lianxin.domain.activities.commands import attendance, personal_data, searching
from lianxin.domain.activities.commands.consequences import PICTURES_DUTY, PLACE_DUTY
from lianxin.domain.activities.commands.feedback import give_feedback
from lianxin.domain.activities.commands.reporting import report_in
from lianxin.domain.activities.events import OccurrenceCancelled
from lianxin.domain.activities.models import (
    Activity,
    Attendance,
    Feedback,
    HoursEntry,
    Occurrence,
    OccurrencePicture,
    ShiftPlace,
    SignUp,
    Volunteer,
)
from lianxin.domain.activities.tests.attendance_factories import (
    DOOR,
    ENDS,
    NEXT_DAY,
    SIGNED,
    STARTS,
    TODAY,
    Hall,
    claims_of,
    differences,
    live,
    make_hall,
    make_resident,
    on_shift,
    signed,
    signed_guest,
)
from lianxin.domain.people.commands.leaving import preview_death, record_death
from lianxin.domain.people.commands.moving import merge_households, move_person
from lianxin.domain.people.events import ConsentWithdrawn, PersonMerged
from lianxin.domain.people.tests.factories import resident
from lianxin.domain.places.events import DivisionsMerged, VenueClosed
from lianxin.platform import contributions, scope, search
from lianxin.platform.actors import Actor
from lianxin.platform.commands import command
from lianxin.platform.ids import new_id
from lianxin.platform.models import Duty

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def mine() -> contributions.Contribution:
    return next(one for one in contributions.modules() if one.module == "activities")


@command("tests.report_to_activities")
def report(*, actor: Actor, event: Any, at: Any) -> None:
    for one in mine().consequences:
        if isinstance(event, one.on):
            one.do(event, actor=actor, at=at)


def told_of(event: Any) -> list[str]:
    return [line for one in mine().consequences if isinstance(event, one.on) for line in one.preview(event)]


def here(hall: Hall, **who: Any) -> Attendance:
    return attendance.check_in(actor=hall.keeper, occurrence=hall.occurrence.pk, how="name", at=DOOR, **who)


def test_who_died_gives_places_to_those_who_wait_and_shifts_back() -> None:
    hall = make_hall(size=1)
    gone, next_one = hall.town.heads[:2]
    rows = signed(hall, gone, next_one)
    place = on_shift(hall, gone)
    told = preview_death(actor=SYSTEM, person=gone.pk, on=date(2026, 3, 18))

    record_death(actor=SYSTEM, person=gone.pk, on=date(2026, 3, 18), at=SIGNED)

    assert len([line for line in told if "1" in line]) >= 2
    with scope.everything():
        assert SignUp.objects.get(pk=rows[0].pk).state == "cancelled"
        assert SignUp.objects.get(pk=rows[1].pk).state in ("offered", "confirmed")
        assert ShiftPlace.objects.get(pk=place.pk).state == "cancelled"
        assert Volunteer.objects.get(person=gone).state == "left"
    assert hall.fresh().taken == 1
    assert differences() == []


def test_what_lies_ahead_counts_to_the_household_one_lives_in_now() -> None:
    hall = make_hall()
    mover, other = hall.town.heads[:2]
    [row] = signed(hall, make_resident(hall, "林阿妹"))
    with scope.everything():
        person = row.person

    move_person(actor=SYSTEM, person=person.pk, household=mover.household_id, relation="child", on=TODAY, at=DOOR)
    with scope.everything():
        assert SignUp.objects.get(pk=row.pk).household_id == mover.household_id
    merge_households(actor=SYSTEM, households=[mover.household_id], into=other.household_id, on=TODAY, at=DOOR)

    with scope.everything():
        assert SignUp.objects.get(pk=row.pk).household_id == other.household_id


def test_two_records_of_one_person_become_one_and_nothing_counts_twice() -> None:
    hall = make_hall()
    old, new = hall.town.heads[:2]
    rows = signed(hall, old, new)
    place = on_shift(hall, old)
    report_in(actor=hall.keeper, person=old.pk, unit_name="区税务局", at=SIGNED)
    here(hall, shift_place=place.pk)
    here(hall, sign_up=rows[1].pk)
    assert hall.figure("volunteer_minutes") == 120

    report(actor=SYSTEM, event=PersonMerged(old.pk, new.pk, hall.town.community.pk), at=NEXT_DAY)

    with scope.everything():
        assert not SignUp.objects.filter(person=old).exists()
        assert not Attendance.objects.filter(person=old).exists()
        assert Volunteer.objects.get(person=new).state == "active"
        of_old = sum(HoursEntry.objects.filter(person=old).values_list("minutes", flat=True))
        of_new = sum(HoursEntry.objects.filter(person=new).values_list("minutes", flat=True))
    assert [one.person_id for one in live(hall)] == [new.pk]
    assert (of_old, of_new) == (0, 0)
    assert hall.figure("volunteer_minutes") == 0
    assert hall.figure("person_times") == 1
    assert differences() == []


def test_closed_venue_leaves_somebody_to_find_another_place() -> None:
    hall = make_hall()
    event = VenueClosed(hall.venue.pk, TODAY)
    told = told_of(event)

    report(actor=SYSTEM, event=event, at=SIGNED)

    assert len(told) == 1
    with scope.everything():
        [duty] = Duty.objects.filter(kind=PLACE_DUTY, closed_at=None)
    assert duty.due_at <= STARTS
    assert hall.fresh().state == "published"


def test_withdrawn_consent_hides_pictures_until_somebody_has_looked() -> None:
    hall = make_hall()
    head = hall.town.heads[0]
    here(hall, person=head.pk)
    with scope.everything():
        picture = OccurrencePicture.objects.create(
            community=hall.town.community,
            occurrence=hall.occurrence,
            file_id=new_id(),
            consent_note="都同意",
            is_public=True,
            added_at=DOOR,
        )
    event = ConsentWithdrawn(head.pk, "publish_name", hall.town.community.pk)

    assert len(told_of(event)) == 1
    assert told_of(ConsentWithdrawn(head.pk, "notices", hall.town.community.pk)) == []
    report(actor=SYSTEM, event=event, at=NEXT_DAY)

    with scope.everything():
        picture.refresh_from_db()
        assert Duty.objects.filter(kind=PICTURES_DUTY, closed_at=None).count() == 1
    assert not picture.is_public


def test_merged_community_takes_what_lies_ahead_and_leaves_what_is_over() -> None:
    hall = make_hall()
    signed(hall, hall.town.heads[0])
    on_shift(hall, hall.town.heads[1])
    with scope.everything():
        over = hall.fresh()
        over.pk, over.number, over.state = new_id(), 2, "held"
        over.starts_at, over.ends_at = STARTS - timedelta(days=7), ENDS - timedelta(days=7)
        over.taken = over.waiting = 0
        over.save(force_insert=True)
    into = hall.town.tree.jintao

    report(actor=SYSTEM, event=DivisionsMerged((hall.town.community.pk,), into.pk, TODAY), at=SIGNED)

    with scope.everything():
        assert Activity.objects.get(pk=hall.activity.pk).community_id == into.pk
        assert Occurrence.objects.get(pk=hall.occurrence.pk).community_id == into.pk
        assert Occurrence.objects.get(pk=over.pk).community_id == hall.town.community.pk
        assert set(SignUp.objects.values_list("community", flat=True)) == {into.pk}
        assert set(ShiftPlace.objects.values_list("community", flat=True)) == {into.pk}
        assert set(Volunteer.objects.values_list("community", flat=True)) == {into.pk}


def test_person_gets_what_is_on_record_and_it_is_forgotten_on_request() -> None:
    hall = make_hall()
    head = hall.town.heads[0]
    [row] = signed(hall, head)
    came = here(hall, sign_up=row.pk)
    give_feedback(actor=resident(head), attendance=came.pk, face=3, words="很好", met_need=True, at=NEXT_DAY)

    given = personal_data.export_rows(head.pk)
    said = personal_data.erase_rows(head.pk, SYSTEM, NEXT_DAY)

    assert (len(given["sign_ups"]), len(given["attendances"]), given["feedback"][0]["words"]) == (1, 1, "很好")
    assert len(said) == 1
    with scope.everything():
        assert Feedback.objects.get().words == ""
    assert hall.figure("person_times") == 1
    assert claims_of(came)[0][1] == "awarded"
    assert differences() == []


def test_guests_are_forgotten_after_ninety_days_and_residents_stay() -> None:
    hall = make_hall()
    guest = signed_guest(hall)
    signed(hall, hall.town.heads[0])
    here(hall, sign_up=guest.pk)
    here(hall, person=hall.town.heads[0].pk)

    assert personal_data.forget_guests(ENDS + timedelta(days=89)) == 0
    assert personal_data.forget_guests(ENDS + timedelta(days=91)) == 2
    assert personal_data.forget_guests(ENDS + timedelta(days=91)) == 0

    with scope.everything():
        row = SignUp.objects.get(pk=guest.pk)
    assert (row.guest_name, row.guest_phone, row.guest_digest) == ("—", None, "")
    assert {one.guest_name for one in live(hall)} == {"", "—"}
    assert hall.figure("person_times") == 2
    assert differences() == []


def test_activities_and_their_dates_are_found_by_title_and_place() -> None:
    hall = make_hall()
    with scope.everything():
        search.put(searching.entries())
        found = search.find("健康讲座")
        of_venue = search.find("健康讲座 翠英党群")
        public = search.find("健康讲座", public_only=True)

    assert {hit.kind for hit in found} == {"activity", "occurrence"}
    assert [hit.record_id for hit in of_venue] == [hall.occurrence.pk]
    assert [hit.kind for hit in public] == ["occurrence"]


def test_called_off_date_is_not_found_any_more() -> None:
    hall = make_hall()
    with scope.everything():
        search.put(searching.entries())
    hall.change(state="cancelled", cancelled_at=SIGNED)

    event = OccurrenceCancelled(hall.occurrence.pk, hall.activity.pk, hall.town.community.pk, STARTS, "下雨")
    report(actor=SYSTEM, event=event, at=SIGNED)

    with scope.everything():
        assert [hit.kind for hit in search.find("健康讲座")] == ["activity"]
