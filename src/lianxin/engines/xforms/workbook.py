"""Reads a questionnaire's workbook: looks at every cell first, then lets pyxform make the XForm, then reads that.

To be run where a hostile file harms nobody: in a process of its own, limited in memory and time.
"""

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

from lianxin.engines.xforms import findings
from lianxin.engines.xforms.core import SURVEY, Rows, Search
from lianxin.engines.xforms.definitions import Form
from lianxin.engines.xforms.findings import Finding
from lianxin.engines.xforms.xform import BadForm, Wrong, read_xform

SHEETS = ("survey", "choices", "settings", "external_choices", "osm", "entities")
OLE = b"\xd0\xcf\x11\xe0"
MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 60 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS = 25_000, 200
ROW_IN_MESSAGE = re.compile(r"\[row ?: ?(\d+)\]\s*")


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of a workbook: the form and its XForm unless something is refused, and all that was found."""

    form: Form | None
    xform: str
    findings: list[Finding]


class BadWorkbook(ValueError):
    """The bytes are no workbook that is read."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


def read_workbook(data: bytes) -> Reading:
    """Read an XLSX workbook."""
    try:
        return read_sheets(sheets_of(data))
    except BadWorkbook as bad:
        return Reading(None, "", [bad.finding])


def sheets_of(data: bytes) -> dict[str, list[list[str]]]:
    """Give the sheets that belong to a questionnaire as rows of text."""
    check_package(data)
    from python_calamine import CalamineError, CalamineWorkbook

    sheets: dict[str, list[list[str]]] = {}
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        for name in book.sheet_names:
            if name.strip().lower() not in SHEETS:
                continue
            sheet = book.get_sheet_by_name(name)
            if sheet.height > MOST_ROWS or sheet.width > MOST_COLUMNS:
                raise BadWorkbook(Finding(name, None, "", findings.TOO_LARGE))
            rows = sheet.to_python(skip_empty_area=False)
            sheets[name.strip().lower()] = [[as_text(cell) for cell in row] for row in rows]
    except (CalamineError, OSError, ValueError) as error:
        if isinstance(error, BadWorkbook):
            raise
        raise BadWorkbook(Finding("", None, "", findings.NOT_A_WORKBOOK)) from error
    return sheets


def check_package(data: bytes) -> None:
    """Refuse what is no XLSX package, is locked, unpacks to too much, or carries macros."""
    if data.startswith(OLE):
        raise BadWorkbook(Finding("", None, "", findings.LOCKED))
    if len(data) > MOST_BYTES:
        raise BadWorkbook(Finding("", None, "", findings.TOO_LARGE))
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            entries = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise BadWorkbook(Finding("", None, "", findings.NOT_A_WORKBOOK)) from error
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED or len(entries) > 2_000:
        raise BadWorkbook(Finding("", None, "", findings.TOO_LARGE))
    names = {entry.filename.lower() for entry in entries}
    if any(name.endswith("vbaproject.bin") for name in names):
        raise BadWorkbook(Finding("", None, "", findings.MACROS))
    if "xl/workbook.xml" not in names:
        raise BadWorkbook(Finding("", None, "", findings.NOT_A_WORKBOOK))


def as_text(cell: Any) -> str:
    """Give a cell as the text that a form's author meant."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if not (cell.hour or cell.minute or cell.second) else cell.isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def read_sheets(sheets: Mapping[str, Rows]) -> Reading:
    """Read the sheets of a questionnaire, each as rows of text with the headers first."""
    search = Search(sheets)
    found = search.run()
    if any(finding.refuses for finding in found):
        return Reading(None, "", found)
    try:
        xform = convert(sheets)
    except BadWorkbook as bad:
        return Reading(None, "", [*found, bad.finding])
    form, wrong = read_xform(xform)
    found += [located(one, search) for one in wrong]
    return Reading(form, xform if form is not None else "", found)


def convert(sheets: Mapping[str, Rows]) -> str:
    """Let pyxform make the XForm."""
    from pyxform.errors import PyXFormError
    from pyxform.xls2xform import convert as pyxform_convert

    book: dict[str, Any] = {"sheet_names": [name for name in SHEETS if sheets.get(name)]}
    for name in book["sheet_names"]:
        headers, *rows = [[cell.strip() for cell in row] for row in sheets[name]]
        book[f"{name}_header"] = [{header: None for header in headers if header}]
        book[name] = [
            {header: cell for header, cell in zip(headers, row, strict=False) if header and cell} for row in rows
        ]
    try:
        return str(pyxform_convert(book, form_name="data").xform)
    except (PyXFormError, KeyError, ValueError, TypeError, AttributeError, RecursionError) as error:
        words = str(error) or type(error).__name__
        row = ROW_IN_MESSAGE.search(words)
        sheet = "choices" if "'choices'" in words else SURVEY
        reason = findings.refused_by_reader(ROW_IN_MESSAGE.sub("", words))
        raise BadWorkbook(Finding(sheet, int(row[1]) if row else None, "", reason)) from error


PART_COLUMNS = {"calculate": "calculation", "choices": "label"}


def located(wrong: Wrong, search: Search) -> Finding:
    """Say in which cell something stands that the XForm reader found."""
    row = next((search.rows[path] for path in likely(wrong.path) if path in search.rows), None)
    column = PART_COLUMNS.get(wrong.part, wrong.part)
    sheet = "choices" if wrong.part == "choices" else SURVEY
    return Finding(sheet, row, search.headers.get(column, column), wrong.reason, wrong.refuses)


def likely(path: str) -> list[str]:
    """Give a path and the one of the row that pyxform made it from."""
    return [path, path.removesuffix("_other"), path.removesuffix("_count")]


__all__ = ["BadForm", "BadWorkbook", "Reading", "read_sheets", "read_workbook"]
