"""Planning: activities, dates from how they repeat, edits of one date and of a series."""

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from lianxin.domain.activities.commands import activities, changing, occurrences, series
from lianxin.domain.activities.models import Activity, Occurrence, OccurrenceLimit, Question
from lianxin.domain.activities.rules.contents import QuestionText
from lianxin.domain.activities.rules.plans import LimitPlan
from lianxin.domain.activities.tests.plan_factories import (
    AT,
    dates_of,
    fresh,
    make_ground,
    make_public,
    make_series,
)
from lianxin.domain.bookings.models import BookingTime
from lianxin.domain.people.tests.factories import staff
from lianxin.domain.places.models import OpeningException, OpeningHours
from lianxin.platform import scope
from lianxin.platform.clock import LOCAL
from lianxin.platform.errors import EditedMeanwhile, Invalid, Missing, NotAllowed, Refused


@pytest.mark.django_db
def test_a_weekly_series_becomes_dates_at_the_same_time_of_the_clock() -> None:
    ground = make_ground()

    activity = make_series(ground, times=4)

    rows = dates_of(activity)
    assert [row.starts_at.astimezone(LOCAL).strftime("%m-%d %H:%M") for row in rows] == [
        "03-09 09:30",
        "03-16 09:30",
        "03-23 09:30",
        "03-30 09:30",
    ]
    assert [row.number for row in rows] == [1, 2, 3, 4]
    assert {row.state for row in rows} == {"draft"}
    assert rows[0].ends_at - rows[0].starts_at == timedelta(minutes=90)


@pytest.mark.django_db
def test_days_on_which_the_place_is_shut_are_left_out_on_wish() -> None:
    ground = make_ground()
    with scope.everything():
        for weekday in range(7):
            OpeningHours.objects.create(
                community=ground.community,
                venue=ground.venue,
                weekday=weekday,
                opens=time(8, 0),
                closes=time(20, 0),
                valid_from=date(2024, 1, 1),
            )
        OpeningException.objects.create(
            community=ground.community,
            venue=ground.venue,
            first_on=date(2026, 3, 16),
            last_on=date(2026, 3, 17),
            reason="装修",
        )

    skipping = make_series(ground, times=3)
    all_of_them = make_series(ground, times=3, skips_closed=False)

    assert [row.starts_at.date().day for row in dates_of(skipping)] == [9, 23, 30]
    assert [row.starts_at.date().day for row in dates_of(all_of_them)] == [9, 16, 23]


@pytest.mark.django_db
def test_planning_again_adds_only_what_is_missing() -> None:
    ground = make_ground()
    activity = make_series(ground, times=3)

    occurrences.plan_dates(
        actor=ground.planner,
        activity=activity.pk,
        first_on=date(2026, 3, 9),
        repeats={"every": "week", "weekdays": [0], "times": 5},
        at=AT,
    )

    assert [row.number for row in dates_of(activity)] == [1, 2, 3, 4, 5]


@pytest.mark.django_db
def test_a_date_that_meets_another_of_the_series_is_refused_with_both_named() -> None:
    ground = make_ground()
    activity = make_series(ground, times=2)

    with pytest.raises(changing.DatesOverlap) as refused:
        occurrences.add_date(actor=ground.planner, activity=activity.pk, on=date(2026, 3, 9), start=time(10, 0), at=AT)

    assert "09:30" in str(refused.value)
    assert "10:00" in str(refused.value)
    assert len(dates_of(activity)) == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first_on", "repeats", "field"),
    [
        (date(2026, 3, 1), None, "first_on"),
        (date(2026, 3, 9), {"every": "week", "weekdays": [0], "until": "2026-03-08"}, "until"),
        (date(2026, 3, 9), {"every": "week", "weekdays": [], "times": 3}, "weekdays"),
        (date(2026, 3, 9), {"every": "day", "times": 3, "until": "2026-04-01"}, "until"),
        (date(2026, 3, 9), {"every": "day", "until": "2027-04-01"}, "until"),
        (date(2026, 3, 9), {"every": "festival", "festival": "no", "times": 1}, "festival"),
    ],
)
def test_dates_that_cannot_be_are_refused_by_field(first_on, repeats, field) -> None:  # type: ignore[no-untyped-def]
    ground = make_ground()
    activity = make_series(ground, times=1)

    with pytest.raises(Invalid) as refused:
        occurrences.plan_dates(actor=ground.planner, activity=activity.pk, first_on=first_on, repeats=repeats, at=AT)

    assert field in refused.value.fields
    assert len(dates_of(activity)) == 1


@pytest.mark.django_db
def test_a_title_of_three_thousand_characters_is_refused_with_a_sentence() -> None:
    ground = make_ground()

    with pytest.raises(Invalid) as refused:
        activities.save_activity(actor=ground.planner, activity=None, content=ground.content(title="长" * 3000), at=AT)

    assert "80" in refused.value.fields["title"][0]


@pytest.mark.django_db
def test_an_end_before_the_start_is_refused() -> None:
    ground = make_ground()
    row = dates_of(make_series(ground, times=1))[0]

    with pytest.raises(Invalid) as refused:
        occurrences.change_occurrence(
            actor=ground.planner, occurrence=row.pk, change={"ends_at": row.starts_at - timedelta(hours=1)}, at=AT
        )

    assert "ends_at" in refused.value.fields


@pytest.mark.django_db
def test_a_date_cannot_be_moved_into_the_past() -> None:
    ground = make_ground()
    row = dates_of(make_series(ground, times=1))[0]

    with pytest.raises(Invalid) as refused:
        occurrences.change_occurrence(
            actor=ground.planner,
            occurrence=row.pk,
            change={"starts_at": AT - timedelta(hours=2), "ends_at": AT - timedelta(hours=1)},
            at=AT,
        )

    assert "starts_at" in refused.value.fields


@pytest.mark.django_db
def test_what_was_changed_by_hand_on_one_date_is_asked_about_and_kept() -> None:
    ground = make_ground()
    _activity, rows = make_public(ground, times=3)
    occurrences.change_occurrence(
        actor=ground.planner, occurrence=rows[1].pk, change={"room": ground.other_room.pk}, at=AT
    )
    change = {"room": ground.other_room.pk, "size": 40}

    with pytest.raises(series.ChangedByHand):
        series.change_series(
            actor=ground.planner, activity=rows[0].activity_id, scope="all", change={"room": None}, at=AT
        )
    series.change_series(
        actor=ground.planner,
        activity=rows[0].activity_id,
        scope="all",
        change={"room": None, "size": 40},
        by_hand="keep",
        at=AT,
    )

    now = dates_of(_activity)
    assert [row.room_id for row in now] == [None, ground.other_room.pk, None]
    assert [row.size for row in now] == [40, 40, 40]
    assert change["size"] == 40


@pytest.mark.django_db
def test_a_series_edit_can_replace_what_was_changed_by_hand() -> None:
    ground = make_ground()
    activity, rows = make_public(ground, times=2)
    occurrences.change_occurrence(actor=ground.planner, occurrence=rows[0].pk, change={"size": 10}, at=AT)

    series.change_series(
        actor=ground.planner, activity=activity.pk, scope="all", change={"size": 50}, by_hand="replace", at=AT
    )

    assert [(row.size, row.edited) for row in dates_of(activity)] == [(50, []), (50, [])]
    assert fresh(activity).plan["size"] == 50


@pytest.mark.django_db
def test_following_dates_move_with_their_rooms_and_earlier_ones_stay() -> None:
    ground = make_ground()
    activity, rows = make_public(ground, times=4)

    series.change_series(
        actor=ground.planner,
        activity=activity.pk,
        scope="following",
        occurrence=rows[2].pk,
        change={"start": time(15, 0), "days_later": 7},
        at=AT,
    )

    now = dates_of(activity)
    assert [row.starts_at.astimezone(LOCAL).strftime("%m-%d %H:%M") for row in now] == [
        "03-09 09:30",
        "03-16 09:30",
        "03-30 15:00",
        "04-06 15:00",
    ]
    with scope.everything():
        times = list(BookingTime.objects.filter(room=ground.room).order_by("starts_at"))
    assert [(time.starts_at, time.ends_at) for time in times] == [(row.starts_at, row.ends_at) for row in now]
    assert [row.sequence for row in now] == [0, 0, 1, 1]


@pytest.mark.django_db
def test_a_series_edit_that_makes_dates_overlap_changes_nothing() -> None:
    ground = make_ground()
    activity, rows = make_public(ground, times=3)

    with pytest.raises(changing.DatesOverlap):
        series.change_series(
            actor=ground.planner,
            activity=activity.pk,
            scope="following",
            occurrence=rows[1].pk,
            change={"days_later": -7},
            at=AT,
        )

    assert [row.starts_at for row in dates_of(activity)] == [row.starts_at for row in rows]


@pytest.mark.django_db
def test_an_edit_from_an_old_page_is_refused() -> None:
    ground = make_ground()
    activity = make_series(ground)

    with pytest.raises(EditedMeanwhile):
        activities.save_activity(
            actor=ground.planner, activity=activity.pk, content=ground.content(title="新题"), version=1, at=AT
        )


@pytest.mark.django_db
def test_limits_and_questions_are_kept_with_their_activity() -> None:
    ground = make_ground()
    questions = (QuestionText("会包粽子吗", "yes_no"), QuestionText("几点到", "choice", ("九点", "十点"), True))
    activity = activities.save_activity(
        actor=ground.planner,
        activity=None,
        content=ground.content(questions=questions),
        plan=ground.plan(limits=(LimitPlan("儿童", 10, 3, 12), LimitPlan("轮椅", 2))),
        at=AT,
    )
    occurrences.plan_dates(actor=ground.planner, activity=activity.pk, first_on=date(2026, 3, 9), at=AT)

    activities.save_activity(
        actor=ground.planner, activity=activity.pk, content=ground.content(questions=questions[::-1]), at=AT
    )

    with scope.everything():
        limits = OccurrenceLimit.objects.filter(occurrence__activity=activity).values_list("name", "size")
        asked = Question.objects.filter(activity=activity, removed_at__isnull=True).values_list("text", flat=True)
        assert list(limits) == [("儿童", 10), ("轮椅", 2)]
        assert list(asked) == ["几点到", "会包粽子吗"]
        assert Question.objects.filter(activity=activity).count() == 2


@pytest.mark.django_db
def test_strangers_find_nothing_and_readers_change_nothing() -> None:
    ground, other = make_ground(), make_ground("金洲社区", "440507004021")
    activity = make_series(ground)

    with pytest.raises(Missing):
        activities.save_activity(actor=other.planner, activity=activity.pk, content=ground.content(title="改了"), at=AT)
    with pytest.raises(NotAllowed):
        activities.save_activity(
            actor=staff("district_staff"), activity=activity.pk, content=ground.content(title="改了"), at=AT
        )
    with pytest.raises(NotAllowed):
        activities.save_activity(actor=staff("system_admin"), activity=None, content=ground.content(), at=AT)
    assert fresh(activity).title == "中医养生讲座"


@pytest.mark.django_db
def test_a_host_plans_for_the_own_venue_and_asks_the_community_to_publish() -> None:
    ground = make_ground()
    host = replace(staff("host", ground.community), venues=frozenset({ground.venue.pk}))

    activity = activities.save_activity(actor=host, activity=None, content=ground.content(), plan=ground.plan(), at=AT)
    occurrences.plan_dates(actor=host, activity=activity.pk, first_on=date(2026, 3, 9), at=AT)
    activities.ask_to_publish(actor=host, activity=activity.pk, at=AT)

    with pytest.raises(NotAllowed):
        activities.save_activity(
            actor=host, activity=None, content=ground.content(), plan=ground.plan(venue=None, room=None), at=AT
        )
    assert len(dates_of(activity)) == 1


@pytest.mark.django_db
def test_last_months_programme_is_drafted_in_one_press_on_the_same_weekdays() -> None:
    ground = make_ground()
    activity, rows = make_public(ground, times=3)
    later = rows[-1].ends_at + timedelta(hours=1)

    made = activities.copy_programme(
        actor=ground.planner, community=ground.community.pk, month=date(2026, 3, 1), at=later
    )
    again = activities.copy_programme(
        actor=ground.planner, community=ground.community.pk, month=date(2026, 3, 1), at=later
    )

    assert [row.title for row in made] == [activity.title]
    assert again == []
    assert [row.starts_at.astimezone(LOCAL).strftime("%m-%d %a %H:%M") for row in dates_of(made[0])] == [
        "04-13 Mon 09:30",
        "04-20 Mon 09:30",
        "04-27 Mon 09:30",
    ]
    assert {row.state for row in dates_of(made[0])} == {"draft"}


@pytest.mark.django_db
def test_a_draft_can_be_deleted_and_a_public_activity_cannot() -> None:
    ground = make_ground()
    draft = make_series(ground)
    public, _rows = make_public(ground, first_on=date(2026, 5, 4), times=1)

    activities.delete_draft(actor=ground.planner, activity=draft.pk, at=AT)
    with pytest.raises(Refused):
        activities.delete_draft(actor=ground.planner, activity=public.pk, at=AT)

    with scope.everything():
        assert not Activity.objects.filter(pk=draft.pk).exists()
        assert not Occurrence.objects.filter(activity=draft.pk).exists()


@pytest.mark.django_db
def test_a_date_that_took_place_unannounced_can_be_entered_with_a_reason() -> None:
    ground = make_ground()
    activity = make_series(ground, times=1)
    entry: dict[str, Any] = {
        "actor": ground.planner,
        "activity": activity.pk,
        "starts_at": AT - timedelta(days=3),
        "ends_at": AT - timedelta(days=3) + timedelta(hours=2),
        "venue": ground.venue.pk,
        "at": AT,
    }

    with pytest.raises(Invalid):
        occurrences.enter_past_date(**entry, note=" ")
    row = occurrences.enter_past_date(**entry, note="停电那天没来得及登记")

    assert (row.state, row.takes_sign_ups) == ("published", False)
