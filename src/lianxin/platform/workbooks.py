"""Workbooks of several sheets, as answers with repetitions need them; a list goes through `sheets.write_workbook`."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from lianxin.platform.sheets import sheet_name

WIDEST, NARROWEST = 48, 8


@dataclass(frozen=True)
class Page:
    """One sheet: what its tab says, its headings and rows."""

    name: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Any]]


def write_pages(pages: Sequence[Page]) -> bytes:
    """Give an XLSX with these sheets: bold frozen headings, text as text (no formulas), numbers as numbers."""
    import xlsxwriter

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        bold = book.add_format({"bold": True, "bg_color": "#F6F5F2", "border": 1, "text_wrap": True})
        text = book.add_format({"num_format": "@"})
        taken: set[str] = set()
        for page in pages:
            sheet = book.add_worksheet(_untaken(page.name, taken))
            sheet.write_row(0, 0, page.headings, bold)
            sheet.freeze_panes(1, 0)
            for line, row in enumerate(page.rows, start=1):
                for column, value in enumerate(row):
                    if isinstance(value, int | float) and not isinstance(value, bool):
                        sheet.write_number(line, column, value)
                    elif value not in (None, ""):
                        sheet.write_string(line, column, str(value), text)
            for column, heading in enumerate(page.headings):
                sheet.set_column(column, column, min(WIDEST, max(NARROWEST, len(heading) * 2 + 2)))
    return buffer.getvalue()


def _untaken(name: str, taken: set[str]) -> str:
    """Give a tab's name that no other tab has; spreadsheets do not tell capitals apart."""
    plain, turn = sheet_name(name), 1
    while plain.lower() in taken:
        turn += 1
        plain = f"{sheet_name(name)[:26]} {turn}"
    taken.add(plain.lower())
    return plain
