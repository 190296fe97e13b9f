"""Tables that people bring and take: XLSX and CSV in, XLSX out, with sentences for what cannot be read."""

import csv
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from lianxin.platform.errors import Invalid
from lianxin.platform.sheet_reader import LOST_DIGITS

MAX_ROWS = 200_000
MAX_COLUMNS = 200
MAX_CELL = 2_000
MAX_UNPACKED_BYTES = 800 * 1024 * 1024


class SheetUnreadable(Invalid):
    """The file is not a table that we can read."""


@dataclass(frozen=True)
class Column:
    """A column that an import knows: its name in code, its heading, other headings people use, an example."""

    name: str
    label: "str | Promise"
    synonyms: tuple[str, ...] = ()
    required: bool = False
    example: str = ""
    note: "str | Promise" = ""


@dataclass
class Header:
    """Which position of the file holds which known column."""

    positions: dict[str, int]
    unknown: list[str] = field(default_factory=list)
    line: int = 1


def read_rows(path: Path, name: str) -> Iterator[list[str]]:
    """Give the rows of an XLSX or CSV file as text, one at a time; raises SheetUnreadable with a sentence."""
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(b"PK\x03\x04"):
        return _read_xlsx(path)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise SheetUnreadable(_("This is an old .xls file or is locked with a password. Save it as .xlsx without one."))
    if name.lower().endswith((".xlsx", ".xlsm")):
        raise SheetUnreadable(
            _("This file is not a real .xlsx workbook. Open it in your office program and save it again.")
        )
    return _read_csv(path)


def _read_xlsx(path: Path) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(item.file_size for item in archive.infolist()) > MAX_UNPACKED_BYTES:
                raise SheetUnreadable(_("The workbook is too large when unpacked. Split it into several files."))
    except zipfile.BadZipFile:
        raise SheetUnreadable(_("The workbook is damaged. Open it in your office program and save it again.")) from None
    reader = subprocess.Popen(
        [sys.executable, "-m", "lianxin.platform.sheet_reader", str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        errors="surrogatepass",
        bufsize=1 << 20,
    )
    try:
        assert reader.stdout is not None
        for line in reader.stdout:
            yield json.loads(line)
        code = reader.wait()
    finally:
        reader.kill()
        reader.wait()
        if reader.stdout is not None:
            reader.stdout.close()
    if code == 4:
        raise SheetUnreadable(_("The workbook is locked with a password. Save it without one."))
    if code == 5:
        raise SheetUnreadable(_("The first sheet of the workbook is empty."))
    if code:
        raise SheetUnreadable(_("The workbook is damaged. Open it in your office program and save it again."))


def _read_csv(path: Path) -> Iterator[list[str]]:
    encoding = _encoding_of(path)
    csv.field_size_limit(20 * 1024 * 1024)
    with path.open(encoding=encoding, newline="") as file:
        sample = file.read(4096)
        if "\x00" in sample:
            raise SheetUnreadable(_("This is neither an .xlsx workbook nor a .csv table."))
        file.seek(0)
        delimiter = max(",\t;", key=sample.split("\n", 1)[0].count)
        try:
            yield from csv.reader(file, delimiter=delimiter)
        except (csv.Error, UnicodeDecodeError):
            raise SheetUnreadable(_("The .csv table is damaged. Save it again as .xlsx or as UTF-8 .csv.")) from None


def _encoding_of(path: Path) -> str:
    """Tell UTF-8 from GB18030 by reading the whole file once; raises SheetUnreadable for neither."""
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            with path.open(encoding=encoding) as text:
                while text.read(1 << 20):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise SheetUnreadable(_("The characters of this file cannot be read. Save it as .xlsx or as UTF-8 .csv."))


def find_header(rows: Iterator[list[str]], columns: Sequence[Column], look_at: int = 10) -> Header:
    """Find the heading row among the first rows (a title line above it is common); raises SheetUnreadable."""
    known = {_squeeze(word): c.name for c in columns for word in (c.name, str(c.label), *c.synonyms)}
    best: Header | None = None
    for line in range(1, look_at + 1):
        row = next(rows, None)
        if row is None:
            break
        positions: dict[str, int] = {}
        unknown = []
        for position, cell in enumerate(row[:MAX_COLUMNS]):
            column = known.get(_squeeze(cell))
            if column and column not in positions:
                positions[column] = position
            elif cell.strip():
                unknown.append(cell.strip()[:40])
        candidate = Header(positions, unknown, line)
        if len(positions) >= 2 or (positions and len(columns) < 3):
            best = candidate
            break
        if best is None and row:
            best = candidate
    if best is None:
        raise SheetUnreadable(_("The table is empty."))
    missing = [str(c.label) for c in columns if c.required and c.name not in best.positions]
    if missing:
        raise SheetUnreadable(
            _("These columns are missing: %(columns)s. Take the template and copy your rows into it.")
            % {"columns": "、".join(missing)}
        )
    return best


def _squeeze(heading: str) -> str:
    return "".join(heading.split()).replace("*", "").replace("（", "(").replace("）", ")").lower()


def lost_digits(value: str) -> bool:
    """Tell whether a cell was stored as a number so long that its last digits are gone."""
    return value.startswith(LOST_DIGITS)


def sheet_name(text: str) -> str:
    """Give what a spreadsheet takes as a sheet's name: a title of ours may hold signs that it does not."""
    plain = "".join(" " if sign in "[]:*?/\\" else sign for sign in text).strip(" '")
    while len(plain.encode("utf-16-le")) > 62:
        plain = plain[:-1]
    return plain or "1"


def write_workbook(
    *, sheet: str, headings: Sequence[str], rows: Iterable[Sequence[Any]], title: str = "", note: str = ""
) -> bytes:
    """Give an XLSX as bytes: bold frozen headings, text cells (so that long numbers keep their digits), real dates."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "constant_memory": False, "strings_to_formulas": False, "strings_to_urls": False}
    )
    page = book.add_worksheet(sheet_name(sheet))
    bold = book.add_format({"bold": True, "bg_color": "#F6F5F2", "border": 1, "text_wrap": True, "valign": "vcenter"})
    big = book.add_format({"bold": True, "font_size": 14})
    text = book.add_format({"num_format": "@"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    line = 0
    for words, style in ((title, big), (note, None)):
        if words:
            page.write_string(line, 0, words, style)
            line += 1
    page.write_row(line, 0, headings, bold)
    page.freeze_panes(line + 1, 0)
    widths = [len(h) * 2 + 2 for h in headings]
    for number, row in enumerate(rows, start=line + 1):
        for column, value in enumerate(row):
            if value is None or value == "":
                continue
            if isinstance(value, int | float) and not isinstance(value, bool):
                page.write_number(number, column, value)
            elif hasattr(value, "isoformat") and not hasattr(value, "hour"):
                page.write_datetime(number, column, value, day)
            else:
                words = str(value)
                page.write_string(number, column, words, text)
                if number < 200:
                    widths[column] = min(48, max(widths[column], sum(2 if ord(c) > 255 else 1 for c in words) + 1))
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
    page.repeat_rows(line)
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    book.close()
    return buffer.getvalue()


def write_marked(
    *, path: Path, name: str, problems: dict[int, list[tuple[str, str]]], columns: Sequence[Column], target: Path
) -> None:
    """Write the wrong rows of a file to an XLSX with the wrong cells red and a column of sentences; streams."""
    import xlsxwriter

    book = xlsxwriter.Workbook(
        target, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    page = book.add_worksheet("rows to mend")
    bold = book.add_format({"bold": True, "bg_color": "#F6F5F2", "border": 1})
    red = book.add_format({"bg_color": "#FCEEEE", "font_color": "#8C1D18", "num_format": "@"})
    text = book.add_format({"num_format": "@"})
    rows = read_rows(path, name)
    with closing(rows):  # type: ignore[type-var]
        header = find_header(rows, columns)
        labels = {c.name: str(c.label) for c in columns}
        order = sorted(header.positions, key=lambda column: header.positions[column])
        page.write_row(0, 0, [labels[c] for c in order] + [_("What to mend"), _("Row in your file")], bold)
        line = 0
        for number, row in enumerate(rows, start=header.line + 1):
            found = problems.get(number)
            if not found:
                continue
            line += 1
            wrong = {column for column, _sentence in found}
            for position, column in enumerate(order):
                at = header.positions[column]
                value = row[at][:MAX_CELL] if at < len(row) else ""
                page.write_string(line, position, value, red if column in wrong else text)
            words = "；".join((f"{labels.get(c, c)}：{s}" if c else s) for c, s in found)
            page.write_string(line, len(order), words, red)
            page.write_number(line, len(order) + 1, number)
    page.set_column(0, len(order) - 1, 18)
    page.set_column(len(order), len(order), 60)
    book.close()


def write_template(*, sheet: str, columns: Sequence[Column]) -> bytes:
    """Give an empty workbook with the headings, one example row and notes on each column."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    page = book.add_worksheet(sheet_name(sheet))
    must = book.add_format({"bold": True, "bg_color": "#FCEEEE", "border": 1})
    may = book.add_format({"bold": True, "bg_color": "#F6F5F2", "border": 1})
    text = book.add_format({"num_format": "@"})
    for position, column in enumerate(columns):
        page.write_string(
            0, position, str(column.label) + (" *" if column.required else ""), must if column.required else may
        )
        page.set_column(position, position, max(12, len(str(column.label)) * 2 + 4), text)
        if column.note:
            page.write_comment(0, position, str(column.note))
    page.freeze_panes(1, 0)
    notes = book.add_worksheet(_("Notes"))
    notes.write_row(0, 0, [_("Column"), _("Required"), _("Example"), _("Note")], may)
    for line, column in enumerate(columns, start=1):
        notes.write_row(
            line, 0, [str(column.label), _("yes") if column.required else "", column.example, str(column.note)]
        )
    notes.set_column(0, 3, 28)
    book.close()
    return buffer.getvalue()
