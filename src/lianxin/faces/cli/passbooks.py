"""`lianxin passbooks`: write the passbooks for an outside verifier."""

import argparse
import gzip
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Tell argparse what `passbooks` takes."""
    parser.add_argument("action", choices=["dump"])
    parser.add_argument("file", help="where to write it; a name that ends in .gz is compressed, - is standard output")
    parser.add_argument("--community", default="", help="code of one community; all when left out")


def run(options: argparse.Namespace) -> int:
    """Write every book, or one community's, with seals and public keys."""
    from lianxin.faces.cli.setup import django_ready

    django_ready()
    from lianxin.domain.places.queries.divisions import find_by_code
    from lianxin.domain.points.queries.books import find_book
    from lianxin.domain.points.queries.dump import dump_lines
    from lianxin.platform.actors import Actor

    book = None
    if options.community:
        division = find_by_code(options.community)
        book = division and find_book(actor=Actor.system(via="cli"), community=division.pk)
        if book is None:
            print(f"No community with the code {options.community} keeps passbooks.", file=sys.stderr)
            return 1
    lines = dump_lines(book=book.pk if book else None)
    if options.file == "-":
        for line in lines:
            sys.stdout.write(line + "\n")
        return 0
    path = Path(options.file)
    count = 0
    with gzip.open(path, "wt", encoding="utf-8") if path.suffix == ".gz" else path.open("w", encoding="utf-8") as out:
        for line in lines:
            out.write(line + "\n")
            count += 1
    print(f"{count} rows in {path}. Prove them: python tools/passbook_verifier.py {path}")
    return 0
