"""A second start skips the preparation only where nothing that was prepared has changed."""

import os
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from lianxin.platform import prepared

GREETING = "Sample district. Staff log in on {address}/login/"


@dataclass
class Start:
    """A program, its packages and a var folder in which one start has prepared everything."""

    source: Path
    packages: Path
    var_dir: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.var_dir / "lianxin.sqlite3"

    def program(self) -> str:
        """Take the fingerprint as `up` does."""
        return prepared.fingerprint(environment=self.environment)

    def greeting(self) -> str | None:
        """Ask as the next start would."""
        return prepared.find_greeting(environment=self.environment, program=self.program())

    def prepare(self, database: str | None = "") -> None:
        """Keep the stamp as the long way does at its end."""
        prepared.keep_greeting(
            program=self.program(),
            greeting=GREETING,
            var_dir=self.var_dir,
            database=str(self.database) if database == "" else database,
            there=[self.var_dir / "keys.json", self.var_dir / "secret-key", self.var_dir / "static"],
            unchanged=[self.var_dir / "static" / "staticfiles.json", self.var_dir / "static.stamp"],
        )

    def ask(self, sql: str) -> None:
        """Change the database past the program."""
        with sqlite3.connect(self.database) as connection:
            connection.execute(sql)
        connection.close()


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Start:
    """Give a start after which everything is prepared."""
    source, packages, var_dir = tmp_path / "src" / "lianxin", tmp_path / "packages", tmp_path / "var"
    for path, text in {
        source / "migrations" / "0001_initial.py": "first",
        source / "static" / "page.css": "body {}",
        source / "tests" / "test_page.py": "",
        packages / "django-5.2.1.dist-info" / "RECORD": "",
        var_dir / "keys.json": "{}",
        var_dir / "secret-key": "secret",
        var_dir / "static.stamp": "digest",
        var_dir / "static" / "staticfiles.json": "{}",
    }.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.setattr(prepared, "SOURCE", source)
    monkeypatch.setattr(sys, "path", [str(packages)])
    prepared_start = Start(source, packages, var_dir, {"LIANXIN_VAR_DIR": str(var_dir), "HOME": "/root"})
    prepared_start.ask("CREATE TABLE django_migrations (app, name)")
    prepared_start.ask("INSERT INTO django_migrations VALUES ('platform', '0001_initial')")
    prepared_start.ask("CREATE TABLE platform_deployment (is_sample, district_id, logins, ready_at)")
    prepared_start.ask("INSERT INTO platform_deployment VALUES (1, 'd', '[]', NULL)")
    prepared_start.prepare()
    return prepared_start


def rewrite(path: Path, text: str) -> None:
    """Write a file so that its time of change is another for certain."""
    path.write_text(text)
    os.utime(path, (1, 1))


def replace_environment(start: Start, **more: str) -> None:
    """Start the next time with other settings."""
    start.environment = start.environment | more


UNTOUCHED: dict[str, Callable[[Start], object]] = {
    "nothing": lambda start: None,
    "a test": lambda start: rewrite(start.source / "tests" / "test_page.py", "more"),
    "compiled bytecode": lambda start: (start.source / "__pycache__").mkdir(),
    "rows of the district": lambda start: start.ask("CREATE TABLE visits (n)"),
    "the sample's end": lambda start: start.ask("UPDATE platform_deployment SET ready_at = 'now'"),
    "the key ring's content": lambda start: rewrite(start.var_dir / "keys.json", "{1}"),
    "a variable that is not ours": lambda start: replace_environment(start, HOME="/home/chen"),
}
CHANGES: dict[str, Callable[[Start], object]] = {
    "a deleted database": lambda start: start.database.unlink(),
    "an empty database": lambda start: start.database.write_bytes(b""),
    "a damaged database": lambda start: start.database.write_bytes(b"x" * 5000),
    "a database of an earlier version": lambda start: start.ask("DELETE FROM django_migrations"),
    "a database of another district": lambda start: start.ask("UPDATE platform_deployment SET district_id = 'e'"),
    "a real district instead of a sample": lambda start: start.ask("UPDATE platform_deployment SET is_sample = 0"),
    "a database without a district": lambda start: start.ask("DELETE FROM platform_deployment"),
    "a new migration": lambda start: rewrite(start.source / "migrations" / "0002_more.py", ""),
    "a migration taken away": lambda start: (start.source / "migrations" / "0001_initial.py").unlink(),
    "a changed static file": lambda start: rewrite(start.source / "static" / "page.css", "html {}"),
    "changed code": lambda start: rewrite(start.source / "apps.py", "more"),
    "another version of a package": lambda start: (start.packages / "django-5.2.1.dist-info").rename(
        start.packages / "django-5.2.2.dist-info"
    ),
    "one package more": lambda start: (start.packages / "segno-1.6.dist-info").mkdir(),
    "another var folder": lambda start: replace_environment(start, LIANXIN_VAR_DIR=f"{start.var_dir}-2"),
    "PostgreSQL": lambda start: replace_environment(start, LIANXIN_DATABASE_URL="postgresql://a@b/c"),
    "another setting": lambda start: replace_environment(start, lianxin_https="true"),
    "a lost key ring": lambda start: (start.var_dir / "keys.json").unlink(),
    "a lost signing secret": lambda start: (start.var_dir / "secret-key").unlink(),
    "lost static files": lambda start: (start.var_dir / "static" / "staticfiles.json").unlink(),
    "static files collected by another program": lambda start: rewrite(start.var_dir / "static.stamp", "other"),
    "a broken stamp": lambda start: (start.var_dir / prepared.STAMP).write_text("{"),
    "a stamp of another shape": lambda start: (start.var_dir / prepared.STAMP).write_text("[]"),
    "no stamp": lambda start: (start.var_dir / prepared.STAMP).unlink(),
}


@pytest.mark.parametrize("change", UNTOUCHED.values(), ids=UNTOUCHED.keys())
def test_start_after_what_needs_no_preparation_goes_the_short_way(
    start: Start, change: Callable[[Start], object]
) -> None:
    change(start)

    assert start.greeting() == GREETING


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_start_after_a_change_goes_the_long_way(start: Start, change: Callable[[Start], object]) -> None:
    change(start)

    assert start.greeting() is None


@pytest.mark.parametrize("database", [None, ":memory:"])
def test_deployment_without_a_sqlite_file_has_no_stamp(start: Start, database: str | None) -> None:
    start.prepare(database)

    assert not (start.var_dir / prepared.STAMP).exists()
    assert start.greeting() is None


def test_start_after_the_long_way_goes_the_short_way_again(start: Start) -> None:
    rewrite(start.source / "static" / "page.css", "html {}")
    start.prepare()

    assert start.greeting() == GREETING
