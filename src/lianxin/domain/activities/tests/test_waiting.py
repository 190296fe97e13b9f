"""The waiting list works by itself: who is next, for how long, and what becomes of an offer that nobody takes."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from lianxin.domain.activities.commands.ending import CALL_DUTY
from lianxin.domain.activities.commands.sign_ups import cancel_sign_up, sign_up
from lianxin.domain.activities.commands.waiting import (
    NoOfferNow,
    accept_offer,
    decline_offer,
    list_moving,
    promote,
)
from lianxin.domain.activities.models import SignUp
from lianxin.domain.activities.queries.tickets import find_ticket
from lianxin.domain.activities.rules import promotion, tokens
from lianxin.domain.activities.rules.eligibility import Somebody
from lianxin.domain.activities.tests.sign_up_factories import (
    AT,
    STARTS,
    Scene,
    differences,
    make_home,
    make_limit,
    make_scene,
    note_no_show,
    now_of,
    sign_up_guest,
    sign_up_guests,
    sign_up_residents,
    states,
)
from lianxin.domain.people.tests.factories import staff
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.errors import Missing, NotAllowed
from lianxin.platform.ids import new_id
from lianxin.platform.models import Duty, Message

pytestmark = pytest.mark.django_db


def cancel(scene: Scene, row: SignUp, *, at: datetime = AT, **more: Any) -> None:
    """Cancel by the ticket's link."""
    cancel_sign_up(actor=scene.guest(), sign_up=row.pk, token=tokens.token_for(row.pk), at=at, **more)


def answer(scene: Scene, row: SignUp, command: Any, *, at: datetime = AT) -> list[SignUp]:
    """Answer an offer by the ticket's link."""
    return command(actor=scene.guest(), sign_up=row.pk, token=tokens.token_for(row.pk), at=at)


def test_a_place_that_comes_free_is_offered_to_the_next_one_for_a_time() -> None:
    scene = make_scene(size=1, offer_minutes=720)
    first, second, third = sign_up_guests(scene, range(3))

    cancel(scene, first)

    offered = now_of(second)
    assert (offered.state, now_of(third).state) == ("offered", "waiting")
    assert offered.offered_until == AT + timedelta(hours=23)  # twelve hours later is night: until nine in the morning
    assert scene.counters == (1, 1)
    assert list(Message.objects.values_list("template", flat=True)) == ["sign_up_offer"]
    assert differences() == []


def test_an_offer_that_is_taken_is_a_place() -> None:
    scene = make_scene(size=1)
    first, second = sign_up_guests(scene, range(2))
    cancel(scene, first)

    answer(scene, second, accept_offer)

    assert (now_of(second).state, scene.counters) == ("confirmed", (1, 0))
    with pytest.raises(NoOfferNow):
        answer(scene, second, accept_offer)


def test_an_offer_that_is_declined_goes_on_at_once() -> None:
    scene = make_scene(size=1)
    first, second, third = sign_up_guests(scene, range(3))
    cancel(scene, first)

    answer(scene, second, decline_offer)

    assert states([second, third]) == ["cancelled", "offered"]
    assert scene.counters == (1, 0)
    assert differences() == []


def test_an_offer_lapses_when_its_time_is_over() -> None:
    scene = make_scene(size=1)
    first, second, third = sign_up_guests(scene, range(3))
    cancel(scene, first)
    until = now_of(second).offered_until
    assert until is not None

    assert list_moving(at=until - timedelta(seconds=1)) == []
    assert list_moving(at=until) == [scene.occurrence.pk]
    with pytest.raises(NoOfferNow):
        answer(scene, second, accept_offer, at=until)
    promote(actor=Actor.system(), occurrence=scene.occurrence.pk, at=until)

    assert states([second, third]) == ["lapsed", "offered"]
    assert scene.counters == (1, 0)
    assert differences() == []


def test_shortly_before_the_start_nobody_is_asked_any_more() -> None:
    scene = make_scene(size=1)
    first, second = sign_up_guests(scene, range(2))

    cancel(scene, first, at=STARTS - timedelta(hours=2))

    assert now_of(second).state == "confirmed"
    assert list(Message.objects.values_list("template", flat=True)) == ["sign_up_place"]


def test_after_the_start_nobody_is_promoted() -> None:
    scene = make_scene(size=1)
    first, second = sign_up_guests(scene, range(2))

    cancel(scene, first, at=STARTS + timedelta(minutes=5))

    assert (now_of(second).state, scene.counters) == ("waiting", (0, 1))


def test_a_party_is_promoted_whole_and_keeps_places_until_there_are_enough() -> None:
    scene = make_scene(size=2)
    one, two = sign_up_guests(scene, range(2))
    family = make_home(scene.community, "陈大", "陈二", phone="13800001111")
    party = sign_up_residents(scene, scene.as_resident(family[0]), *family)
    single = sign_up_guest(scene, 5)

    cancel(scene, one)
    assert states([*party, single]) == ["waiting", "waiting", "waiting"]
    cancel(scene, two)

    assert states([*party, single]) == ["offered", "offered", "waiting"]
    accept_offer(actor=scene.as_resident(family[1]), sign_up=party[0].pk, at=AT)
    assert (states(party), scene.counters) == (["confirmed", "confirmed"], (2, 1))


def test_on_the_last_day_a_party_that_is_too_large_lets_others_pass() -> None:
    scene = make_scene(size=2)
    one, _two = sign_up_guests(scene, range(2))
    family = make_home(scene.community, "陈大", "陈二")
    party = sign_up_residents(scene, scene.as_resident(family[0]), *family)
    single = sign_up_guest(scene, 5)

    cancel(scene, one, at=STARTS - timedelta(hours=20))

    assert states([*party, single]) == ["waiting", "waiting", "offered"]


def test_after_the_first_hours_those_who_waited_come_in_without_being_asked() -> None:
    until = AT + timedelta(days=1)
    scene = make_scene(size=2, first_for="neighbours", first_until=until)
    made = sign_up_guests(scene, range(3))
    assert states(made) == ["waiting"] * 3

    assert promote(actor=Actor.system(), occurrence=scene.occurrence.pk, at=until - timedelta(minutes=1)) == 0
    promote(actor=Actor.system(), occurrence=scene.occurrence.pk, at=until)

    assert states(made) == ["confirmed", "confirmed", "waiting"]
    assert scene.counters == (2, 1)


def test_who_did_not_come_twice_gets_a_free_place_on_the_last_day() -> None:
    scene = make_scene()
    [person] = make_home(scene.community, "陈小", born=1990)
    for days in (20, 40):
        note_no_show(scene, person, on=local_day(AT - timedelta(days=days)))
    [made] = sign_up_residents(scene, scene.as_resident(person), person)

    assert promote(actor=Actor.system(), occurrence=scene.occurrence.pk, at=STARTS - timedelta(hours=25)) == 0
    promote(actor=Actor.system(), occurrence=scene.occurrence.pk, at=STARTS - timedelta(hours=24))

    assert now_of(made).state == "confirmed"


def test_a_kind_of_place_that_comes_free_goes_to_who_waits_for_it() -> None:
    scene = make_scene(size=2)
    make_limit(scene, "儿童", 1, max_age=12)
    child, other_child = (make_home(scene.community, name, born=2018)[0] for name in ("陈童", "林童"))
    [first] = sign_up_residents(scene, scene.keeper, child, how="staff")
    [second] = sign_up_residents(scene, scene.keeper, other_child, how="staff")
    grown_up = sign_up_guest(scene, 1)
    waiting = sign_up_guest(scene, 2)

    cancel(scene, first)

    assert states([second, grown_up, waiting]) == ["offered", "confirmed", "waiting"]
    assert differences() == []


def test_whoever_has_no_phone_is_called() -> None:
    scene = make_scene(size=1)
    first = sign_up_guest(scene, 1)
    [old] = make_home(scene.community, "林阿婆", born=1944)
    [second] = sign_up_residents(scene, scene.keeper, old, how="phone")

    cancel(scene, first)

    with scope.everything():
        duty = Duty.objects.get(kind=CALL_DUTY)
    assert (duty.record_id, duty.closed_at) == (second.pk, None)
    assert "林*婆" in duty.title
    accept_offer(actor=scene.keeper, sign_up=second.pk, at=AT)
    with scope.everything():
        assert Duty.objects.get(kind=CALL_DUTY).closed_at is not None


def test_a_position_counts_those_before() -> None:
    scene = make_scene(size=1)
    made = sign_up_guests(scene, range(4))
    cancel(scene, made[1])

    told = [find_ticket(token=tokens.token_for(row.pk))[0].position for row in made]

    assert told == [None, None, 1, 2]


def test_only_who_runs_it_moves_a_list_on() -> None:
    scene = make_scene()

    with pytest.raises(NotAllowed):
        promote(actor=scene.guest(), occurrence=scene.occurrence.pk, at=AT)
    with pytest.raises(Missing):
        promote(actor=staff("community_staff", scene.neighbour), occurrence=scene.occurrence.pk, at=AT)


def test_staff_sign_up_tells_the_person() -> None:
    scene = make_scene()

    sign_up(
        actor=scene.keeper,
        occurrence=scene.occurrence.pk,
        people=[Somebody(name="林阿婆", phone="13800000003")],
        how="phone",
        at=AT,
    )

    assert list(Message.objects.values_list("template", flat=True)) == ["sign_up_made"]


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("sizes", "free", "hours", "expected", "kept"),
    [
        ([1, 1, 1], 2, 100, [0, 1], False),
        ([3, 1], 2, 100, [], True),
        ([1, 3, 1], 2, 100, [0], True),
        ([3, 1], 2, 10, [1], False),
        ([1, 1], None, 100, [0, 1], False),
        ([1], 0, 100, [], False),
        ([], 5, 100, [], False),
    ],
)
def test_whom_to_promote(sizes: list[int], free: int | None, hours: int, expected: list[int], kept: bool) -> None:
    parties = [promotion.Party(new_id(), size) for size in sizes]

    found = promotion.whom_to_promote(parties, free=free, limits_free={}, at=STARTS - hours * HOUR, starts_at=STARTS)

    assert [parties.index(party) for party in found.parties] == expected
    assert found.is_kept is kept


def test_nobodys_time_runs_out_at_night() -> None:
    evening = datetime.fromisoformat("2026-11-20T10:00:00+00:00")  # six in the evening

    until = promotion.offer_until(at=evening, starts_at=STARTS, offer_minutes=360, is_called=False, was_held=False)

    assert until == datetime.fromisoformat("2026-11-21T01:00:00+00:00")  # nine in the morning
