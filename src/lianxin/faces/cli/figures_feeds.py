"""`lianxin figures export|key|trust|import|feeds`: figures that a district hands up and a city takes in."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import Any


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Tell argparse what follows `figures` when it is about files."""
    add_subcommands(parser.add_subparsers(dest="about_files", required=True, metavar="WHAT"))


def run(options: argparse.Namespace) -> int:
    """Do what was asked."""
    return int(options.do(options))


def add_subcommands(subparsers: Any) -> None:
    """Add the sub-commands about files of figures to those of `lianxin figures`."""
    export = subparsers.add_parser("export", help="write the figures of this district to a signed file for its city")
    export.add_argument(
        "--since",
        type=date.fromisoformat,
        required=True,
        metavar="DATE",
        help="the first day; corrections since come too",
    )
    export.add_argument(
        "--until", type=date.fromisoformat, metavar="DATE", help="the first day that is not handed up (default: today)"
    )
    export.add_argument("--out", type=Path, metavar="FILE", help="where to (default: named after district and day)")
    export.set_defaults(do=run_export)

    key = subparsers.add_parser("key", help="write the key file by which the city knows this district's files")
    key.add_argument("--out", type=Path, metavar="FILE", help="where to (default: the terminal)")
    key.set_defaults(do=run_key)

    trust = subparsers.add_parser("trust", help="take files that a district signs from now on")
    trust.add_argument("file", type=Path, metavar="DISTRICT_KEYFILE", help="what `lianxin figures key` wrote there")
    trust.set_defaults(do=run_trust)

    taken = subparsers.add_parser("import", help="take in files of districts, each proved before anything is kept")
    taken.add_argument("files", type=Path, nargs="+", metavar="FILE")
    taken.set_defaults(do=run_import)

    feeds = subparsers.add_parser("feeds", help="list the districts whose files are taken, and how far each is held")
    feeds.set_defaults(do=run_feeds)


def run_export(options: argparse.Namespace) -> int:
    """Write the file and say what it holds."""
    _ready()
    from lianxin.insight.feed_tasks import write_feed
    from lianxin.platform import clock
    from lianxin.platform.actors import Actor

    made = write_feed(
        actor=Actor.system(via="cli"),
        since_on=options.since,
        until_on=options.until,
        path=options.out,
        at=clock.now(),
    )
    print(
        f"{made.path}: file {made.header.number} of {made.header.name}, days {made.header.since_on} to before "
        f"{made.header.until_on}, {made.counts.tallies} sums, {made.counts.readings} readings."
    )
    return 0


def run_key(options: argparse.Namespace) -> int:
    """Write the key file, and say on stderr what to read out over the telephone."""
    _ready()
    from lianxin.domain.reporting.rules.feed_keys import write_card
    from lianxin.insight.feed_tasks import key_card

    card = key_card()
    if options.out is None:
        print(write_card(card), end="")
    else:
        options.out.write_text(write_card(card), encoding="utf-8")
    print(f"Fingerprint of the key of {card.name}: {card.fingerprint}", file=sys.stderr)
    return 0


def run_trust(options: argparse.Namespace) -> int:
    """Register a district's key and address."""
    _ready()
    from lianxin.domain.reporting.commands.feeds import trust_district
    from lianxin.domain.reporting.rules.feed_keys import read_card
    from lianxin.platform import clock
    from lianxin.platform.actors import Actor

    card = read_card(_text(options.file))
    trust_district(actor=Actor.system(via="cli"), card=card, at=clock.now())
    print(f"Files of {card.name} ({card.code}) are taken from now on; its figures open on {card.base_url}.")
    print(f"Compare the fingerprint with the district: {card.fingerprint}")
    return 0


def run_import(options: argparse.Namespace) -> int:
    """Take files in, in the order in which they were made; the first one that is refused does not stop the others."""
    _ready()
    from lianxin.domain.reporting.commands.feed_intake import take_file
    from lianxin.domain.reporting.rules.feed_reader import open_feed
    from lianxin.platform import clock
    from lianxin.platform.actors import Actor
    from lianxin.platform.errors import Problem

    refused = 0
    opened = []
    for path in options.files:
        try:
            opened.append((open_feed(path).header.made_at, path))
        except Problem as problem:
            refused += _refuse(path, problem)
    for _made_at, path in sorted(opened, key=lambda one: one[0]):
        try:
            taken = take_file(actor=Actor.system(via="cli"), path=path, at=clock.now())
        except Problem as problem:
            refused += _refuse(path, problem)
            continue
        header = taken.header
        if taken.known:
            print(f"{path}: file {header.number} of {header.name} was taken in before; nothing changed.")
        else:
            print(
                f"{path}: file {header.number} of {header.name}, days {header.since_on} to before {header.until_on}, "
                f"{taken.tallies} sums ({taken.changed} of them new or changed), {taken.readings} readings."
            )
    return 1 if refused else 0


def run_feeds(options: argparse.Namespace) -> int:
    """List the districts."""
    _ready()
    from lianxin.domain.reporting.queries.feeds import is_late, list_feeds
    from lianxin.domain.reporting.rules.feed_keys import fingerprint
    from lianxin.platform import clock

    today = clock.local_day(clock.now())
    for feed in list_feeds():
        held = f"held to before {feed.held_until_on}" if feed.held_until_on else "no file yet"
        late = "  LATE" if is_late(feed, on=today) else ""
        print(f"{feed.code}  {feed.name}  {fingerprint(feed.public_key)}  {feed.base_url}  {held}{late}")
    return 0


def _refuse(path: Path, problem: Any) -> int:
    print(f"{path}: {problem.detail}", file=sys.stderr)
    return 1


def _text(path: Path) -> str:
    from lianxin.platform.errors import Invalid

    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"{path} cannot be read: {getattr(error, 'strerror', None) or 'it is no text'}.") from error


def _ready() -> None:
    from lianxin.faces.cli.setup import django_ready

    django_ready()
