"""Tables that commands read from CSV files and write whole or not at all."""

import contextlib
import csv
import io
import os
import sys
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

CELL_LIMIT = 10_000_000


class Unreadable(Exception):
    """What is wrong with a file, as a sentence."""


def read_rows(path: Path, *, wanted: Collection[str], known: Collection[str] = ()) -> list[dict[str, str]]:
    """Read the rows of a CSV file by the names of its columns, those of `wanted` must be there; raises Unreadable."""
    return [row for _line, row in read_lines(path, wanted=wanted, known=known)]


def read_lines(path: Path, *, wanted: Collection[str], known: Collection[str] = ()) -> list[tuple[int, dict[str, str]]]:
    """Read rows as `read_rows` does, each with the line of the file on which it ends."""
    text = _decoded(path)
    first = text.split("\n", 1)[0]
    delimiter = next((sign for sign in ",\t;" if sign in first), ",")
    csv.field_size_limit(CELL_LIMIT)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = [name.strip().casefold() for name in next(reader, [])]
        for name in (*wanted, *known):
            if names.count(name) > 1:
                raise Unreadable(f"{path} has the column {name} more than once.")
        for name in wanted:
            if name not in names:
                have = ", ".join(filter(None, names))[:200] or "nothing"
                raise Unreadable(f"{path} has no column called {name}; its first line has: {have}.")
        rows = []
        for cells in reader:
            if not cells:
                continue
            if len(cells) > len(names):
                raise Unreadable(
                    f"{path}, line {reader.line_num}: more cells than columns. Put a text that holds a"
                    f" “{delimiter}” into quotation marks."
                )
            row = dict(zip(names, [*cells, *[""] * (len(names) - len(cells))], strict=True))
            rows.append((reader.line_num, row))
    except csv.Error as error:
        raise Unreadable(f"{path}, line {reader.line_num}: the table is damaged ({error}).") from None
    return rows


def _decoded(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror}.") from None
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Unreadable(f"{path} is a workbook. Save it as CSV first.")
    encodings = ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        with contextlib.suppress(UnicodeDecodeError):
            text = content.decode(encoding)
            if "\x00" in text:
                break
            return text
    raise Unreadable(f"{path} is no text in UTF-8 or GB18030.")


def write_rows(path: Path | None, rows: Iterable[Sequence[Any]]) -> None:
    """Write a CSV file whole or not at all; to the screen without a path."""
    if path is None:
        csv.writer(sys.stdout, lineterminator="\n").writerows(rows)
        return
    part = path.with_name(path.name + ".part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
        os.replace(part, path)
    except OSError as error:
        raise Unreadable(f"{path} cannot be written: {error.strerror}.") from None
    finally:
        part.unlink(missing_ok=True)
