import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.engines.geo import (
    Point,
    bounds,
    box_around,
    check_position,
    distance_metres,
    distance_words,
    in_polygon,
    walking_minutes,
)

DATA = Path(__file__).parents[4] / "data"
OUTLINE = json.loads((DATA / "longhu_outline.geojson").read_text(encoding="utf-8"))["features"][0]["geometry"]
SQUARE = [[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [0.0, 4.0], [0.0, 0.0]]
HOLE = [[1.0, 1.0], [2.0, 1.0], [2.0, 2.0], [1.0, 2.0], [1.0, 1.0]]

points = st.builds(Point, st.floats(73, 136), st.floats(3, 54))


def test_one_degree_of_latitude_is_111_kilometres() -> None:
    assert distance_metres(Point(116.7, 23.0), to=Point(116.7, 24.0)) == pytest.approx(111_195, abs=1)


def test_beijing_to_guangzhou_is_as_far_as_the_map_says() -> None:
    assert distance_metres(Point(116.3975, 39.9087), to=Point(113.2590, 23.1317)) == pytest.approx(1_889_000, rel=0.005)


@given(points, points)
def test_distance_is_the_same_both_ways(a: Point, b: Point) -> None:
    assert distance_metres(a, to=b) == pytest.approx(distance_metres(b, to=a))
    assert distance_metres(a, to=a) == 0


@given(points, st.floats(-0.05, 0.05), st.floats(-0.05, 0.05), st.floats(10, 5000))
def test_the_box_holds_everything_within_reach(centre: Point, lng: float, lat: float, metres: float) -> None:
    other = Point(centre.lng + lng, centre.lat + lat)

    assert distance_metres(centre, to=other) > metres or box_around(centre, metres=metres).holds(other)


def test_the_box_is_not_much_larger_than_the_reach() -> None:
    box = box_around(Point(116.7, 23.4), metres=1000)

    assert distance_metres(Point(116.7, 23.4), to=Point(box.east, 23.4)) == pytest.approx(1000, abs=1)
    assert distance_metres(Point(116.7, 23.4), to=Point(116.7, box.north)) == pytest.approx(1000, abs=1)


def test_a_hole_is_outside() -> None:
    assert in_polygon(Point(3, 3), rings=[SQUARE, HOLE])
    assert not in_polygon(Point(1.5, 1.5), rings=[SQUARE, HOLE])
    assert not in_polygon(Point(5, 1), rings=[SQUARE])
    assert not in_polygon(Point(5, 1), rings=[])


@given(st.floats(0.01, 3.99), st.floats(0.01, 3.99))
def test_what_is_inside_a_square_is_inside(lng: float, lat: float) -> None:
    assert in_polygon(Point(lng, lat), rings=[SQUARE])


def test_every_subdistrict_point_lies_in_the_outline_of_the_district() -> None:
    points = json.loads((DATA / "longhu_subdistrict_points.json").read_text(encoding="utf-8"))["points"]

    assert len(points) == 10
    assert all(in_polygon(Point(point["lng"], point["lat"]), rings=OUTLINE["coordinates"]) for point in points)


def test_the_bounds_of_the_outline_are_those_of_longhu() -> None:
    box = bounds(OUTLINE["coordinates"][0])

    assert box.holds(Point(116.7164, 23.3723))
    assert distance_metres(Point(box.west, box.south), to=Point(box.east, box.north)) < 30_000


def test_positions_outside_china_and_exchanged_ones_are_told_apart() -> None:
    assert check_position(116.7, 23.4) is None
    assert check_position(23.4, 116.7).code == "position_swapped"
    assert check_position(2.3, 48.8).code == "position_outside_china"
    assert check_position(float("nan"), 23.4).code == "position_outside_china"


@pytest.mark.parametrize(
    ("metres", "words"),
    [
        (0, "less than 100 m"),
        (110, "about 100 m"),
        (312, "about 300 m"),
        (980, "about 1.0 km"),
        (1240, "about 1.2 km"),
        (9960, "about 10 km"),
        (12_400, "about 12 km"),
    ],
)
def test_distances_are_said_in_round_figures(metres: float, words: str) -> None:
    assert str(distance_words(metres)) == words


def test_one_kilometre_is_fifteen_minutes_on_foot() -> None:
    assert walking_minutes(1000) == 15
    assert walking_minutes(5) == 1
