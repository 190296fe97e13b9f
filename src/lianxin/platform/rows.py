"""Plain multi-row INSERTs for hot paths: what the ORM would write, at a fraction of the CPU."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection, models

_MAX_PARAMETERS = 30_000


@lru_cache(maxsize=256)
def _columns(model: type[models.Model], names: tuple[str, ...]) -> list[models.Field]:
    return [model._meta.get_field(name) for name in names]  # type: ignore[misc]


def prepare(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    """Turn Python values into what the database driver takes, column by column."""
    fields = _columns(model, tuple(names))
    columns = [
        [field.get_db_prep_save(value, connection) for value in column]
        for field, column in zip(fields, zip(*rows, strict=True), strict=True)
    ]
    return [list(row) for row in zip(*columns, strict=True)]


def statement(model: type[models.Model], names: Sequence[str], count: int, *, on_conflict: str = "") -> str:
    """Give the INSERT for `count` rows of these fields."""
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in _columns(model, tuple(names)))
    group = "(" + ", ".join(["%s"] * len(names)) + ")"
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES {', '.join([group] * count)}{on_conflict}"


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


def insert_together(
    parts: Sequence[tuple[type[models.Model], Sequence[str], Sequence[Sequence[Any]]]],
) -> None:
    """Insert rows of several models; on PostgreSQL in one round trip (data-modifying CTEs)."""
    parts = [part for part in parts if part[2]]
    cells = sum(len(names) * len(rows) for _, names, rows in parts)
    if connection.vendor != "postgresql" or cells > _MAX_PARAMETERS:
        for model, names, rows in parts:
            insert(model, names, rows)
        return
    if not parts:
        return
    clauses, parameters = [], []
    for number, (model, names, rows) in enumerate(parts[:-1]):
        clauses.append(f"p{number} AS ({statement(model, names, len(rows))})")
        parameters += [v for row in prepare(model, names, rows) for v in row]
    model, names, rows = parts[-1]
    parameters += [v for row in prepare(model, names, rows) for v in row]
    head = f"WITH {', '.join(clauses)} " if clauses else ""
    with connection.cursor() as cursor:
        cursor.execute(head + statement(model, names, len(rows)), parameters)
