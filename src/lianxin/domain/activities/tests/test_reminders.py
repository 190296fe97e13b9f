"""Reminders: a day and two hours before, never at night, never to who signed up since, and a list to call."""

from datetime import timedelta

import pytest

from lianxin.domain.activities.commands.reminders import CALL_LIST_DUTY, list_soon, note_called, remind
from lianxin.domain.activities.commands.rosters import open_roster
from lianxin.domain.activities.commands.sign_ups import Somebody, sign_up
from lianxin.domain.activities.queries.sign_ups import find_sign_up_row, list_sign_ups
from lianxin.domain.activities.rules import tokens
from lianxin.domain.activities.rules.telling import is_quiet, reminder_due
from lianxin.domain.activities.tests.sign_up_factories import (
    AT,
    STARTS,
    make_home,
    make_scene,
    sign_up_guest,
    sign_up_guests,
    sign_up_residents,
)
from lianxin.domain.people.tests.factories import staff
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing, NotAllowed
from lianxin.platform.models import Duty, Message

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("before", "accepted", "reminded", "due"),
    [
        (25 * HOUR, 5 * DAY, None, False),
        (24 * HOUR, 5 * DAY, None, True),
        (20 * HOUR, 5 * DAY, 24 * HOUR, False),
        (20 * HOUR, 21 * HOUR, None, False),
        (2 * HOUR, 5 * DAY, 24 * HOUR, True),
        (2 * HOUR, 21 * HOUR, None, True),
        (HOUR, 5 * DAY, 2 * HOUR, False),
        (HOUR, 90 * HOUR / 60, None, False),
        (-HOUR, 5 * DAY, None, False),
    ],
)
def test_when_a_reminder_is_due(before: timedelta, accepted: timedelta, reminded: timedelta | None, due: bool) -> None:
    told = reminder_due(
        starts_at=STARTS,
        accepted_at=STARTS - accepted,
        reminded_at=None if reminded is None else STARTS - reminded,
        at=STARTS - before,
    )

    assert told is due


def test_nobody_is_woken() -> None:
    assert is_quiet(STARTS.replace(hour=14))
    assert is_quiet(STARTS.replace(hour=23))
    assert not is_quiet(STARTS)


@pytest.mark.django_db
def test_those_with_a_phone_get_a_message_with_their_link_and_the_others_are_called() -> None:
    scene = make_scene()
    made = sign_up_guest(scene, 1)
    sign_up_residents(scene, scene.keeper, *make_home(scene.community, "林阿婆", born=1944), how="phone")
    at = STARTS - 24 * HOUR

    assert list_soon(at=at) == [scene.occurrence.pk]
    sent = remind(actor=Actor.system(), occurrence=scene.occurrence.pk, at=at)
    again = remind(actor=Actor.system(), occurrence=scene.occurrence.pk, at=at + HOUR)

    assert (sent, again) == (1, 0)
    message = Message.objects.get(template="occurrence_reminder")
    assert tokens.ticket_path(tokens.token_for(made.pk)) in message.context.reveal()
    with scope.everything():
        duty = Duty.objects.get(kind=CALL_LIST_DUTY, closed_at=None)
    assert duty.record_id == scene.occurrence.pk
    assert note_called(actor=scene.keeper, occurrence=scene.occurrence.pk, at=at)
    assert not note_called(actor=scene.keeper, occurrence=scene.occurrence.pk, at=at)


@pytest.mark.django_db
def test_names_and_numbers_are_opened_by_an_act_and_masked_on_lists() -> None:
    scene = make_scene(size=2)
    [person] = make_home(scene.community, "林阿婆", born=1944, phone="13800001111")
    sign_up_residents(scene, scene.keeper, person, how="phone")
    sign_up_guests(scene, range(1, 3))

    page = list_sign_ups(actor=scene.keeper, place=scene.occurrence, at=AT)
    _questions, rows = open_roster(actor=scene.keeper, occurrence=scene.occurrence.pk, reason="打印签到表", at=AT)

    assert [row.masked_name for row in page.rows] == ["林*婆", "来*1", "来*2"]
    assert [(row.last4, row.position) for row in page.rows] == [("1111", None), ("0001", None), ("0002", 1)]
    assert (page.count, page.by_state) == (3, {"confirmed": 2, "waiting": 1})
    assert [(row.name, row.phone) for row in rows] == [
        ("林阿婆", "13800001111"),
        ("来客1", "13800000001"),
        ("来客2", "13800000002"),
    ]
    with pytest.raises(NotAllowed):
        open_roster(actor=scene.guest(), occurrence=scene.occurrence.pk, reason="", at=AT)
    with pytest.raises(Missing):
        list_sign_ups(actor=staff("community_staff", scene.neighbour), place=scene.occurrence, at=AT)


@pytest.mark.django_db
def test_a_list_is_searched_by_name_last_digits_and_code() -> None:
    scene = make_scene()
    [person] = make_home(scene.community, "林阿婆", born=1944, phone="13800001111")
    [made] = sign_up_residents(scene, scene.keeper, person, how="phone")
    sign_up_guest(scene, 5)

    for query in ("林阿", "1111", made.code):
        page = list_sign_ups(actor=scene.keeper, place=scene.occurrence, at=AT, query=query)
        assert [row.id for row in page.rows] == [made.pk]


@pytest.mark.django_db
def test_only_those_whom_no_message_reaches_are_on_the_list_to_call() -> None:
    scene = make_scene()
    sign_up_guest(scene, 1)
    sign_up(actor=scene.keeper, occurrence=scene.occurrence.pk, people=[Somebody(name="林阿婆")], how="phone", at=AT)

    _questions, rows = open_roster(actor=scene.keeper, occurrence=scene.occurrence.pk, reason="", to_call=True, at=AT)

    assert [row.name for row in rows] == ["林阿婆"]


@pytest.mark.django_db
def test_a_sign_up_is_shown_with_its_party() -> None:
    scene = make_scene()
    family = make_home(scene.community, "陈大", "陈二")
    made = sign_up_residents(scene, scene.as_resident(family[0]), *family)

    place, rows = find_sign_up_row(actor=scene.keeper, sign_up=made[1].pk, at=AT)

    assert (place.id, [row.id for row in rows]) == (scene.occurrence.pk, [made[1].pk, made[0].pk])
    with pytest.raises(Missing):
        find_sign_up_row(actor=scene.guest(), sign_up=made[1].pk, at=AT)
