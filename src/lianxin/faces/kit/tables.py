"""Lists: which columns, sorted how, which page; templates only draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

PER_PAGE = 50


@dataclass(frozen=True)
class Column:
    """One column: its header; `sort` is an `order_by` name or empty; numbers are set to the right."""

    label: Any
    sort: str = ""
    numeric: bool = False


@dataclass(frozen=True)
class Header:
    """A column as drawn: whether sorted by it (`aria-sort`), and what a click on it sorts by."""

    label: Any
    numeric: bool
    sort: str
    state: str

    @property
    def sortable(self) -> bool:
        """Tell whether the header is a link."""
        return bool(self.sort)


class KnownCount(Paginator):
    """A paginator that was told the count (a folded figure), or counts once."""

    def __init__(self, rows: Any, per_page: int, *, known: int | None) -> None:
        super().__init__(rows, per_page)
        self.known = known

    @cached_property
    def count(self) -> int:
        """Rows in all."""
        return super().count if self.known is None else self.known


@dataclass(frozen=True)
class Table:
    """One page of a sorted list."""

    headers: list[Header]
    page: Page
    count: int

    @property
    def rows(self) -> Sequence[Any]:
        """The rows on this page."""
        return list(self.page.object_list)

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.headers)


def table(
    request: HttpRequest,
    *,
    rows: QuerySet | Sequence[Any],
    columns: Sequence[Column],
    default_sort: str = "",
    per_page: int = PER_PAGE,
    count: int | None = None,
) -> Table:
    """Sort (only by a declared column) and cut a list as `?sort=` and `?page=` ask; a wrong page is the nearest one."""
    allowed = {column.sort for column in columns if column.sort}
    asked = request.GET.get("sort", "")
    sort = asked if asked.removeprefix("-") in allowed else default_sort
    if sort and isinstance(rows, QuerySet):
        rows = rows.order_by(sort, "pk")
    elif sort:
        name = sort.removeprefix("-")
        rows = sorted(rows, key=lambda row: sort_value(row, name), reverse=sort.startswith("-"))
    paginator = KnownCount(rows, per_page, known=count)
    return Table(
        headers=[header(column, sort) for column in columns],
        page=paginator.get_page(request.GET.get("page")),
        count=paginator.count,
    )


def sort_value(row: Any, name: str) -> tuple[bool, Any]:
    """Read a row's value (dictionary or object, `a__b` walks), with missing ones last."""
    for part in name.split("__"):
        row = row.get(part) if isinstance(row, dict) else getattr(row, part, None)
    return (row is None, "" if row is None else row)


def header(column: Column, sort: str) -> Header:
    """Say how a column is sorted now and what the next click asks for."""
    state, following = "none", column.sort
    if column.sort and sort == column.sort:
        state, following = "ascending", f"-{column.sort}"
    elif column.sort and sort == f"-{column.sort}":
        state = "descending"
    return Header(label=column.label, numeric=column.numeric, sort=following, state=state)
