"""How lines are read out of records: in one stream, what belongs to them in portions, people under masked names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, IntegerField, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from lianxin.domain.people.models import Household, Person
from lianxin.engines.masking import mask_name
from lianxin.platform.clock import LOCAL, local_moment
from lianxin.platform.contributions import Window

from .form import Line

AT_ONCE = 500
# Bytes of a key.
KEY = 16
NOTHING = "—"


def within(rows: QuerySet[Any], window: Window, *, community: str = "community") -> QuerySet[Any]:
    """Keep the rows of a window's communities."""
    return rows if window.communities is None else rows.filter(**{f"{community}__in": window.communities})


def during(rows: QuerySet[Any], window: Window, at: str, *, community: str = "community") -> QuerySet[Any]:
    """Keep the rows of a window's communities whose moment lies on its days."""
    span = {f"{at}__gte": local_moment(window.from_on), f"{at}__lt": local_moment(window.until_on)}
    return within(rows.filter(**span), window, community=community)


def on_days(rows: QuerySet[Any], window: Window, on: str, *, community: str = "community") -> QuerySet[Any]:
    """Keep the rows of a window's communities whose day is one of its days."""
    span = {f"{on}__gte": window.from_on, f"{on}__lt": window.until_on}
    return within(rows.filter(**span), window, community=community)


def stream(
    rows: QuerySet[Any],
    line: Callable[[Any, Any], Line],
    *,
    beside: Callable[[list[Any]], Any] | None = None,
    fields: tuple[str, ...] = (),
) -> Iterator[Line]:
    """Word rows one by one; `beside` reads for some hundred of them at once what they need from elsewhere.

    With `fields` a row is a tuple of them. Which rows, and in which order, is asked once; no query stays open between
    portions, so that a worker can tell how far it is (SQLite refuses to write beside a reading that others overtook).
    """
    for pks in portions(ids_of(rows)):
        part = rows.filter(pk__in=pks).order_by()
        if fields:
            found = {pk: tuple(values) for pk, *values in part.values_list("pk", *fields)}
        else:
            found = {row.pk: row for row in part}
        batch = [found[pk] for pk in pks if pk in found]
        more = beside(batch) if beside else None
        for row in batch:
            yield line(row, more)


def ids_of(rows: QuerySet[Any]) -> bytes:
    """Give the keys of rows in their order, packed: a million of them are 16 MB."""
    return b"".join(pk.bytes for pk in rows.values_list("pk", flat=True).iterator(chunk_size=10_000))


def portions(packed: bytes) -> Iterator[list[UUID]]:
    """Unpack keys, some hundred at a time."""
    for start in range(0, len(packed), AT_ONCE * KEY):
        part = packed[start : start + AT_ONCE * KEY]
        yield [UUID(bytes=part[at : at + KEY]) for at in range(0, len(part), KEY)]


def number_of(rows: QuerySet[Any], owner: str, expression: Any = None, *, to: str = "pk") -> Coalesce:
    """Give a column that counts (or sums) what belongs to each row, as a subquery of its own."""
    inner = rows.filter(**{owner: OuterRef(to)}).order_by().values(owner)
    counted = inner.annotate(n=Count("pk") if expression is None else expression).values("n")
    return Coalesce(Subquery(counted), 0, output_field=IntegerField())


def names_of_people(ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """Give masked names of people in scope; who lives elsewhere has none here."""
    wanted = {pk for pk in ids if pk is not None}
    rows = Person.objects.filter(pk__in=wanted).values_list("pk", "name") if wanted else ()
    return {pk: mask_name(name) for pk, name in rows}


def numbers_of_households(ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """Give the numbers of households in scope."""
    wanted = {pk for pk in ids if pk is not None}
    return dict(Household.objects.filter(pk__in=wanted).values_list("pk", "number")) if wanted else {}


def people_beside(*names: str) -> Callable[[list[Any]], dict[UUID | None, str]]:
    """Read the people named by these columns (`booking__person_id` walks) for a portion of rows."""
    return lambda rows: names_of_people(value for row in rows for value in (walk(row, name) for name in names))


def walk(row: Model, name: str) -> Any:
    """Give a row's value; `a__b` goes over what is already read with it."""
    value: Any = row
    for part in name.split("__"):
        value = getattr(value, part, None)
    return value


def hour(at: datetime | None) -> time | None:
    """Give the time of day in Shanghai, to the minute."""
    return None if at is None else at.astimezone(LOCAL).time().replace(second=0, microsecond=0)


def day(at: datetime | None) -> date | None:
    """Give the day in Shanghai."""
    return None if at is None else at.astimezone(LOCAL).date()


def yuan(fen: int | None) -> Decimal | None:
    """Give money as it is written: in yuan with two places."""
    return None if fen is None else Decimal(fen) / 100
