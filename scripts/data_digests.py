"""Holds each file of `data/` against `data/manifest.json`, which gives its source, date, licence and SHA-256."""

import hashlib
import json
import sys
from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "data"
MANIFEST = DATA / "manifest.json"
TOLD = ("source", "date", "licence")


def files() -> dict[str, Path]:
    """Give the data files by name, without the manifest and the prose beside it."""
    return {
        path.relative_to(DATA).as_posix(): path
        for path in sorted(DATA.rglob("*"))
        if path.is_file() and path != MANIFEST and path.suffix != ".md"
    }


def main() -> int:
    """Name each file that is not told of, not there, changed, or without source, date and licence."""
    told = {entry["file"]: entry for entry in json.loads(MANIFEST.read_text(encoding="utf-8"))["files"]}
    found = files()
    wrong = [f"data/{name}: named in the manifest but not there" for name in told.keys() - found.keys()]
    for name, path in found.items():
        entry = told.get(name)
        if entry is None:
            wrong.append(f"data/{name}: not in data/manifest.json")
        elif entry["sha256"] != (digest := hashlib.sha256(path.read_bytes()).hexdigest()):
            wrong.append(f"data/{name}: changed since data/manifest.json was written; its SHA-256 is now {digest}")
        elif missing := [word for word in TOLD if not entry.get(word)]:
            wrong.append(f"data/{name}: the manifest gives no {', '.join(missing)}")
    print("\n".join(sorted(wrong)) or f"{len(found)} data files as recorded", file=sys.stderr if wrong else sys.stdout)
    return int(bool(wrong) or not found)


if __name__ == "__main__":
    sys.exit(main())
