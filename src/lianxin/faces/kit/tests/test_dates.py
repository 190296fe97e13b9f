from datetime import UTC, date, datetime, time

import pytest
from django.utils import translation

from lianxin.faces.kit.dates import day_of, spoken

MORNING = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)


def test_a_moment_is_said_with_day_weekday_and_part_of_the_day_in_shanghai():
    with translation.override("zh-hans"):
        words = spoken(MORNING, this_year=2026)

    assert words == "11月22日 周日 上午9:30"


def test_a_moment_is_said_in_english_on_an_english_page():
    with translation.override("en"):
        words = spoken(MORNING, this_year=2026)

    assert words == "Sun 22 Nov, 9:30 am"


def test_another_year_is_named():
    with translation.override("zh-hans"):
        words = spoken(date(2025, 1, 29), this_year=2026)

    assert words == "2025年1月29日 周三"


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (time(0, 5), "凌晨0:05"),
        (time(5, 59), "凌晨5:59"),
        (time(6), "上午6:00"),
        (time(12), "中午12:00"),
        (time(13), "下午1:00"),
        (time(18), "晚上6:00"),
        (time(23, 59), "晚上11:59"),
    ],
)
def test_each_part_of_the_day_has_its_word(at, words):
    with translation.override("zh-hans"):
        assert spoken(at) == words


@pytest.mark.parametrize(("at", "words"), [(time(0, 5), "12:05 am"), (time(12), "12:00 pm"), (time(18), "6:00 pm")])
def test_noon_and_midnight_are_twelve_in_english(at, words):
    with translation.override("en"):
        assert spoken(at) == words


def test_a_late_moment_in_utc_is_the_next_day_in_shanghai():
    assert day_of(datetime(2026, 11, 22, 16, 0, tzinfo=UTC)) == date(2026, 11, 23)
