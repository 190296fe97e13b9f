"""Lists too long to be counted through: one page at a time, each knowing where the next begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lianxin.faces.kit.tables import Column, Header


@dataclass(frozen=True)
class OnePage:
    """What the table part asks of a page: there is no numbered one."""

    num_pages: int = 1

    @property
    def paginator(self) -> OnePage:
        """The page counts itself."""
        return self


@dataclass(frozen=True)
class KeysetTable:
    """A page of a list, drawn by the same part as every table; `after` asks for the next page."""

    headers: list[Header]
    rows: Sequence[Any]
    count: int
    after: str
    page: OnePage = OnePage()


def keyset_table(*, columns: Sequence[Column], rows: Sequence[Any], count: int, after: str) -> KeysetTable:
    """Make a table of rows that are in their order already."""
    headers = [Header(label=column.label, numeric=column.numeric, sort="", state="none") for column in columns]
    return KeysetTable(headers=headers, rows=rows, count=count, after=after)
