"""Lists of points: the same rows on the page, in a workbook and on a sheet of paper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.faces.staff.people.keyset import KeysetTable, keyset_table
from lianxin.faces.staff.sheets import paper, workbook
from lianxin.platform.clock import local_day
from lianxin.platform.ids import new_id

MOST_LISTED = 2_000
Page = tuple[list["Row"], str]
"""Rows, and what fetches the next ones."""


@dataclass(frozen=True)
class Cell:
    """One cell: what is in it, where it leads, and whether it is drawn as a state."""

    value: Any
    url: str = ""
    tone: str = ""

    @property
    def shown(self) -> Any:
        """Give what the page shows."""
        if isinstance(self.value, date | datetime):
            return spoken(self.value)
        return "—" if self.value is None or self.value == "" else self.value

    @property
    def is_number(self) -> bool:
        """Tell whether it is set to the right."""
        return isinstance(self.value, int) and not isinstance(self.value, bool)

    @property
    def plain(self) -> Any:
        """Give what a workbook keeps."""
        if isinstance(self.value, datetime):
            return local_day(self.value)
        return self.value if isinstance(self.value, int | date) else str(self.value or "")


@dataclass(frozen=True)
class Press:
    """A button that does something at once."""

    url: str
    text: Any
    kind: str = "quiet"
    key: UUID = field(default_factory=new_id)


@dataclass(frozen=True)
class Row:
    """One row, with buttons of its own if any."""

    cells: Sequence[Cell]
    pk: UUID | None = None
    presses: Sequence[Press] = field(default_factory=tuple)


def cells(*values: Any) -> tuple[Cell, ...]:
    """Make cells of values; what is one already stays."""
    return tuple(value if isinstance(value, Cell) else Cell(value) for value in values)


def leads(value: Any, name: str, **named: Any) -> Cell:
    """Make a cell that leads to a page."""
    return Cell(value, url=reverse(f"staff:{name}", kwargs=named))


def small_table(columns: Sequence[Column], rows: Sequence[Row]) -> KeysetTable:
    """Make a table of all its rows."""
    return keyset_table(columns=columns, rows=rows, count=len(rows), after="")


def answer_list(
    request: HttpRequest,
    *,
    columns: Sequence[Column],
    fetch: Callable[[str], Page],
    context: dict[str, Any],
    template: str = "staff/points/list.html",
    count: int | None = None,
    place: str = "",
) -> HttpResponse:
    """Show a page of a list; `?as=xlsx` and `?as=print` give all that the filter leaves."""
    wanted = request.GET.get("as")
    headings = [column.label for column in columns if column.label]
    if wanted in ("xlsx", "print"):
        rows, after = _all(fetch)
        plain = [[cell.plain for cell in row.cells][: len(headings)] for row in rows]
        if wanted == "xlsx":
            return workbook(title=context["title"], headings=headings, rows=plain)
        first = _("The first %(count)d") % {"count": len(rows)} if after else ""
        back = request.GET.copy()
        back.pop("as")
        return paper(
            request,
            title=context["title"],
            headings=headings,
            rows=[[cell.shown for cell in row.cells][: len(headings)] for row in rows],
            back_url=f"{request.path}?{back.urlencode()}",
            place=" · ".join(filter(None, (place, first))),
        )
    after = request.GET.get("after", "")
    rows, following = fetch(after)
    table = keyset_table(columns=columns, rows=rows, count=len(rows) if count is None else count, after=following)
    return render(request, template, {"table": table, "after": after, "counted": count is not None, **context})


def _all(fetch: Callable[[str], Page]) -> Page:
    rows: list[Row] = []
    after = ""
    while len(rows) < MOST_LISTED:
        part, after = fetch(after)
        rows += part
        if not after:
            break
    return rows, after
