"""Registers as XLSX that print as forms: title, days, repeated headings, sums, lines to sign; row by row to disk."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import chain, islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.platform.contributions import Window
from lianxin.platform.errors import Invalid
from lianxin.platform.sheets import sheet_name

from .form import Column, Foot, Line, Register

MOST_ROWS = 1_000_000
MOST_LETTERS = 2_000
MEASURED = 300
NARROWEST, WIDEST = 6, 28
# About so many narrow letters of 10 points go side by side on A4, upright.
UPRIGHT = 92
TELL_EVERY = 2_000
# What XML does not hold. Letters for private use are names of people.
BARRED, NO_LETTERS = ("Cc", "Cs"), "\ufffe\uffff"
FONT = "宋体"


class TooManyRows(Invalid):
    """A register of these days does not fit on one sheet."""


@dataclass(frozen=True)
class Sheet:
    """One register as it is asked for: of which days, of which place."""

    register: Register
    window: Window
    place: str
    period: str
    is_one_community: bool

    @property
    def title(self) -> str:
        """Give the line at the top."""
        return pgettext("register", "%(place)s: %(title)s") % {"place": self.place, "title": self.register.title}


def write_book(
    path: Path, sheets: Sequence[Sheet], *, at: datetime, tell: Callable[[int, Sheet, int], None] | None = None
) -> list[Foot]:
    """Write a workbook of registers within the active scope; `tell` hears the sheet and row it is at.

    Memory does not grow with the rows: each goes to a file of its own as soon as it is written.
    """
    import xlsxwriter

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "tmpdir": str(path.parent),
    }
    feet = []
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": sheets[0].title if len(sheets) == 1 else _("Registers"), "created": at})
        styles = _styles(book)
        for number, sheet in enumerate(sheets, start=1):
            name = str(sheet.register.title) if len(sheets) == 1 else f"{number} {sheet.register.title}"
            page = book.add_worksheet(sheet_name(name))
            lines = sheet.register.rows(sheet.window)
            feet.append(_write(page, sheet, _told(lines, sheet, number, tell), styles))
    return feet


def check_size(sheet: Sheet) -> None:
    """Refuse days with more rows than a sheet has; raises TooManyRows."""
    if sheet.register.count(sheet.window) > MOST_ROWS:
        raise TooManyRows(
            _("%(title)s has more than %(count)d rows in these days. Choose a shorter time.")
            % {"title": sheet.register.title, "count": MOST_ROWS}
        )


def _told(
    lines: Iterator[Line], sheet: Sheet, number: int, tell: Callable[[int, Sheet, int], None] | None
) -> Iterator[Line]:
    for row, line in enumerate(lines):
        if tell and row % TELL_EVERY == 0:
            tell(number, sheet, row)
        yield line


def _styles(book: Any) -> dict[str, Any]:
    cell = {"border": 1, "font_name": FONT, "font_size": 10, "valign": "vcenter", "text_wrap": True}
    plain = {"font_name": FONT, "font_size": 10}
    heading = {**cell, "bold": True, "align": "center", "bg_color": "#F2F2F2"}
    return {
        "title": book.add_format({"font_name": FONT, "font_size": 16, "bold": True, "align": "center"}),
        "plain": book.add_format(plain),
        "right": book.add_format({**plain, "align": "right"}),
        "heading": book.add_format(heading),
        "text": book.add_format({**cell, "num_format": "@"}),
        "number": book.add_format({**cell, "num_format": "0"}),
        "amount": book.add_format({**cell, "num_format": "#,##0"}),
        "money": book.add_format({**cell, "num_format": "#,##0.00"}),
        "day": book.add_format({**cell, "num_format": "yyyy-mm-dd", "align": "center"}),
        "time": book.add_format({**cell, "num_format": "hh:mm", "align": "center"}),
        "sum": book.add_format({**cell, "bold": True, "num_format": "#,##0"}),
        "sum_money": book.add_format({**cell, "bold": True, "num_format": "#,##0.00"}),
        "sum_text": book.add_format({**cell, "bold": True, "align": "center"}),
    }


def _write(page: Any, sheet: Sheet, lines: Iterator[Line], styles: dict[str, Any]) -> Foot:
    register = sheet.register
    shown = register.shown(is_one_community=sheet.is_one_community)
    columns = [register.columns[at] for at in shown]
    foot = Foot(register)
    counted = foot.counting(lines)
    first = list(islice(counted, MEASURED))
    widths = _widths(columns, shown, first)
    _set_up(page, sheet, widths)
    last = len(columns)
    page.set_row(0, 28)
    _across(page, 0, sheet.title, last, styles["title"])
    _across(page, 1, sheet.period, last, styles["plain"])
    page.set_row(2, 30)
    page.write_row(2, 0, [pgettext("register", "No."), *(str(column.label) for column in columns)], styles["heading"])
    page.freeze_panes(3, 0)
    row = 2
    for number, line in enumerate(chain(first, counted), start=1):
        row += 1
        page.write_number(row, 0, number, styles["number"])
        for position, at in enumerate(shown, start=1):
            _put(page, row, position, line[at], columns[position - 1], styles)
    if foot.rows == 0:
        row += 1
        _across(page, row, _("There was nothing to enter in these days."), last, styles["text"])
    row = _sum_up(page, row + 1, foot, shown, styles)
    if register.footnote:
        row += 1
        _across(page, row, str(register.footnote), last, styles["plain"])
    page.set_row(row + 2, 24)
    _across(page, row + 2, signatures(), last, styles["plain"])
    return foot


def signatures() -> str:
    """Give the line that is signed by hand and stamped."""
    blank = "＿" * 6
    return _("Filled in by: %(blank)s    Checked by: %(blank)s    (stamp)    Date: %(blank)s") % {"blank": blank}


def _set_up(page: Any, sheet: Sheet, widths: Sequence[int]) -> None:
    """Set up the paper: A4, as wide as it must be, headings on each page, page numbers."""
    for position, width in enumerate(widths):
        page.set_column(position, position, width)
    page.set_paper(9)
    if sum(widths) > UPRIGHT:
        page.set_landscape()
    page.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.8)
    page.center_horizontally()
    page.fit_to_pages(1, 0)
    page.repeat_rows(2)
    names = (f"{sheet.place} {sheet.register.title}", sheet.period)
    left, right = (name.replace("&", "&&")[:100] for name in names)
    page.set_header(f"&L&9{_apart(left)}&R&9{_apart(right)}")
    numbers = _("Page %(page)s of %(pages)s") % {"page": "&P", "pages": "&N"}
    page.set_footer(f"&C&9{_apart(numbers)}")


def _apart(text: str) -> str:
    """Keep a digit at the beginning of a text from being read as a part of the font's size."""
    return f" {text}" if text[:1].isdigit() else text


def _sum_up(page: Any, row: int, foot: Foot, shown: Sequence[int], styles: dict[str, Any]) -> int:
    """Write the sums below the lines and give the row they are in."""
    rows = _("%(count)d rows") % {"count": foot.rows}
    page.write_string(row, 0, pgettext("register", "Sum"), styles["sum_text"])
    for position, at in enumerate(shown, start=1):
        column = foot.register.columns[at]
        if foot.sums[at] is not None:
            style = styles["sum_money" if column.kind == "money" else "sum"]
            page.write_number(row, position, float(foot.sums[at]), style)
        else:
            page.write_string(row, position, rows if position == 1 else "", styles["sum_text"])
    return row


def _across(page: Any, row: int, text: str, last: int, style: Any) -> None:
    """Write a line over the whole width."""
    if last:
        page.merge_range(row, 0, row, last, clean(text), style)
    else:
        page.write_string(row, 0, clean(text), style)


def _put(page: Any, row: int, position: int, value: Any, column: Column, styles: dict[str, Any]) -> None:
    kind = column.kind
    if value is None or value == "":
        page.write_blank(row, position, None, styles[kind])
    elif column.is_number:
        # A number of a case is no amount: it has no thousands.
        style = styles["amount" if kind == "number" and column.is_summed else kind]
        page.write_number(row, position, float(value), style)
    elif kind == "day" and isinstance(value, date):
        page.write_datetime(row, position, value, styles["day"])
    elif kind == "time" and isinstance(value, time):
        page.write_datetime(row, position, value, styles["time"])
    else:
        # As a string whatever it begins with: a formula that somebody typed stays the text that it is.
        page.write_string(row, position, clean(value), styles["text"])


def clean(value: Any) -> str:
    """Give a text without what a workbook cannot hold, and not longer than a cell."""
    text = "".join(
        one
        for one in str(value)
        if one in "\n\t" or (unicodedata.category(one) not in BARRED and one not in NO_LETTERS)
    )
    return text if len(text) <= MOST_LETTERS else f"{text[: MOST_LETTERS - 1]}…"


def _widths(columns: Sequence[Column], shown: Sequence[int], lines: Sequence[Line]) -> list[int]:
    """Give each column the room of what is in it, the number first; long texts are wrapped."""
    found = [6]
    for column, at in zip(columns, shown, strict=True):
        if column.kind == "day":
            needed = 11
        elif column.kind == "time":
            needed = 7
        else:
            needed = max((_breadth(str(line[at])) for line in lines if line[at] is not None), default=0) + 1
        # A heading of Chinese may stand in two lines.
        heading = _breadth(str(column.label))
        found.append(min(WIDEST, max(NARROWEST, needed, heading // 2 + 3 if heading > 16 else heading + 2)))
    return found


def _breadth(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)
