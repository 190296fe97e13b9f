"""Drawing scarce places: the promise, the draw, and that anybody can check it."""

import hashlib
from datetime import timedelta

import pytest

from lianxin.domain.activities.commands.draws import NotToBeDrawn, draw, list_to_draw
from lianxin.domain.activities.commands.sign_ups import cancel_sign_up, sign_up
from lianxin.domain.activities.commands.waiting import list_moving
from lianxin.domain.activities.queries.sign_ups import list_draw
from lianxin.domain.activities.rules import draws, tokens
from lianxin.domain.activities.rules.eligibility import Somebody
from lianxin.domain.activities.tests.sign_up_factories import (
    AT,
    Scene,
    differences,
    make_home,
    make_scene,
    now_of,
    sign_up_guest,
    sign_up_guests,
    sign_up_residents,
    states,
)
from lianxin.platform.errors import NotAllowed
from lianxin.platform.ids import new_id

pytestmark = pytest.mark.django_db
CLOSES = AT + timedelta(days=3)


def drawn_scene(**values: object) -> Scene:
    """A scene whose places are drawn, with the promise made as a publication makes it."""
    seed, digest = draws.new_seed()
    return make_scene(is_drawn=True, sign_up_until=CLOSES, seed=seed, seed_digest=digest, **values)


def test_nobody_has_a_place_before_the_draw() -> None:
    scene = drawn_scene(size=2)

    made = sign_up_guests(scene, range(4))

    assert states(made) == ["in_draw"] * 4
    assert scene.counters == (0, 0)
    assert list_to_draw(at=CLOSES - timedelta(seconds=1)) == []
    assert list_moving(at=CLOSES) == []
    assert differences() == []


def test_the_draw_follows_the_seed_that_was_promised() -> None:
    scene = drawn_scene(size=2)
    made = sign_up_guests(scene, range(5))
    digest, before, _parties = list_draw(occurrence=scene.occurrence.pk)

    assert list_to_draw(at=CLOSES) == [scene.occurrence.pk]
    won = draw(actor=scene.keeper, occurrence=scene.occurrence.pk, at=CLOSES)
    _digest, seed, parties = list_draw(occurrence=scene.occurrence.pk)

    assert before == ""
    assert hashlib.sha256(seed.encode()).hexdigest() == digest
    by_hand = sorted((row.pk for row in made), key=lambda pk: hashlib.sha256(f"{seed}{pk}".encode()).hexdigest())
    assert {row.pk for row in won} == set(by_hand[:2])
    assert {pk for pk, _size, state in parties if state == "confirmed"} == set(by_hand[:2])
    assert scene.counters == (2, 3)
    assert differences() == []


def test_whoever_was_not_drawn_waits_in_the_order_of_the_draw() -> None:
    scene = drawn_scene(size=1)
    made = sign_up_guests(scene, range(4))
    [first] = draw(actor=scene.keeper, occurrence=scene.occurrence.pk, at=CLOSES)
    seed = scene.fresh().seed
    order = sorted(made, key=lambda row: draws.rank(seed, row.pk))

    cancel_sign_up(actor=scene.guest(), sign_up=first.pk, token=tokens.token_for(first.pk), at=CLOSES)

    assert first.pk == order[0].pk
    assert states(order) == ["cancelled", "offered", "waiting", "waiting"]


def test_a_party_is_drawn_whole_or_not_at_all() -> None:
    scene = drawn_scene(size=2)
    family = make_home(scene.community, "陈大", "陈二", "陈三")
    party = sign_up_residents(scene, scene.as_resident(family[0]), *family)
    others = sign_up_guests(scene, range(3))

    draw(actor=scene.keeper, occurrence=scene.occurrence.pk, at=CLOSES)

    assert states(party) == ["waiting"] * 3
    assert sorted(states(others)) == ["confirmed", "confirmed", "waiting"]


def test_a_late_call_stands_behind_those_who_were_not_drawn() -> None:
    scene = drawn_scene(size=1)
    made = sign_up_guests(scene, range(3))
    draw(actor=scene.keeper, occurrence=scene.occurrence.pk, at=CLOSES)

    [late] = sign_up(
        actor=scene.keeper,
        occurrence=scene.occurrence.pk,
        people=[Somebody(name="林阿婆")],
        how="phone",
        at=CLOSES + timedelta(hours=1),
    )

    assert now_of(late).state == "waiting"
    assert sorted(states(made)) == ["confirmed", "waiting", "waiting"]
    assert scene.counters == (1, 3)


def test_it_is_drawn_once_after_the_sign_up_by_who_runs_it() -> None:
    scene = drawn_scene(size=1)
    sign_up_guest(scene, 1)

    with pytest.raises(NotToBeDrawn):
        draw(actor=scene.keeper, occurrence=scene.occurrence.pk, at=CLOSES - timedelta(seconds=1))
    with pytest.raises(NotAllowed):
        draw(actor=scene.guest(), occurrence=scene.occurrence.pk, at=CLOSES)
    draw(actor=scene.keeper, occurrence=scene.occurrence.pk, at=CLOSES)
    with pytest.raises(NotToBeDrawn):
        draw(actor=scene.keeper, occurrence=scene.occurrence.pk, at=CLOSES)


def test_another_seed_is_not_the_promised_one() -> None:
    seed, digest = draws.new_seed()

    assert draws.is_the_promised(seed, digest)
    assert not draws.is_the_promised("another", digest)
    assert draws.new_seed() != (seed, digest)


def test_codes_are_six_digits_and_all_different() -> None:
    occurrence = new_id()

    codes = [tokens.code_for(occurrence, number) for number in range(1, 3001)]

    assert len(set(codes)) == 3000
    assert all(len(code) == 6 and code.isdigit() for code in codes)
    assert codes != [tokens.code_for(new_id(), number) for number in range(1, 3001)]
