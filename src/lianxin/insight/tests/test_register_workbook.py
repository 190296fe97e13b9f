"""A register as a workbook: a printed form whose text stays text, whatever somebody typed."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from lianxin.insight.registers import workbook
from lianxin.insight.registers.form import COMMUNITY, Column, Register, Tie
from lianxin.insight.registers.workbook import Sheet, TooManyRows, check_size, write_book
from lianxin.platform.contributions import Window

AT = datetime(2026, 7, 1, 4, 0, tzinfo=UTC)
JUNE = Window(date(2026, 6, 1), date(2026, 7, 1))
NASTY = ("=1+1", "+86 138", "-2", "@SUM(A1)", "\t=1", '=HYPERLINK("http://a")', "甲\x07乙\ud800丙", "\ue001\U00030edd")


def register(lines: list[tuple[Any, ...]]) -> Register:
    return Register(
        code="test",
        title="测试台账 A&B",
        job="places",
        about="",
        columns=(
            Column("on", "日期", "day"),
            Column(COMMUNITY, "社区"),
            Column("words", "内容"),
            Column("at", "时间", "time"),
            Column("people", "人次", "number", is_summed=True),
            Column("money", "金额（元）", "money", is_summed=True),
            Column("number", "编号", "number"),
        ),
        rows=lambda window: iter(lines),
        count=lambda window: len(lines),
        ties=(Tie("person_times", "people"), Tie("occurrences_held"), Tie("communities", COMMUNITY, is_distinct=True)),
        footnote="注：姓名已隐去部分。",
    )


def line(words: str = "下棋", people: int = 3, number: int | None = 1) -> tuple[Any, ...]:
    return date(2026, 6, 2), "翠英社区", words, time(9, 30), people, Decimal("12.50"), number


def sheet(lines: list[tuple[Any, ...]], **more: Any) -> Sheet:
    wanted: dict[str, Any] = {"place": "翠英社区", "period": "期间：2026-06-01 至 2026-06-30", "is_one_community": True}
    return Sheet(register=register(lines), window=JUNE, **wanted | more)


def test_text_stays_text_and_numbers_days_and_times_are_what_they_are(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"

    write_book(path, [sheet([*(line(words) for words in NASTY), line(number=None)], is_one_community=False)], at=AT)

    page = openpyxl.load_workbook(path).active
    cells = {cell.data_type for row in page.iter_rows() for cell in row}
    first = [cell.value for cell in page[4]]
    assert "f" not in cells
    assert [page.cell(row, 4).value for row in range(4, 8)] == list(NASTY[:4])
    assert [page.cell(row, 4).value for row in (10, 11)] == ["甲乙丙", NASTY[-1]]
    assert first[1].date() == date(2026, 6, 2)
    assert [first[0], *first[2:]] == [1, "翠英社区", "=1+1", time(9, 30), 3, 12.5, 1]
    assert page.cell(12, 8).value is None
    assert page.cell(4, 4).number_format == "@"
    assert page.cell(4, 6).number_format == "#,##0"
    assert page.cell(4, 8).number_format == "0"


def test_the_form_has_title_days_headings_sums_notes_and_lines_to_sign(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"

    (foot,) = write_book(path, [sheet([line(people=n) for n in range(1, 5)])], at=AT)

    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    assert rows[0][0].startswith("翠英社区")
    assert rows[0][0].endswith("测试台账 A&B")
    assert rows[1][0] == "期间：2026-06-01 至 2026-06-30"
    # Within one community its name is in the title and on no line.
    assert rows[2][1:] == ["日期", "内容", "时间", "人次", "金额（元）", "编号"]
    assert rows[7][4:6] == [10, 50]
    assert rows[8][0] == "注：姓名已隐去部分。"
    assert "＿＿" in rows[10][0]
    assert (foot.rows, foot.value(foot.register.ties[0]), foot.value(foot.register.ties[1])) == (4, 10, 4)
    assert foot.value(foot.register.ties[2]) == 1


@pytest.mark.parametrize(("count", "orientation"), [(2, "portrait"), (5, "landscape")])
def test_paper_is_a4_as_wide_as_the_page_with_headings_and_numbers_on_each(
    count: int, orientation: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.xlsx"
    columns = tuple(Column(f"words{number}", "说明") for number in range(count))
    words = [("很长的说明" * 12,) * count]
    long = Register(**{**vars(register([])), "columns": columns, "rows": lambda window: iter(words), "ties": ()})

    write_book(path, [Sheet(long, JUNE, "翠英社区", "六月", False)], at=AT)

    page = openpyxl.load_workbook(path).active
    assert page.page_setup.paperSize == 9
    assert (page.page_setup.orientation or "portrait") == orientation
    assert (page.sheet_properties.pageSetUpPr.fitToPage, page.page_setup.fitToHeight) == (True, 0)
    assert page.print_title_rows == "$3:$3"
    assert all(sign in page.oddFooter.center.text for sign in ("&P", "&N"))
    assert "A&&B" in page.oddHeader.left.text
    assert page.column_dimensions["B"].width <= workbook.WIDEST + 1


def test_days_without_records_say_so_and_still_have_a_foot(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"

    write_book(path, [sheet([]), sheet([line()])], at=AT)

    book = CalamineWorkbook.from_path(str(path))
    empty = book.get_sheet_by_index(0).to_python()
    assert len(set(book.sheet_names)) == 2
    assert empty[3][0]
    assert empty[4][4:6] == [0, 0]


def test_a_register_that_fits_on_no_sheet_names_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 1)

    with pytest.raises(TooManyRows, match="测试台账"):
        check_size(sheet([line(), line()]))


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    peaks = []
    for count in (400, 2_400):
        tracemalloc.start()
        lines: Iterator[tuple[Any, ...]] = (line(f"第{number}行") for number in range(count))
        long = Register(**{**vars(register([])), "rows": lambda window, lines=lines: lines})
        write_book(tmp_path / "a.xlsx", [Sheet(long, JUNE, "翠英社区", "六月", True)], at=AT)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[1] < peaks[0] + 500_000
