from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.engines.lunar import festivals, festivals_on, lunar_words, solar_term


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 22), "十月十四"),
        (date(2025, 7, 26), "闰六月初二"),
        (date(2027, 2, 5), "腊月廿九"),
        (date(2027, 2, 6), "正月初一"),
        (date(2026, 12, 9), "冬月初一"),
        (date(1890, 1, 1), ""),
        (date(2101, 1, 1), ""),
    ],
)
def test_lunar_days_are_written_as_on_a_wall_calendar(day: date, words: str) -> None:
    assert lunar_words(day) == words


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 9, 25), "中秋"),
        (date(2025, 10, 6), "中秋"),
        (date(2028, 10, 3), "中秋"),
        (date(2026, 10, 18), "重阳"),
        (date(2027, 10, 8), "重阳"),
        (date(2027, 2, 6), "春节"),
        (date(2028, 1, 26), "春节"),
        (date(2027, 2, 5), "除夕"),
        (date(2026, 3, 3), "元宵"),
        (date(2026, 6, 19), "端午"),
        (date(2026, 4, 5), "清明"),
        (date(2026, 12, 22), "冬至"),
    ],
)
def test_festivals_fall_on_their_days(day: date, name: str) -> None:
    assert name in [festival.name_zh for festival in festivals_on(day)]


@given(st.integers(1901, 2099))
def test_every_year_has_its_great_festivals_once_and_in_order(year: int) -> None:
    found = festivals(year)

    assert [festival.on for festival in found] == sorted(festival.on for festival in found)
    assert all(festival.on.year == year for festival in found)
    for code in (
        "spring_festival",
        "lantern",
        "qingming",
        "dragon_boat",
        "mid_autumn",
        "double_ninth",
        "new_years_eve",
    ):
        assert [festival.code for festival in found].count(code) == 1


@given(st.integers(1901, 2099))
def test_mid_autumn_is_the_fifteenth_of_the_eighth_month(year: int) -> None:
    (day,) = [festival.on for festival in festivals(year) if festival.code == "mid_autumn"]

    assert lunar_words(day) == "八月十五"


def test_years_outside_the_tables_have_no_festivals() -> None:
    assert festivals(1900) == ()
    assert festivals(2100) == ()


def test_a_solar_term_is_named_on_its_day() -> None:
    assert solar_term(date(2026, 11, 22)) == "小雪"
    assert solar_term(date(2026, 11, 23)) == ""
