"""`lianxin backup --out FILE`: write everything but the keys to one archive, while people go on working."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from lianxin.platform.errors import Refused

if TYPE_CHECKING:
    from lianxin.platform.archives import Manifest


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Tell argparse what `backup` takes."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--out", type=Path, metavar="FILE", help="the archive to write (tar, gzip)")
    what.add_argument("--check", type=Path, metavar="FILE", help="prove that an archive is whole, without restoring it")
    parser.add_argument(
        "--keys", type=Path, metavar="FILE", help="also copy the key ring to this second file; keep it apart"
    )


def run(options: argparse.Namespace) -> int:
    """Write or check an archive and say what is in it."""
    if options.check and options.keys:
        raise Refused("--keys goes with --out.")
    from lianxin.faces.cli.setup import django_ready

    django_ready()
    from lianxin.platform import backup, clock

    if options.check:
        manifest = backup.check(archive=options.check)
        print(f"{options.check} is whole: {_contents(manifest)}.")
        print(f"It was made at {manifest.made_at[:19]} UTC by version {manifest.version}.")
        return 0
    manifest = backup.back_up(target=options.out, key_copy=options.keys, at=clock.now(), tell=_tell)
    size = options.out.stat().st_size / 1_000_000
    print(f"Wrote {options.out} ({size:.1f} MB): {_contents(manifest)}.")
    if options.keys:
        print(f"Copied the key ring to {options.keys}. Keep it in another place than the archive.")
    else:
        print("The archive does not hold the key ring; without it nobody can read what is sealed. Keep a copy apart:")
        print(f"  lianxin backup --out {options.out} --keys FILE")
    return 0


def _contents(manifest: "Manifest") -> str:
    rows = sum(manifest.tables.values())
    return f"{rows} rows, {manifest.stored_files} stored files, audit batch {manifest.audit_batch}"


def _tell(sentence: str) -> None:
    print(sentence, flush=True)
