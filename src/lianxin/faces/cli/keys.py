"""`lianxin keys show|rotate|reencrypt`: the ring that seals sensitive fields."""

import argparse
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Tell argparse what `keys` takes."""
    what = parser.add_subparsers(dest="what", required=True, metavar="show|rotate|reencrypt")
    what.add_parser("show", help="list the keys, without their secrets, and how many values each one seals")
    rotate = what.add_parser("rotate", help="add a key and retire the former one of its kind")
    rotate.add_argument("--kind", choices=("encryption", "digest", "signing"), default="encryption")
    rotate.add_argument("--algorithm", default="", help="such as aes-256-gcm, sm4-gcm, hmac-sha256, hmac-sm3")
    reencrypt = what.add_parser("reencrypt", help="bring every sealed value and digest to the active keys")
    reencrypt.add_argument("--chunk", type=int, default=1000, help="rows per transaction (default: 1000)")


def run(options: argparse.Namespace) -> int:
    """Do what was asked."""
    from lianxin.faces.cli.setup import django_ready

    django_ready()
    return {"show": _show, "rotate": _rotate, "reencrypt": _reencrypt}[options.what](options)


def _show(options: argparse.Namespace) -> int:
    from lianxin.platform import keys, rekeying

    ring = keys.ring()
    counts = rekeying.count_by_key()
    public = ring.public_keys()
    for key in sorted(ring.keys, key=lambda key: (key.kind, key.id)):
        line = f"{key.kind:10} {key.id:3}  {key.algorithm:12} {key.state:8} made {key.created_at[:10]}"
        if key.kind == "encryption":
            line += f"  seals {sum(column.get(key.id, 0) for column in counts.values())} values"
        if key.kind == "signing":
            line += f"  public {public[key.id]}"
        print(line)
    lost = sorted({number for column in counts.values() for number in column} - set(ring.ciphers))
    for number in lost:
        columns = ", ".join(label for label, column in counts.items() if number in column)
        print(f"Key {number} is not in the ring, but seals values of {columns}.", file=sys.stderr)
    return 1 if lost else 0


def _rotate(options: argparse.Namespace) -> int:
    from lianxin.platform import clock, rekeying
    from lianxin.platform.actors import Actor

    name = rekeying.rotate_key(
        actor=Actor.system(via="cli"), kind=options.kind, algorithm=options.algorithm, at=clock.now()
    )
    print(f"The {name} is active. The former one stays in the ring, to read what it made.")
    if options.kind != "signing":
        print("Copy the key ring to where its copies are kept, then run: lianxin keys reencrypt")
    return 0


def _reencrypt(options: argparse.Namespace) -> int:
    from lianxin.platform import clock, rekeying
    from lianxin.platform.errors import Invalid

    if options.chunk < 1:
        raise Invalid("--chunk takes a number from 1 on.")
    seen: dict[str, int] = {}

    def tell(column: str, rows: int, changed: int) -> None:
        seen[column] = seen.get(column, 0) + rows
        if sys.stdout.isatty():
            print(f"\r{column}: {seen[column]} rows", end="\033[K", flush=True)

    changed = rekeying.reencrypt_everything(at=clock.now(), tell=tell, chunk=options.chunk)
    if sys.stdout.isatty():
        print("\r", end="\033[K")
    print(f"Looked at {sum(seen.values())} sealed values and renewed {changed} rows.")
    return 0
