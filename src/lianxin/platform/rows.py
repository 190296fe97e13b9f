"""Plain multi-row INSERTs for hot paths: what the ORM would write, at a fraction of the CPU."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection, models

_MAX_PARAMETERS = 30_000
_TOGETHER_UP_TO = 400
# psycopg writes these as Django would; the values are UUID, datetime, date, str and int already.
_KNOWN_TO_DRIVER = (models.UUIDField, models.DateTimeField, models.CharField, models.TextField, models.IntegerField)


@lru_cache(maxsize=256)
def _columns(model: type[models.Model], names: tuple[str, ...]) -> list[models.Field]:
    return [model._meta.get_field(name) for name in names]  # type: ignore[misc]


def prepare(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    """Turn Python values into what the database driver takes, column by column."""
    as_they_are = connection.vendor == "postgresql"
    columns = [
        column
        if as_they_are and isinstance(field, _KNOWN_TO_DRIVER)
        else [field.get_db_prep_save(value, connection) for value in column]
        for field, column in zip(_columns(model, tuple(names)), zip(*rows, strict=True), strict=True)
    ]
    return [list(row) for row in zip(*columns, strict=True)]


@lru_cache(maxsize=1024)
def _statement(model: type[models.Model], names: tuple[str, ...], count: int, vendor: str) -> str:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in _columns(model, names))
    group = "(" + ", ".join(["%s"] * len(names)) + ")"
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES {', '.join([group] * count)}"


def statement(model: type[models.Model], names: Sequence[str], count: int, *, on_conflict: str = "") -> str:
    """Give the INSERT for `count` rows of these fields."""
    return _statement(model, tuple(names), count, connection.vendor) + on_conflict


def insert(
    model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]], *, on_conflict: str = ""
) -> None:
    """Insert many rows of one model in as few statements as the parameter limit allows."""
    if not rows:
        return
    prepared = prepare(model, names, rows)
    step = max(1, _MAX_PARAMETERS // len(names))
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(statement(model, names, 1, on_conflict=on_conflict), prepared)
            return
        for start in range(0, len(prepared), step):
            part = prepared[start : start + step]
            cursor.execute(
                statement(model, names, len(part), on_conflict=on_conflict), [v for row in part for v in row]
            )


Part = tuple[type[models.Model], Sequence[str], Sequence[Sequence[Any]]]
Shape = tuple[tuple[type[models.Model], tuple[str, ...], int], ...]


def insert_together(parts: Sequence[Part], *, and_commit: bool = False) -> None:
    """Insert rows of several models; on PostgreSQL as one statement.

    `and_commit` says that nothing follows in the caller's own transaction: PostgreSQL then gets COMMIT along with it,
    unless that transaction lies inside another.
    """
    parts = [part for part in parts if part[2]]
    if not parts:
        return
    cells = sum(len(names) * len(rows) for _, names, rows in parts)
    if connection.vendor != "postgresql" or cells > _TOGETHER_UP_TO:
        for model, names, rows in parts:
            insert(model, names, rows)
        return
    shape = tuple((model, tuple(names), len(rows)) for model, names, rows in parts)
    if and_commit and _sent_with_commit(shape, parts):
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _together(shape), [v for model, names, rows in parts for row in prepare(model, names, rows) for v in row]
        )


def _sent_with_commit(shape: Shape, parts: Sequence[Part]) -> bool:
    from lianxin.platform import final_statement  # it needs the driver of PostgreSQL

    how = final_statement.encoding(_fields(shape))
    if how is None or not final_statement.may_commit():
        return False
    sql = _together(shape)
    final_statement.send_and_commit(sql, how, [v for _, _, rows in parts for row in rows for v in row])
    if connection.queries_logged:
        connection.queries_log.append({"sql": sql, "time": "0"})
    return True


@lru_cache(maxsize=512)
def _fields(shape: Shape) -> tuple[models.Field, ...]:
    return tuple(field for model, names, count in shape for field in _columns(model, names) * count)


@lru_cache(maxsize=512)
def _together(shape: Shape) -> str:
    """Give one statement of data-modifying CTEs for rows of several models."""
    *firsts, last = [_statement(model, names, count, "postgresql") for model, names, count in shape]
    head = ", ".join(f"p{number} AS ({words})" for number, words in enumerate(firsts))
    return f"WITH {head} {last}" if firsts else last
