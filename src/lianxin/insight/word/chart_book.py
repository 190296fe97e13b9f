"""The workbook inside a chart: what Word opens at "edit data"."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime

SHEET = "Sheet1"


def column_name(number: int) -> str:
    """Give the letters of a column, 0 being A."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def chart_book(categories: Sequence[str], series: Sequence[tuple[str, Sequence[int]]]) -> bytes:
    """Give an XLSX with the categories in the first column; texts stay texts, also those that begin with = + - @."""
    import xlsxwriter

    kept = io.BytesIO()
    book = xlsxwriter.Workbook(
        kept, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    # The same workbook for the same numbers, whenever it is written.
    book.set_properties({"created": datetime(2020, 1, 1, tzinfo=UTC)})
    sheet = book.add_worksheet(SHEET)
    text, number = book.add_format({"num_format": "@"}), book.add_format({"num_format": "#,##0"})
    for line, category in enumerate(categories, 1):
        sheet.write_string(line, 0, str(category), text)
    for column, (name, values) in enumerate(series, 1):
        sheet.write_string(0, column, str(name), text)
        for line, value in enumerate(values, 1):
            sheet.write_number(line, column, int(value), number)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, len(series), 16)
    book.close()
    return kept.getvalue()
