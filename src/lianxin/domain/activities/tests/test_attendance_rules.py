"""Windows, codes of doors and sheets, and when a no-show is forgotten."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.domain.activities.rules import door_codes, faces, no_shows, sheets
from lianxin.domain.activities.rules.windows import Door, stayed_minutes, told_moment
from lianxin.platform.ids import new_id

STARTS = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)
ENDS = STARTS + timedelta(hours=2)
SHEET = new_id()


@pytest.mark.parametrize(("minutes", "is_open"), [(-61, False), (-60, True), (0, True), (150, True), (151, False)])
def test_door_opens_before_and_closes_after(minutes: int, is_open: bool) -> None:
    door = Door(STARTS, ENDS, 60, 30)
    at = STARTS + timedelta(minutes=minutes)

    assert door.is_open(at) is is_open
    assert bool(door.why_closed(at)) is not is_open


def test_minutes_lie_within_the_occurrence() -> None:
    early, late = STARTS - timedelta(minutes=20), ENDS + timedelta(minutes=20)

    assert stayed_minutes(starts_at=STARTS, ends_at=ENDS, came_at=early, left_at=late) == 120
    assert stayed_minutes(starts_at=STARTS, ends_at=ENDS, came_at=ENDS, left_at=None) == 0
    assert stayed_minutes(starts_at=STARTS, ends_at=ENDS, came_at=STARTS, left_at=early) == 0


def test_nobody_comes_after_we_heard_of_it() -> None:
    assert told_moment(STARTS + timedelta(minutes=3), at=STARTS) == STARTS


@given(day=st.dates(date(2020, 1, 1), date(2099, 12, 31)), kind=st.sampled_from(["A", "V"]))
def test_door_code_says_what_was_written(day: date, kind: str) -> None:
    found = door_codes.read(door_codes.write(kind, SHEET, day).lower())

    assert found is not None
    assert (found.kind, found.record, found.on) == (kind, SHEET, day)


def test_changed_door_code_says_nothing() -> None:
    code = door_codes.write("A", SHEET, date(2026, 3, 20))
    other = code.replace("260320", "260321")

    assert door_codes.read(other) is None
    assert door_codes.read("V" + code[1:]) is None
    assert door_codes.read(code[:-1] + ("0" if code[-1] != "0" else "1")) is None
    assert door_codes.read("A" + "7" * 26 + "269999" + "0" * 16) is None
    assert door_codes.read("陈" * 3000) is None


def test_codes_of_rows_are_read_in_any_arrangement() -> None:
    codes = [sheets.row_code(SHEET, number) for number in (1, 12, 123)]
    text = f"{codes[0]} {sheets.spaced(codes[1])}\n{codes[2]}"

    lines = sheets.read_typed(SHEET, text, known=[1, 12, 123])

    assert [(line.place_no, line.problem) for line in lines] == [(1, ""), (12, ""), (123, "")]


def test_codes_of_another_sheet_and_unknown_rows_get_a_sentence() -> None:
    other = new_id()
    code = next(
        sheets.row_code(other, number)
        for number in range(1, 99)
        if sheets.row_code(other, number) != sheets.row_code(SHEET, number)
    )

    lines = sheets.read_typed(SHEET, f"{code}\n{sheets.row_code(SHEET, 50)}\n7", known=range(1, 40))

    assert [line.place_no for line in lines] == [None, None, None]
    assert all(line.problem for line in lines)


@given(number=st.integers(1, 300), place=st.integers(0, 4), digit=st.integers(0, 9))
def test_wrong_digit_never_names_the_row_that_was_meant(number: int, place: int, digit: int) -> None:
    code = sheets.row_code(SHEET, number)
    wrong = code[:place] + str(digit) + code[place + 1 :]

    [line] = sheets.read_typed(SHEET, wrong, known=range(1, 301))

    assert wrong == code or line.place_no != number


def test_names_and_numbers_written_by_hand_are_read() -> None:
    text = "1. 陈阿婆 13800138000\n林大叔\n15、黄小姐,138-0013-8001\n13800138002\n" + "长" * 60

    lines = sheets.read_typed(SHEET, text, known=[])

    assert [(line.name, line.phone) for line in lines[:3]] == [
        ("陈阿婆", "13800138000"),
        ("林大叔", ""),
        ("黄小姐", "13800138001"),
    ]
    assert [bool(line.problem) for line in lines] == [False, False, False, True, True]


@pytest.mark.parametrize(
    ("on", "before"),
    [
        (date(2026, 3, 20), date(2025, 9, 20)),
        (date(2026, 8, 31), date(2026, 2, 28)),
        (date(2024, 8, 30), date(2024, 2, 29)),
        (date(2026, 6, 1), date(2025, 12, 1)),
    ],
)
def test_no_shows_are_forgiven_after_six_months(on: date, before: date) -> None:
    assert no_shows.forgiven_before(on) == before


@pytest.mark.parametrize(
    ("birth_on", "spared"),
    [(date(1966, 3, 20), True), (date(1966, 3, 21), False), (date(1990, 1, 1), False), (None, True)],
)
def test_elders_are_spared(birth_on: date | None, spared: bool) -> None:
    assert no_shows.is_spared(birth_on, date(2026, 3, 20)) is spared


def test_opinion_is_summed_up_in_hundredths() -> None:
    told = faces.opinion(10, {3: 3, 2: 1}, {True: 2, None: 1, False: 1})

    assert (told.given, told.glad_percent, told.met_percent) == (4, 75, 67)
    assert faces.opinion(0, {}, {}).glad_percent is None
