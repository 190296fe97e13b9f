"""`lianxin restore FILE --keys KEYFILE`: bring an archive back onto an empty machine, and verify it."""

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Tell argparse what `restore` takes."""
    parser.add_argument("archive", type=Path, help="the archive that `lianxin backup` wrote")
    parser.add_argument("--keys", type=Path, metavar="FILE", help="the copy of the key ring that belongs to it")
    parser.add_argument("--force", action="store_true", help="replace what is in the database now")


def run(options: argparse.Namespace) -> int:
    """Restore, verify, and exit 1 when a check finds a difference."""
    from lianxin.faces.cli.setup import django_ready

    django_ready()
    from lianxin.platform import backup, clock

    results = backup.restore(
        archive=options.archive, key_file=options.keys, force=options.force, at=clock.now(), tell=_tell
    )
    bad = [result for result in results if result.differences]
    for result in bad:
        print(f"BAD {result.module}: {result.name}")
        for sentence in result.differences[:20]:
            print(f"      {sentence}")
    print(f"Restored {options.archive}. {len(results) - len(bad)} of {len(results)} checks are equal.")
    print("Everybody has to log in again. Messages that were waiting are sent when the worker starts.")
    return 1 if bad else 0


def _tell(sentence: str) -> None:
    print(sentence, flush=True)
