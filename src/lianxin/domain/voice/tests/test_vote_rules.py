"""Rules of registers, exports, cards and maps, without a database."""

import pytest

from lianxin.domain.voice.rules import opinion_marks, opinion_results
from lianxin.domain.voice.rules.assent_export import AssentRow, as_csv, in_order, numbered
from lianxin.domain.voice.rules.registers import RegisterReader, read_area, square_metres, unpack


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("89.52", 8952),
        ("89.5", 8950),
        ("0.01", 1),
        ("89", 8900),
        ("89.", 8900),
        ("89.520", 8952),
        ("８９．５２㎡", 8952),
        ("1,089.35 平方米", 108935),
        # What spreadsheets make of 89.35 and of 1.15.
        ("89.349999999999994", 8935),
        ("1.1499999999999999", 115),
        ("1000000", 100_000_000),
    ],
)
def test_area_is_read_exactly(text: str, exact: int) -> None:
    assert read_area(text) == (exact, "")


@pytest.mark.parametrize(
    "text", ["", " ", "0", "0.00", "-5", "89,5", "89.523", "0.001", "八十", "89.5.1", "1e3", "1000000.01", "12,34.5"]
)
def test_area_that_is_none_gets_a_sentence(text: str) -> None:
    exact, sentence = read_area(text)

    assert (exact, bool(sentence)) == (0, True)


def test_every_wrong_cell_of_a_row_is_named_and_a_flat_stands_there_once() -> None:
    reader = RegisterReader(known=["302"])

    good = reader.read(2, ["1栋 101", "89.5", "陈大明 ; 林小英/陈大明"])
    assert reader.read(3, ["1栋101", "abc", ""]) is None
    assert reader.read(4, ["302", "1", "王一"]) is None
    again = reader.read(5, ["1栋102", "1", "林小英、陈大明"])

    assert good is not None
    assert (good.flat, good.area_dm2, good.owners, good.owners_count) == ("1栋101", 8950, "陈大明、林小英", 2)
    assert unpack(list(good)) == good
    assert again is not None
    wrong = [(row, column, warns) for row, column, _sentence, warns in reader.problems]
    assert wrong == [
        (3, "flat", False), (3, "area", False), (3, "owners", False), (4, "flat", False), (5, "owners", True),
    ]  # fmt: skip


def test_export_names_nobody_and_keeps_who_is_the_same() -> None:
    rows = in_order(
        [
            AssentRow("10-1", 5000, ("陈大明",), "agree", "代一"),
            AssentRow("2-1", 6050, ("陈大明",), "against", "代一"),
            AssentRow("2-2", 1, ("林小英", "陈大明")),
        ]
    )

    text = as_csv(numbered(rows)).decode("utf-8-sig")

    assert text.splitlines() == [
        "flat,area,owners,voted,choice",
        "2-1,6050,owner 1,proxy:proxy 1,against",
        "2-2,1,owner 2;owner 1,no,",
        "10-1,5000,owner 1,proxy:proxy 1,agree",
    ]
    assert square_metres(6050) == "60.50"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("+-0+", {1: 1, 2: -1, 3: 0, 4: 1}),
        ("＋ － ０ ．", {1: 1, 2: -1, 3: 0}),
        ("√ × ○ +", {1: 1, 2: -1, 3: 0, 4: 1}),
    ],
)
def test_card_is_read_sign_by_sign(text: str, said: dict[int, int]) -> None:
    assert opinion_marks.read_marks(text, [1, 2, 3, 4]) == (said, "")


@pytest.mark.parametrize("text", ["+-0", "+-0++", "+-0*", "...."])
def test_card_that_does_not_fit_gets_a_sentence(text: str) -> None:
    found, sentence = opinion_marks.read_marks(text, [1, 2, 3, 4])

    assert (found, bool(sentence)) == ({}, True)


def test_group_that_is_too_small_is_in_no_figure_that_is_shown() -> None:
    camps = [(range(1, 9), 1), (range(9, 15), -1), (range(15, 18), 0)]
    latest = {(voter, number): value if number % 2 else -value or 1 - 2 * (number % 4 == 0)
              for camp, value in camps for voter in camp for number in range(1, 9)}  # fmt: skip
    content = opinion_results.work_out(latest, groups_wanted=3)
    assert content is not None
    assert sorted(content["sizes"].values()) == [3, 6, 8]

    told = opinion_results.shown(content, min_group=5)
    published = opinion_results.as_json(content, min_group=5)

    assert told is not None
    assert published is not None
    assert (told.people, told.unshown) == (14, 3)
    assert [one.size for one in told.groups] == [8, 6]
    assert {one.seen for one in told.statements} == {14}
    small = next(name for name, size in content["sizes"].items() if size == 3)
    assert small not in published["groups"]
    assert all(small not in one["groups"] for one in published["statements"].values())
    assert opinion_results.shown(content, min_group=9) is None
    assert opinion_results.as_json(content, min_group=9) is None
