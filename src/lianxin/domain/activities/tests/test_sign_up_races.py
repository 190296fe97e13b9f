"""Who comes at the same moment: places are never given twice, and the numbers tell who came first."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F

from lianxin.domain.activities.commands import counters
from lianxin.domain.activities.commands.sign_up_tasks import RECOUNT_DUTY, recount_places
from lianxin.domain.activities.commands.sign_ups import cancel_sign_up
from lianxin.domain.activities.commands.waiting import accept_offer, promote
from lianxin.domain.activities.models import Occurrence, SignUp
from lianxin.domain.activities.rules import tokens
from lianxin.domain.activities.tests.sign_up_factories import (
    AT,
    differences,
    make_home,
    make_scene,
    sign_up_guest,
    sign_up_guests,
    sign_up_residents,
)
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.ids import new_id
from lianxin.platform.models import Duty
from tests.support.racing import DONE, race

pytestmark = pytest.mark.django_db(transaction=True)
TOGETHER = 16
PLACES = 5


def by_state(scene: Any) -> dict[str, int]:
    """How many sign-ups stand in each state."""
    with scope.everything():
        found: dict[str, int] = {}
        for state in SignUp.objects.filter(occurrence=scene.occurrence.pk).values_list("state", flat=True):
            found[state] = found.get(state, 0) + 1
    return found


def test_sixteen_at_once_for_five_places() -> None:
    scene = make_scene(size=PLACES)

    outcomes = race(TOGETHER, lambda number: sign_up_guest(scene, number))

    assert outcomes == {DONE: TOGETHER}
    assert by_state(scene) == {"confirmed": PLACES, "waiting": TOGETHER - PLACES}
    with scope.everything():
        rows = list(SignUp.objects.filter(occurrence=scene.occurrence.pk).order_by("place_no"))
    assert [row.place_no for row in rows] == list(range(1, TOGETHER + 1))
    assert [row.state for row in rows] == ["confirmed"] * PLACES + ["waiting"] * (TOGETHER - PLACES)
    assert len({row.code for row in rows}) == TOGETHER
    assert differences() == []


def test_with_counters_that_are_read_first_places_are_given_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = make_scene(size=PLACES)
    seen = scene.fresh()

    def take(occurrence: Any, count: int) -> counters.Counted:
        is_free = seen.taken + count <= (seen.size or 0)
        number = int(new_id().int % 1_000_000_000)
        Occurrence.objects.filter(pk=occurrence).update(
            taken=seen.taken + count if is_free else seen.taken, next_no=F("next_no") + count
        )
        return counters.Counted(seen.taken + count, 0, number, seen)

    monkeypatch.setattr(counters, "take", take)
    race(TOGETHER, lambda number: sign_up_guest(scene, number))

    assert by_state(scene)["confirmed"] > PLACES
    assert differences() != []


def test_one_person_sixteen_times_has_one_place() -> None:
    scene = make_scene(size=PLACES)
    [person] = make_home(scene.community, "陈小明")

    outcomes = race(TOGETHER, lambda _number: sign_up_residents(scene, scene.as_resident(person), person))

    assert outcomes == {DONE: 1, "AlreadySignedUp": TOGETHER - 1}
    assert scene.counters == (1, 0)
    assert differences() == []


def test_one_household_at_once_keeps_its_cap() -> None:
    scene = make_scene(size=20, household_most=2)
    people = make_home(scene.community, *(f"陈{number}" for number in "一二三四五六七八"))
    actor = scene.as_resident(people[0])

    outcomes = race(len(people), lambda number: sign_up_residents(scene, actor, people[number]))

    assert outcomes == {DONE: 2, "HouseholdFull": len(people) - 2}
    assert scene.counters == (2, 0)


def test_one_key_sent_sixteen_times_is_one_party() -> None:
    scene = make_scene(size=PLACES)
    key = new_id()

    outcomes = race(TOGETHER, lambda _number: sign_up_guest(scene, 1, key=key))

    assert outcomes == {DONE: TOGETHER}
    assert (scene.counters, by_state(scene)) == ((1, 0), {"confirmed": 1})


def test_signing_up_cancelling_and_promoting_at_once_loses_nobody() -> None:
    scene = make_scene(size=PLACES)
    early = sign_up_guests(scene, range(2 * PLACES))
    later = AT + timedelta(days=2)

    def act(number: int) -> None:
        if number % 4 == 0:
            row = early[number // 4]
            cancel_sign_up(actor=scene.guest(), sign_up=row.pk, token=tokens.token_for(row.pk), at=AT)
        elif number % 4 == 1:
            promote(actor=Actor.system(), occurrence=scene.occurrence.pk, at=later)
        elif number % 4 == 2:
            row = early[PLACES + number // 4]
            accept_offer(actor=scene.guest(), sign_up=row.pk, token=tokens.token_for(row.pk), at=AT)
        else:
            sign_up_guest(scene, 1000 + number)

    outcomes = race(TOGETHER, act)

    assert set(outcomes) <= {DONE, "NoOfferNow"}
    assert sum(by_state(scene).values()) == 2 * PLACES + 4
    assert by_state(scene)["cancelled"] == 4
    live = sum(count for state, count in by_state(scene).items() if state in SignUp.LIVE)
    assert scene.counters[0] == min(PLACES, live)
    assert differences() == []


def test_the_nightly_recount_finds_a_counter_that_was_moved_by_hand() -> None:
    scene = make_scene(size=PLACES)
    sign_up_guests(scene, range(3))

    assert recount_places(actor=Actor.system(), at=AT) == []
    scene.change(taken=2)

    assert recount_places(actor=Actor.system(), at=AT) == [scene.occurrence.pk]
    assert len(differences()) == 1
    with scope.everything():
        assert Duty.objects.filter(kind=RECOUNT_DUTY, closed_at=None).count() == 1
