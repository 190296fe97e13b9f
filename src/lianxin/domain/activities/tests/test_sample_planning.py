"""The planner of the sample's activities: exact totals for every district, whatever the dice say."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from uuid import UUID, uuid5

import pytest
from django.conf import settings

from lianxin.domain.activities.sample.crowd import AUDIENCES, Crowd, Pool, Somebody
from lianxin.domain.activities.sample.planning import (
    CALLED_OFF,
    HELD,
    Neighbourhood,
    Planned,
    Site,
    Wanted,
    plan_stretch,
)
from lianxin.domain.activities.sample.seasons import Days, is_storm
from lianxin.domain.activities.sample.sharing import divide
from lianxin.domain.activities.sample.templates import read_templates
from lianxin.platform.clock import LOCAL, local_day

NAMESPACE = UUID(int=7)
YEAR = Days(date(2024, 1, 1), date(2024, 12, 31), lambda day: (day.month, day.day) in {(1, 1), (5, 1), (10, 1)})
IN_FULL = Wanted(held=2_032, person_times=68_000, volunteer_held=297, volunteer_times=1_350, activities=555)
TEMPLATES = read_templates(Path(settings.DATA_DIR))


def named(*what: object) -> UUID:
    """An id that is the same for the same words."""
    return uuid5(NAMESPACE, "/".join(map(str, what)))


def make_pool(dice: Random, community: UUID, people: int) -> Pool:
    """People of all ages, three to a household."""
    rows = [
        Somebody(
            person=named(community, number),
            household=named(community, "home", number // 3),
            community=community,
            age=min(94, int(abs(dice.gauss(38, 23)))),
            sex=dice.choice("mf"),
            has_phone=True,
            habit=dice.gammavariate(1.5, 1.0) + 0.05,
        )
        for number in range(people)
    ]
    grown_up = [one for one in rows if 18 <= one.age <= 72]
    return Pool(rows, helpers=grown_up[: max(10, people // 6)])


def make_places(dice: Random, *, communities: int, residents: int, pilots: int) -> tuple[list[Neighbourhood], Crowd]:
    """A district with a centre everywhere and stations in every third community, at most forty."""
    sizes = divide(residents, [dice.uniform(0.4, 1.8) for _one in range(communities)])
    ids = [named("community", number) for number in range(communities)]
    pools = {pk: make_pool(dice, pk, size) for pk, size in zip(ids, sizes, strict=True)}
    places = []
    for number, pk in enumerate(ids):
        rooms = ["hall", "reading", *(["sports", "training", "music"] if number % 3 else [])]
        sites = [Site(named("centre", number), "centre", date(2019, 5, 1), tuple((k, named(number, k)) for k in rooms))]
        if number % 3 == 1 and number < 120:
            lounge = (("other", named(number, "lounge")),)
            sites.append(Site(named("station", number), "station", date(2024, 4, 1), lounge))
        counts = {name: pools[pk].count(name) for name in AUDIENCES}
        places.append(
            Neighbourhood(pk, str(number), sizes[number], counts, number % 4 == 0, number < pilots, tuple(sites))
        )
    near = {
        pk: [ids[n] for n in (place - 1, place + 1, place + 2) if 0 <= n < len(ids)] for place, pk in enumerate(ids)
    }
    return places, Crowd(pools, near)


def plan(seed: int, places: Sequence[Neighbourhood], wanted: Wanted = IN_FULL, days: Days = YEAR) -> list[Planned]:
    """Plan a stretch with some dice."""
    return plan_stretch(templates=TEMPLATES, places=places, days=days, wanted=wanted, dice=Random(seed))


@pytest.fixture(scope="module", params=[1, 20])
def whole(request: pytest.FixtureRequest) -> tuple[list[Neighbourhood], Crowd, list[Planned]]:
    """A whole district's year."""
    places, crowd = make_places(Random(request.param), communities=125, residents=20_000, pilots=20)
    return places, crowd, plan(request.param, places)


Whole = tuple[list[Neighbourhood], Crowd, list[Planned]]


def test_whole_district_holds_exactly_what_the_report_counts(whole: Whole) -> None:
    places, _crowd, found = whole

    held = [(one, day) for one in found for day in one.held]
    voluntary = [(one, day) for one, day in held if one.template.is_volunteering]

    assert len(held) == 2_032
    assert sum(day.people for _one, day in held) == 68_000
    assert (len(voluntary), sum(day.people for _one, day in voluntary)) == (297, 1_350)
    assert {one.place.community for one, _day in voluntary} == {place.community for place in places if place.is_pilot}
    assert 560 <= len(found) <= 640
    assert len({one.template.category for one, _day in held}) == 33
    assert {one.site.venue for one, _day in held} == {site.venue for place in places for site in place.sites}


def test_nobody_is_where_something_else_is_held(whole: Whole) -> None:
    _places, _crowd, found = whole

    in_room = sorted(
        (one.room, day.starts_at, day.ends_at) for one in found for day in one.dates if one.room is not None
    )

    assert in_room
    for (room, _start, end), (next_room, start, _end) in pairwise(in_room):
        assert room != next_room or end <= start


def test_season_weather_and_holidays_are_kept(whole: Whole) -> None:
    _places, _crowd, found = whole

    held = [(one, local_day(day.starts_at)) for one in found for day in one.held]
    called_off = [day for one in found for day in one.dates if day.state == CALLED_OFF]

    assert not [on for _one, on in held if is_storm(on)]
    assert any(is_storm(local_day(day.starts_at)) for day in called_off)
    assert 20 <= len(called_off) <= 200
    assert all(on.month in (7, 8) for one, on in held if one.template.title == "暑假小营")
    assert all(date(2024, 9, 13) <= on <= date(2024, 9, 17) for one, on in held if one.template.title == "中秋游园会")
    assert all(on >= one.site.opened_on for one, on in held)


def test_people_are_as_many_as_planned_and_nobody_is_out_twice_a_day(whole: Whole) -> None:
    _places, crowd, found = whole
    dice = Random(5)
    seen: dict[date, Counter[UUID]] = {}
    own = total = 0

    for one in sorted(found, key=lambda planned: not planned.template.is_volunteering):
        for day in one.held:
            people = crowd.draw(one.place.community, one.template.who, day.people, local_day(day.starts_at), dice)
            assert len(people) == day.people
            seen.setdefault(local_day(day.starts_at), Counter()).update(each.person for each in people)
            own += sum(each.community == one.place.community for each in people)
            total += len(people)

    assert max(max(people.values()) for people in seen.values()) == 1
    assert total == 68_000
    assert 0.7 < own / total < 0.95


def test_children_come_to_what_is_for_children_and_elders_by_day(whole: Whole) -> None:
    _places, crowd, found = whole
    dice = Random(6)
    lessons = next(one for one in found if one.template.who == "pupils" and one.held)
    tea = next(one for one in found if one.template.title == "量血压、测血糖" and one.held)

    pupils = crowd.draw(lessons.place.community, "pupils", 3, date(2030, 1, 5), dice)
    elders = crowd.draw(tea.place.community, "elders", 8, date(2030, 1, 5), dice)

    assert all(6 <= one.age <= 13 for one in pupils)
    assert all(one.age >= 52 for one in elders)
    assert all(day.starts_at.astimezone(LOCAL).hour < 12 for day in tea.dates)


def test_same_dice_plan_the_same_year() -> None:
    places, _crowd = make_places(Random(3), communities=12, residents=1_500, pilots=4)
    wanted = Wanted(held=195, person_times=5_100, volunteer_held=28, volunteer_times=130, activities=55)

    def told(seed: int) -> list[tuple[str, list[tuple[object, ...]]]]:
        return [
            (one.template.title, [(day.starts_at, day.state, day.people) for day in one.dates])
            for one in plan(seed, places, wanted)
        ]

    assert told(9) == told(9)
    assert told(9) != told(10)


@pytest.mark.parametrize(("communities", "residents", "pilots"), [(1, 40, 0), (2, 9, 1), (3, 300, 2), (7, 4_000, 3)])
def test_small_districts_get_their_part(communities: int, residents: int, pilots: int) -> None:
    places, _crowd = make_places(Random(4), communities=communities, residents=residents, pilots=pilots)
    held = 16 * communities
    wanted = Wanted(held, 5 * held, 3 * pilots, 9 * pilots, 5 * communities)

    found = plan(4, places, wanted)

    assert sum(len(one.held) for one in found) == held
    assert sum(day.people for one in found for day in one.held) == 5 * held
    assert all(day.people > 0 for one in found for day in one.dates if day.state == HELD)


def test_district_without_people_holds_nothing() -> None:
    places, _crowd = make_places(Random(1), communities=2, residents=0, pilots=1)

    assert plan(1, places) == []


def test_four_weeks_are_planned_as_well_as_a_year() -> None:
    places, _crowd = make_places(Random(8), communities=30, residents=4_800, pilots=5)
    first = date(2026, 10, 26)
    days = Days(first, first + timedelta(days=27), lambda _day: False)

    found = plan(8, places, Wanted(38, 1_250, 6, 26, 24), days)

    assert sum(len(one.held) for one in found) == 38
    assert all(first <= local_day(day.starts_at) <= days.last for one in found for day in one.dates)


@pytest.mark.parametrize(
    ("total", "weights", "least"), [(10, [1.0, 1.0, 1.0], 0), (7, [5.0, 0.1], 2), (1, [1.0] * 4, 3)]
)
def test_parts_add_up(total: int, weights: list[float], least: int) -> None:
    parts = divide(total, weights, least=least)

    assert sum(parts) == total
    assert min(parts) >= min(least, total // len(weights))


def test_pilots_of_a_later_batch_hold_no_volunteers_days_before() -> None:
    dice = Random(5)
    places, _crowd = make_places(dice, communities=125, residents=20_000, pilots=20)
    later = date(2024, 7, 1)
    places[10:20] = [replace(one, pilot_since=later) for one in places[10:20]]

    found = plan(5, places)

    of_volunteers = [one for one in found if one.template.is_volunteering]
    assert sum(len(one.held) for one in of_volunteers) == IN_FULL.volunteer_held
    assert sum(len(one.held) for one in found) == IN_FULL.held
    late = [one for one in of_volunteers if one.place.pilot_since == later]
    assert late
    assert min(local_day(date_.starts_at) for one in late for date_ in one.dates) >= later
    assert {one.place.community for one in of_volunteers} == {one.community for one in places if one.is_pilot}
