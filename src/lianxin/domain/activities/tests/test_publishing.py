"""One publish: rooms, shifts and sign-up together after one check; taken back, changed and called off together."""

from datetime import date, timedelta
from typing import Any

import pytest

from lianxin.domain.activities.commands import activities, changing, occurrences, publishing, sign_ups
from lianxin.domain.activities.commands.sign_ups import Somebody
from lianxin.domain.activities.events import ActivityPublished, OccurrenceCancelled, OccurrenceChanged
from lianxin.domain.activities.models import Occurrence, Shift, SignUp
from lianxin.domain.activities.queries.publish_checks import check_publish
from lianxin.domain.activities.rules.plans import LimitPlan, ShiftPlan
from lianxin.domain.activities.tests.plan_factories import (
    AT,
    Ground,
    dates_of,
    fresh,
    make_ground,
    make_public,
    make_resident,
    make_series,
)
from lianxin.domain.bookings.commands import bookings
from lianxin.domain.bookings.models import BookingTime
from lianxin.domain.people.tests.factories import staff
from lianxin.platform import contributions, scope, search
from lianxin.platform.errors import Invalid, NotAllowed, Refused
from lianxin.platform.models import Message

SHIFTS = (ShiftPlan("签到", least=1, most=2, before=30),)


def guest(ground: Ground, row: Occurrence, name: str = "黄大姐", phone: str = "13800138001") -> SignUp:
    """Sign a guest up at the desk."""
    [made] = sign_ups.sign_up(
        actor=ground.planner, occurrence=row.pk, people=[Somebody(name=name, phone=phone)], how="staff", at=AT
    )
    return made


def live_times(ground: Ground) -> int:
    """How many times of the hall are taken."""
    with scope.everything():
        return BookingTime.objects.filter(room=ground.room, state__in=BookingTime.LIVE).count()


@pytest.fixture
def followed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was reported to higher modules."""
    events: list[Any] = []
    monkeypatch.setattr(contributions, "follow", lambda event, **_rest: events.append(event))
    return events


@pytest.mark.django_db
def test_one_publish_books_the_room_opens_shifts_and_sign_up(followed: list[Any]) -> None:
    ground = make_ground()

    activity, rows = make_public(ground, times=3, shifts=SHIFTS)

    assert {row.state for row in rows} == {"published"}
    assert activity.state == "published"
    assert live_times(ground) == 3
    assert all(row.booking_time_id for row in rows)
    with scope.everything():
        shifts = list(Shift.objects.filter(occurrence__in=rows).order_by("starts_at"))
    assert [(one.state, one.starts_at) for one in shifts] == [
        ("open", row.starts_at - timedelta(minutes=30)) for row in rows
    ]
    assert guest(ground, rows[0]).state == "confirmed"
    assert [type(event) for event in followed] == [ActivityPublished]


@pytest.mark.django_db
def test_every_conflict_is_named_and_nothing_is_done() -> None:
    ground = make_ground()
    activity = make_series(ground, times=3, shifts=SHIFTS)
    taken = dates_of(activity)
    for row, title in ((taken[0], "合唱队排练"), (taken[2], "业委会开会")):
        bookings.book_times(
            actor=ground.planner, room=ground.room.pk, times=[(row.starts_at, row.ends_at)], title=title, at=AT
        )

    with pytest.raises(publishing.NotPublishable) as refused:
        publishing.publish(actor=ground.planner, activity=activity.pk, at=AT)

    said = str(refused.value)
    assert "合唱队排练" in said
    assert "业委会开会" in said
    assert {row.state for row in dates_of(activity)} == {"draft"}
    assert live_times(ground) == 2
    with scope.everything():
        assert not Shift.objects.exists()


@pytest.mark.django_db
def test_a_room_taken_between_the_check_and_the_booking_undoes_the_whole_publication(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ground = make_ground()
    activity = make_series(ground, times=3, shifts=SHIFTS)
    last = dates_of(activity)[2]
    bookings.book_times(
        actor=ground.planner, room=ground.room.pk, times=[(last.starts_at, last.ends_at)], title="临时会议", at=AT
    )
    unseeing = check_publish_within(activity)
    unseeing.problems.clear()
    unseeing.doubts.clear()
    monkeypatch.setattr(publishing, "check_publish", lambda **_rest: unseeing)

    with pytest.raises(Refused):
        publishing.publish(actor=ground.planner, activity=activity.pk, at=AT)

    assert live_times(ground) == 1
    assert {row.state for row in dates_of(activity)} == {"draft"}


@pytest.mark.django_db
def test_doubts_are_shown_once_and_can_be_overruled() -> None:
    ground = make_ground()
    activity = activities.save_activity(
        actor=ground.planner, activity=None, content=ground.content(), plan=ground.plan(size=100), at=AT
    )
    occurrences.plan_dates(actor=ground.planner, activity=activity.pk, first_on=date(2026, 3, 10), at=AT)

    with pytest.raises(publishing.Doubtful) as refused:
        publishing.publish(actor=ground.planner, activity=activity.pk, at=AT)
    publishing.publish(actor=ground.planner, activity=activity.pk, despite_doubts=True, at=AT)

    assert "100" in str(refused.value)
    assert fresh(activity).state == "published"


@pytest.mark.django_db
def test_the_same_contact_at_two_places_at_once_is_a_doubt() -> None:
    ground = make_ground()
    content = ground.content(contact_name="陈社工", contact_phone="0754-88888888")
    made = []
    for room in (ground.room.pk, ground.other_room.pk):
        activity = activities.save_activity(
            actor=ground.planner, activity=None, content=content, plan=ground.plan(room=room), at=AT
        )
        occurrences.plan_dates(actor=ground.planner, activity=activity.pk, first_on=date(2026, 3, 10), at=AT)
        made.append(activity)
    publishing.publish(actor=ground.planner, activity=made[0].pk, at=AT)

    check = check_publish_within(made[1])

    assert check.problems == []
    assert ["陈社工" in one.sentence for one in check.doubts] == [True]


def check_publish_within(activity: Any) -> Any:
    """Check as the page does."""
    with scope.everything():
        return check_publish(row=fresh(activity), at=AT)


@pytest.mark.django_db
def test_a_date_that_has_passed_meanwhile_stops_the_publication() -> None:
    ground = make_ground()
    activity = make_series(ground, times=2)
    later = dates_of(activity)[0].starts_at + timedelta(minutes=1)

    with pytest.raises(publishing.NotPublishable):
        publishing.publish(actor=ground.planner, activity=activity.pk, despite_doubts=True, at=later)


@pytest.mark.django_db
def test_a_publication_is_taken_back_whole_while_nobody_counts_on_it() -> None:
    ground = make_ground()
    activity, rows = make_public(ground, times=2, shifts=SHIFTS)

    publishing.take_back(actor=ground.planner, activity=activity.pk, at=AT)

    assert live_times(ground) == 0
    assert fresh(activity).state == "draft"
    assert {row.state for row in dates_of(activity)} == {"draft"}
    with scope.everything():
        assert {one.state for one in Shift.objects.filter(occurrence__in=rows)} == {"draft"}

    publishing.publish(actor=ground.planner, activity=activity.pk, despite_doubts=True, at=AT)

    assert live_times(ground) == 2
    with scope.everything():
        assert [one.state for one in Shift.objects.filter(occurrence__in=rows)] == ["open", "open"]


@pytest.mark.django_db
def test_a_publication_is_not_taken_back_from_those_who_signed_up() -> None:
    ground = make_ground()
    activity, rows = make_public(ground, times=2)
    guest(ground, rows[1])

    with pytest.raises(publishing.HasPlaces):
        publishing.take_back(actor=ground.planner, activity=activity.pk, at=AT)

    assert live_times(ground) == 2
    assert {row.state for row in dates_of(activity)} == {"published"}


@pytest.mark.django_db
def test_calling_a_date_off_gives_room_shift_and_places_back_and_tells_everybody(followed: list[Any]) -> None:
    ground = make_ground()
    activity, rows = make_public(ground, times=2, shifts=SHIFTS)
    person, actor = make_resident(ground)
    made = guest(ground, rows[0])
    sign_ups.sign_up(actor=actor, occurrence=rows[0].pk, people=[Somebody(person=person.pk)], at=AT)
    messages = Message.objects.count()

    with pytest.raises(Invalid):
        occurrences.cancel_occurrence(actor=ground.planner, occurrence=rows[0].pk, reason="  ", at=AT)
    row = occurrences.cancel_occurrence(actor=ground.planner, occurrence=rows[0].pk, reason="台风", at=AT)

    assert (row.state, row.taken, row.sequence, row.cancel_reason) == ("cancelled", 0, 1, "台风")
    assert live_times(ground) == 1
    with scope.everything():
        assert Shift.objects.get(occurrence=row).state == "cancelled"
        assert {one.state for one in SignUp.objects.filter(occurrence=row)} == {"cancelled"}
        assert SignUp.objects.get(pk=made.pk).ended_reason == "台风"
    assert Message.objects.count() > messages
    assert [type(event) for event in followed if isinstance(event, OccurrenceCancelled)] == [OccurrenceCancelled]
    assert dates_of(activity)[1].state == "published"


@pytest.mark.django_db
def test_calling_an_activity_off_ends_all_dates_to_come() -> None:
    ground = make_ground()
    activity, rows = make_public(ground, times=3, shifts=SHIFTS)
    guest(ground, rows[2])

    occurrences.cancel_activity(actor=ground.planner, activity=activity.pk, reason="讲师生病", at=AT)

    assert fresh(activity).state == "cancelled"
    assert {row.state for row in dates_of(activity)} == {"cancelled"}
    assert live_times(ground) == 0


@pytest.mark.django_db
def test_fewer_places_than_people_is_refused_with_a_sentence() -> None:
    ground = make_ground()
    _activity, rows = make_public(ground, times=1, size=2)
    guest(ground, rows[0])
    guest(ground, rows[0], "林阿姨", "13800138002")

    with pytest.raises(changing.SizeTooSmall) as refused:
        occurrences.change_occurrence(actor=ground.planner, occurrence=rows[0].pk, change={"size": 1}, at=AT)

    assert "2" in str(refused.value)
    assert fresh(rows[0]).size == 2


@pytest.mark.django_db
def test_more_places_go_to_those_who_wait_at_once() -> None:
    ground = make_ground()
    _activity, rows = make_public(ground, times=1, size=1)
    guest(ground, rows[0])
    waiting = guest(ground, rows[0], "林阿姨", "13800138002")
    assert waiting.state == "waiting"

    occurrences.change_occurrence(actor=ground.planner, occurrence=rows[0].pk, change={"size": 2}, at=AT)

    row = fresh(rows[0])
    assert (row.size, row.taken, row.waiting) == (2, 2, 0)
    assert fresh(waiting).state in ("offered", "confirmed")


@pytest.mark.django_db
def test_a_kind_of_place_cannot_shrink_under_those_who_have_it() -> None:
    ground = make_ground()
    _activity, rows = make_public(ground, times=1, limits=(LimitPlan("轮椅", 1),))
    with scope.everything():
        limit = rows[0].limits.get()
    sign_ups.sign_up(
        actor=ground.planner,
        occurrence=rows[0].pk,
        people=[Somebody(name="黄大姐", phone="13800138001", limit=limit.pk)],
        how="staff",
        at=AT,
    )

    with pytest.raises(Refused):
        occurrences.change_occurrence(actor=ground.planner, occurrence=rows[0].pk, change={"limits": ()}, at=AT)

    occurrences.change_occurrence(
        actor=ground.planner, occurrence=rows[0].pk, change={"limits": (LimitPlan("轮椅", 3),)}, at=AT
    )
    assert fresh(limit).size == 3


@pytest.mark.django_db
def test_moving_a_date_moves_room_and_shift_and_tells_those_who_signed_up(followed: list[Any]) -> None:
    ground = make_ground()
    _activity, rows = make_public(ground, times=2, shifts=SHIFTS)
    guest(ground, rows[0])
    messages = Message.objects.count()
    later = {
        "starts_at": rows[0].starts_at + timedelta(hours=3),
        "ends_at": rows[0].ends_at + timedelta(hours=3),
    }

    row = occurrences.change_occurrence(actor=ground.planner, occurrence=rows[0].pk, change=later, at=AT)

    assert (row.sequence, row.edited) == (1, ["ends_at", "starts_at"])
    with scope.everything():
        time = BookingTime.objects.get(occurrences=row)
        shift = Shift.objects.get(occurrence=row)
    assert (time.starts_at, time.ends_at) == (row.starts_at, row.ends_at)
    assert shift.starts_at == row.starts_at - timedelta(minutes=30)
    assert Message.objects.count() == messages + 1
    assert [type(event) for event in followed if isinstance(event, OccurrenceChanged)] == [OccurrenceChanged]


@pytest.mark.django_db
def test_only_those_who_plan_publish() -> None:
    ground = make_ground()
    activity = make_series(ground)

    with pytest.raises(NotAllowed):
        publishing.publish(actor=staff("district_staff"), activity=activity.pk, at=AT)


@pytest.mark.django_db
def test_a_drawn_activity_publishes_the_digest_of_its_seed_and_keeps_the_seed() -> None:
    ground = make_ground()

    _activity, rows = make_public(ground, times=1, is_drawn=True, sign_up_closes=1440)

    assert len(rows[0].seed_digest) == 64
    assert rows[0].sign_up_until == rows[0].starts_at - timedelta(days=1)


@pytest.mark.django_db
def test_publishing_a_long_series_needs_a_steady_number_of_queries_to_check(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    ground = make_ground()
    activity = make_series(ground, times=40)

    with scope.everything(), django_assert_max_num_queries(16):
        check = check_publish(row=activity, at=AT)

    assert (len(check.dates), check.rooms) == (40, 40)


@pytest.mark.django_db
def test_public_dates_are_findable_by_title_and_gone_when_called_off() -> None:
    ground = make_ground()
    activity, rows = make_public(ground, times=2)

    def found() -> list[str]:
        with scope.within([ground.community.pk]):
            return sorted(hit.kind for hit in search.find("中医养生"))

    assert found() == ["activity", "occurrence", "occurrence"]

    occurrences.cancel_occurrence(actor=ground.planner, occurrence=rows[0].pk, reason="台风", at=AT)
    assert found() == ["activity", "occurrence"]

    occurrences.cancel_activity(actor=ground.planner, activity=activity.pk, reason="讲师生病", at=AT)
    assert found() == []
