"""`lianxin needs classify|similar FILE.csv`: categories and near repeats for a list of wishes; no database needed."""

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from lianxin.faces.cli.csv_files import Unreadable, read_rows, write_rows

GUESSES = 5
MOST_NEAREST = 50
COLUMNS = ("text",)
KNOWN = ("category", "id")


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
    except Unreadable as error:
        print(f"lianxin: {error}", file=sys.stderr)
        return 2
    return 0


def _classify(options: argparse.Namespace) -> None:
    """Write text, category_1 to category_5, score_1 to score_5 and sure (true or false) for each row, in its order."""
    from lianxin.domain.needs.rules.classifying import classify

    rows = read_rows(options.file, wanted=COLUMNS, known=KNOWN)

    def answer() -> Iterator[list[Any]]:
        numbers = range(1, GUESSES + 1)
        yield ["text", *(f"category_{n}" for n in numbers), *(f"score_{n}" for n in numbers), "sure"]
        for row in rows:
            read = classify(row["text"], most=GUESSES)
            empty = [""] * (GUESSES - len(read.best))
            codes = [code for code, _score in read.best]
            scores = [f"{score:.4f}" for _code, score in read.best]
            yield [row["text"], *codes, *empty, *scores, *empty, "true" if read.sure else "false"]

    write_rows(options.out, answer())


def _similar(options: argparse.Namespace) -> None:
    """Write for each row its nearest rows inside its category: their ids (or row numbers), scores and shared words."""
    from lianxin.domain.needs.rules.classifying import category_names, classify
    from lianxin.domain.needs.rules.similar import Wish, nearest_of_each

    rows = read_rows(options.file, wanted=COLUMNS, known=KNOWN)
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

    write_rows(options.out, answer())


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_NEAREST:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1 to {MOST_NEAREST}")
    return int(text)
