"""A whole community at the door of one date, by real HTTP: places are given once, in the order of acceptance."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.faults.conftest import new_database
from tests.support.rush import Rush, Visit, name_of

PEOPLE, TOGETHER, PLACES = 300, 16, 100


@pytest.fixture
def rush(tmp_path: Path, request: pytest.FixtureRequest) -> Rush:
    """A deployment of its own on the database of the run."""
    folder = tmp_path / "var"
    folder.mkdir()
    return Rush(folder, new_database(tmp_path, request.config))


def states(found: dict[str, Any]) -> Counter[str]:
    """How many sign-ups stand in each state."""
    return Counter(state for _number, state, _name, _code in found["rows"])


def test_three_hundred_people_sixteen_at_once_for_a_hundred_places(rush: Rush) -> None:
    occurrence = rush.step("prepare", str(PLACES))["occurrence"]
    with rush.served() as site:
        visits: list[Visit] = site.rush(PEOPLE, lambda number: site.sign_up(occurrence, number), together=TOGETHER)
    found = rush.step("count", occurrence)

    assert [visit.statuses for visit in visits] == [[200, 200, 200]] * PEOPLE
    rows = found["rows"]
    assert [number for number, *_rest in rows] == list(range(1, PEOPLE + 1))
    assert [state for _number, state, *_rest in rows] == ["confirmed"] * PLACES + ["waiting"] * (PEOPLE - PLACES)
    assert {name for _number, _state, name, _code in rows} == {name_of(number) for number in range(PEOPLE)}
    assert len({code for *_rest, code in rows}) == PEOPLE
    assert (found["taken"], found["waiting"], found["differences"]) == (PLACES, PEOPLE - PLACES, [])
    # What each was told is what is kept: who holds a place saw its code.
    told = {name_of(number): visit.answers[-1].text for number, visit in enumerate(visits)}
    for number, state, name, code in rows:
        assert (f"{code[:3]} {code[3:]}" in told[name]) is (state == "confirmed")
        assert f"报名序号 {number}" in told[name]


def test_with_cancellations_and_promotions_racing_nobody_is_lost_and_nobody_passes(rush: Rush) -> None:
    first, later = 120, 96
    occurrence = rush.step("prepare", "60")["occurrence"]
    with rush.served() as site:
        visits = site.rush(first, lambda number: site.sign_up(occurrence, number), together=TOGETHER)
        tickets = [visit.ticket for visit in visits]

        def act(number: int) -> int:
            match number % 4:
                case 0:
                    return site.cancel(tickets[number // 4])
                case 1:
                    return site.cancel(tickets[first - 1 - number // 4])
                case 2:
                    return site.accept(tickets[60 + number // 4])
                case _:
                    return site.sign_up(occurrence, 1000 + number).statuses[-1]

        statuses = site.rush(later, act, together=TOGETHER)
    found = rush.step("count", occurrence)

    assert all(status < 500 for status in statuses)
    rows = found["rows"]
    assert len(rows) == first + later // 4
    assert states(found)["cancelled"] == 2 * (later // 4)
    assert found["taken"] == 60 == states(found)["confirmed"] + states(found)["offered"]
    assert found["differences"] == []
    held = [number for number, state, *_rest in rows if state in ("confirmed", "offered")]
    waiting = [number for number, state, *_rest in rows if state == "waiting"]
    assert max(held) < min(waiting)
