"""`lianxin needs classify|similar FILE.csv`: categories and near repeats for a list of wishes; no database needed."""

import argparse
import contextlib
import csv
import io
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

GUESSES = 5
MOST_NEAREST = 50
CELL_LIMIT = 10_000_000


class _Unreadable(Exception):
    """What is wrong with the file, as a sentence."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Tell argparse what `needs` takes."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    source = "CSV with the column text, in UTF-8 (with or without a byte order mark) or GB18030"
    classify = acts.add_parser("classify", help="suggest five categories for each wish", description=_classify.__doc__)
    classify.add_argument("file", type=Path, help=source)
    classify.add_argument("--out", type=Path, required=True, metavar="FILE.csv", help="where the answer goes, in UTF-8")
    classify.set_defaults(work=_classify)
    similar = acts.add_parser("similar", help="find near repeats of each wish", description=_similar.__doc__)
    similar.add_argument("file", type=Path, help=source + "; category (code or name) and id are read when given")
    similar.add_argument("--k", type=_count, default=5, metavar="N", help="how many for each wish, 1 to 50 (default 5)")
    similar.add_argument("--out", type=Path, metavar="FILE.csv", help="where the answer goes (default: the screen)")
    similar.set_defaults(work=_similar)


def run(options: argparse.Namespace) -> int:
    """Read the file, answer, write; a file that cannot be read or written ends with a sentence and exit code 2."""
    work: Callable[[argparse.Namespace], None] = options.work
    try:
        work(options)
    except _Unreadable as error:
        print(f"lianxin: {error}", file=sys.stderr)
        return 2
    return 0


def _classify(options: argparse.Namespace) -> None:
    """Write text, category_1 to category_5, score_1 to score_5 and sure (true or false) for each row, in its order."""
    from lianxin.domain.needs.rules.classifying import classify

    rows = _read(options.file)

    def answer() -> Iterator[list[Any]]:
        numbers = range(1, GUESSES + 1)
        yield ["text", *(f"category_{n}" for n in numbers), *(f"score_{n}" for n in numbers), "sure"]
        for row in rows:
            read = classify(row["text"], most=GUESSES)
            empty = [""] * (GUESSES - len(read.best))
            codes = [code for code, _score in read.best]
            scores = [f"{score:.4f}" for _code, score in read.best]
            yield [row["text"], *codes, *empty, *scores, *empty, "true" if read.sure else "false"]

    _write(options.out, answer())


def _similar(options: argparse.Namespace) -> None:
    """Write for each row its nearest rows inside its category: their ids (or row numbers), scores and shared words."""
    from lianxin.domain.needs.rules.classifying import category_names, classify
    from lianxin.domain.needs.rules.similar import Wish, nearest_of_each

    rows = _read(options.file)
    codes = {name: code for code, name in category_names().items()}
    wishes = []
    for number, row in enumerate(rows, start=1):
        given = row.get("category", "").strip()
        wishes.append(
            Wish(
                id=row.get("id", "").strip() or str(number),
                text=row["text"],
                category=codes.get(given, given.upper() if given.isascii() else given),
            )
        )
    nearest = nearest_of_each(wishes, k=options.k)

    def answer() -> Iterator[list[Any]]:
        numbers = range(1, options.k + 1)
        kinds = ("near", "score", "shared")
        yield ["id", "text", "category", *(f"{kind}_{n}" for kind in kinds for n in numbers)]
        for wish, near in zip(wishes, nearest, strict=True):
            category = wish.category or next((code for code, _score in classify(wish.text, most=1).best), "")
            empty = [""] * (options.k - len(near))
            yield [
                wish.id,
                wish.text,
                category,
                *(one.id for one in near),
                *empty,
                *(f"{one.score:.4f}" for one in near),
                *empty,
                *(" ".join(one.shared) for one in near),
                *empty,
            ]

    _write(options.out, answer())


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_NEAREST:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1 to {MOST_NEAREST}")
    return int(text)


def _read(path: Path) -> list[dict[str, str]]:
    """Read the rows of a CSV file by the names of its columns; `text` must be among them."""
    text = _decoded(path)
    first = text.split("\n", 1)[0]
    delimiter = next((sign for sign in ",\t;" if sign in first), ",")
    csv.field_size_limit(CELL_LIMIT)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = [name.strip().casefold() for name in next(reader, [])]
        for name in ("text", "category", "id"):
            if names.count(name) > 1:
                raise _Unreadable(f"{path} has the column {name} more than once.")
        if "text" not in names:
            have = ", ".join(filter(None, names))[:200] or "nothing"
            raise _Unreadable(f"{path} has no column called text; its first line has: {have}.")
        rows = []
        for cells in reader:
            if not cells:
                continue
            if len(cells) > len(names):
                raise _Unreadable(
                    f"{path}, line {reader.line_num}: more cells than columns. Put a text that holds a"
                    f" “{delimiter}” into quotation marks."
                )
            rows.append(dict(zip(names, [*cells, *[""] * (len(names) - len(cells))], strict=True)))
    except csv.Error as error:
        raise _Unreadable(f"{path}, line {reader.line_num}: the table is damaged ({error}).") from None
    return rows


def _decoded(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _Unreadable(f"{path} cannot be read: {error.strerror}.") from None
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise _Unreadable(f"{path} is a workbook. Save it as CSV first.")
    encodings = ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        with contextlib.suppress(UnicodeDecodeError):
            text = content.decode(encoding)
            if "\x00" in text:
                break
            return text
    raise _Unreadable(f"{path} is no text in UTF-8 or GB18030.")


def _write(path: Path | None, rows: Iterable[Sequence[Any]]) -> None:
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
        raise _Unreadable(f"{path} cannot be written: {error.strerror}.") from None
    finally:
        part.unlink(missing_ok=True)
