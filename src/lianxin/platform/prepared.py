"""Whether a former start prepared everything: a stamp in the var folder, checked without waking Django.

The stamp says for which program, packages and settings everything was made ready, and in which SQLite file. Whatever
differs, or cannot be read, is "not prepared": the long way, which looks at everything, is always right.
"""

import hashlib
import json
import os
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

SOURCE = Path(__file__).resolve().parents[1]
STAMP = "prepared.json"
NOT_THE_PROGRAM = {"__pycache__", "tests"}
BUSY_SECONDS = 5


def fingerprint(*, environment: Mapping[str, str]) -> str:
    """Tell one state of the program, its packages and its settings from any other."""
    digest = hashlib.sha256()
    for part in (sys.version, sys.prefix, os.getcwd(), str(SOURCE)):
        digest.update(f"{part}\n".encode())
    for name, value in sorted(_settings(environment).items()):
        digest.update(f"{name}={value}\n".encode())
    for line in (*sorted(_packages()), *sorted(_files(str(SOURCE)))):
        digest.update(f"{line}\n".encode())
    return digest.hexdigest()


def find_greeting(*, environment: Mapping[str, str], program: str) -> str | None:
    """Give the text that greets on this deployment if a former start prepared all of it, else None."""
    var_dir = Path(_settings(environment).get("LIANXIN_VAR_DIR", SOURCE.parents[1] / "var"))
    try:
        stamp = json.loads((var_dir / STAMP).read_text(encoding="utf-8"))
        holds = (
            stamp["program"] == program
            and all(Path(path).exists() for path in stamp["there"])
            and all(_state_of_file(Path(path)) == state for path, state in stamp["unchanged"].items())
            and _state_of_database(stamp["database"]) == stamp["state"]
        )
        return str(stamp["greeting"]) if holds else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, sqlite3.Error):
        return None


def keep_greeting(
    *,
    program: str,
    greeting: str,
    var_dir: Path,
    database: str | None,
    there: Iterable[Path],
    unchanged: Iterable[Path],
) -> None:
    """Write the stamp after everything was prepared; without a SQLite file that holds a district there is none."""
    stamp = var_dir / STAMP
    path, state = os.path.abspath(database or ""), None
    if database:
        with suppress(sqlite3.Error):  # such as a database in memory
            state = _state_of_database(path)
    if state is None:
        stamp.unlink(missing_ok=True)
        return
    content = {
        "program": program,
        "database": path,
        "state": state,
        "there": [os.path.abspath(path) for path in there],
        "unchanged": {os.path.abspath(path): _state_of_file(path) for path in unchanged if path.exists()},
        "greeting": greeting,
    }
    partial = stamp.with_suffix(f".{os.getpid()}")
    partial.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    partial.replace(stamp)


def _settings(environment: Mapping[str, str]) -> dict[str, str]:
    """Give what the environment says to the program; the case of a name does not matter."""
    named = {name.upper(): value for name, value in environment.items()}
    return {name: value for name, value in named.items() if name.startswith(("LIANXIN_", "DJANGO_"))}


def _packages() -> Iterator[str]:
    """Name every installed distribution with its version."""
    for folder in sys.path:
        if os.path.isdir(folder):
            yield from (name for name in os.listdir(folder) if name.endswith(".dist-info"))


def _files(folder: str) -> Iterator[str]:
    """Name every file of the program with its size and the time of its last change."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                if entry.name not in NOT_THE_PROGRAM:
                    yield from _files(entry.path)
            else:
                state = entry.stat(follow_symlinks=False)
                yield f"{entry.path}:{state.st_size}:{state.st_mtime_ns}"


def _state_of_file(path: Path) -> list[int]:
    state = path.stat()
    return [state.st_size, state.st_mtime_ns]


def _state_of_database(path: str) -> str | None:
    """Digest which migrations a SQLite file went through and whose data it holds; None before it was set up."""
    connection = sqlite3.connect(f"file:{quote(path)}?mode=rw", uri=True, timeout=BUSY_SECONDS)
    try:
        cursor = connection.cursor()
        migrations = cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name").fetchall()
        rows: list[Any] = cursor.execute("SELECT is_sample, district_id, logins FROM platform_deployment").fetchall()
    finally:
        connection.close()
    return hashlib.sha256(repr((migrations, rows)).encode()).hexdigest() if rows else None
