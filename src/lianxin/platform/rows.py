"""Plain multi-row INSERTs for hot paths: what the ORM would write, at a fraction of the CPU."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from operator import attrgetter
from types import ModuleType
from typing import Any, NamedTuple
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections, models

_MAX_PARAMETERS = 30_000
_TOGETHER_UP_TO = 400
_AS_ARRAYS_FROM = 10
# psycopg writes these as Django would; the values are UUID, datetime, date, str and int already.
_KNOWN_TO_DRIVER = (models.UUIDField, models.DateTimeField, models.CharField, models.TextField, models.IntegerField)


@lru_cache(maxsize=256)
def _columns(model: type[models.Model], names: tuple[str, ...]) -> list[models.Field]:
    return [model._meta.get_field(name) for name in names]  # type: ignore[misc]


def prepare(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    """Turn Python values into what the database driver takes, column by column."""
    database = connections[DEFAULT_DB_ALIAS]  # looked up once: each look through the proxy costs more than a value does
    columns = [
        _column(field, values, database)
        for field, values in zip(_columns(model, tuple(names)), zip(*rows, strict=True), strict=True)
    ]
    return [list(row) for row in zip(*columns, strict=True)]


def _column(field: models.Field, values: Sequence[Any], database: Any) -> Sequence[Any]:
    """Give the values of one field as the driver takes them, by the short way where one is known for their type."""
    if database.vendor == "postgresql":
        if isinstance(field, _KNOWN_TO_DRIVER):
            return values
    elif (short := _for_sqlite(field)) is not None:
        kind, write = short
        return [
            write(value)
            if value.__class__ is kind
            else None
            if value is None
            else field.get_db_prep_save(value, database)
            for value in values
        ]
    return [field.get_db_prep_save(value, database) for value in values]


def sqlite_moment(value: datetime) -> str:
    """Write a moment as SQLite keeps it: in UTC, without saying so; raises ValueError for one that says no zone."""
    if value.tzinfo is None:
        raise ValueError(f"{value} says no zone: a moment is written in UTC.")
    return str(value.astimezone(UTC).replace(tzinfo=None))


def _as_it_is(value: Any) -> Any:
    return value


# What Django's own way comes to, for values of exactly this type: the way itself takes ten times as long.
_SHORT_FOR_SQLITE: dict[str, tuple[type, Callable[[Any], Any]]] = {
    "UUIDField": (UUID, attrgetter("hex")),
    "DateTimeField": (datetime, sqlite_moment),
    "DateField": (date, str),
    "BooleanField": (bool, _as_it_is),
    "CharField": (str, _as_it_is),
    "TextField": (str, _as_it_is),
    "IntegerField": (int, _as_it_is),
    "BigIntegerField": (int, _as_it_is),
    "SmallIntegerField": (int, _as_it_is),
    "PositiveIntegerField": (int, _as_it_is),
    "PositiveSmallIntegerField": (int, _as_it_is),
}


@lru_cache(maxsize=2048)
def _for_sqlite(field: models.Field) -> tuple[type, Callable[[Any], Any]] | None:
    """Give the type of Python value and what writes it; None for a field of a kind of its own, as sealed ones are."""
    target = field
    while isinstance(target, models.ForeignKey):
        target = target.target_field
    if type(target).get_db_prep_save is not models.Field.get_db_prep_save or not _is_djangos(target):
        return None
    return _SHORT_FOR_SQLITE.get(type(target).__name__)


def _is_djangos(field: models.Field) -> bool:
    return type(field).__module__.startswith("django.db.models.")


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
        arrays = _arrays(model, tuple(names)) if len(prepared) >= _AS_ARRAYS_FROM else None
        if arrays is not None:
            sql, writers = arrays
            columns = zip(writers, zip(*prepared, strict=True), strict=True)
            cursor.execute(sql + on_conflict, [_array(write, column) for write, column in columns])
            return
        for start in range(0, len(prepared), step):
            part = prepared[start : start + step]
            cursor.execute(
                statement(model, names, len(part), on_conflict=on_conflict), [v for row in part for v in row]
            )


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _moment(value: Any) -> str:
    return '"' + value.isoformat() + '"'


# By the type of the column, without its length: how one value stands in the text of an array.
_IN_AN_ARRAY: dict[str, Callable[[Any], str]] = {
    "uuid": str,
    "smallint": str,
    "integer": str,
    "bigint": str,
    "boolean": str,
    "date": _moment,
    "timestamp with time zone": _moment,
    "varchar": _quoted,
    "text": _quoted,
}


def _array(write: Callable[[Any], str], column: Iterable[Any]) -> str:
    return "{" + ",".join(["NULL" if value is None else write(value) for value in column]) + "}"


@lru_cache(maxsize=256)
def _arrays(model: type[models.Model], names: tuple[str, ...]) -> tuple[str, list[Callable[[Any], str]]] | None:
    """Give an INSERT with one parameter per column, whatever the number of rows, and what writes its arrays.

    The driver takes longer over each placeholder than over its value. None: a column is of a type not known here.
    """
    fields = _columns(model, names)
    types = [str(field.db_type(connection)).partition("(")[0] for field in fields]
    if not all(kind in _IN_AN_ARRAY for kind in types):
        return None
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    arrays = ", ".join(f"%s::{kind}[]" for kind in types)
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) SELECT * FROM unnest({arrays})"
    return sql, [_IN_AN_ARRAY[kind] for kind in types]


class Insert:
    """An INSERT of these fields of a model; made once per place that needs it, as it is told apart by identity."""

    def __init__(self, model: type[models.Model], *names: str) -> None:
        self.model = model
        self.names = names

    def fields(self) -> list[models.Field]:
        """Give the fields that one row has values for, in their order."""
        return _columns(self.model, self.names)

    def words(self, count: int) -> str:
        """Give the statement for `count` rows."""
        return statement(self.model, self.names, count)

    def execute(self, rows: Sequence[Sequence[Any]]) -> None:
        """Write the rows on their own."""
        insert(self.model, self.names, rows)


class Update:
    """An UPDATE of one field of one row found by its key; the row has the new value and the key."""

    def __init__(self, model: type[models.Model], name: str) -> None:
        self.model = model
        self.name = name

    def fields(self) -> list[models.Field]:
        """Give the field that is set and the key."""
        return [*_columns(self.model, (self.name,)), self.model._meta.pk]

    def words(self, count: int) -> str:
        """Give the statement; there is one row at a time."""
        assert count == 1, "An UPDATE is of one row."
        quote = connection.ops.quote_name
        name, key = (quote(str(field.column)) for field in self.fields())
        return f"UPDATE {quote(self.model._meta.db_table)} SET {name} = %s WHERE {key} = %s"

    def execute(self, rows: Sequence[Sequence[Any]]) -> None:
        """Write each row on its own."""
        with connection.cursor() as cursor:
            for row in rows:
                cursor.execute(self.words(1), _prepared(self.fields(), row))


Part = tuple[Insert | Update, Sequence[Sequence[Any]]]
Shape = tuple[tuple[Insert | Update, int], ...]


def write_together(parts: Sequence[Part], *, and_commit: bool = False) -> None:
    """Write rows of several models; on PostgreSQL as one statement.

    `and_commit` says that nothing follows in the caller's own transaction: PostgreSQL then gets COMMIT along with it,
    unless that transaction lies inside another.
    """
    if not parts:
        return
    database = connections[DEFAULT_DB_ALIAS]  # looked up once: each look through the proxy costs more than a value does
    if database.vendor != "postgresql":
        for sentence, rows in parts:
            sentence.execute(rows)
        return
    values = [value for _, rows in parts for row in rows for value in row]
    if len(values) > _TOGETHER_UP_TO:
        for sentence, rows in parts:
            sentence.execute(rows)
        return
    together = _together(tuple([(sentence, len(rows)) for sentence, rows in parts]))
    final = together.final
    if and_commit and together.encoding is not None and final.may_commit(database):
        final.send_and_commit(together.sql, together.encoding, values)
        if database.queries_logged:
            database.queries_log.append({"sql": together.sql, "time": "0"})
        return
    with database.cursor() as cursor:
        cursor.execute(together.sql, _prepared(together.fields, values))


def _prepared(fields: Sequence[models.Field], values: Sequence[Any]) -> list[Any]:
    database = connections[DEFAULT_DB_ALIAS]
    return [_column(field, (value,), database)[0] for field, value in zip(fields, values, strict=True)]


class _Together(NamedTuple):
    """One statement for rows of several models, the fields of its values, and how they are encoded beside COMMIT."""

    sql: str
    fields: tuple[models.Field, ...]
    encoding: Any
    final: ModuleType


@lru_cache(maxsize=512)
def _together(shape: Shape) -> _Together:
    """Make one statement of data-modifying CTEs."""
    from lianxin.platform import final_statement  # it needs the driver of PostgreSQL

    *firsts, last = [sentence.words(count) for sentence, count in shape]
    head = ", ".join(f"p{number} AS ({words})" for number, words in enumerate(firsts))
    fields = tuple(field for sentence, count in shape for field in sentence.fields() * count)
    sql = f"WITH {head} {last}" if firsts else last
    return _Together(sql, fields, final_statement.encoding(fields), final_statement)
