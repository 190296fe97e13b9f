"""Pages of lists: an offset for short ones, with the whole count."""

from collections.abc import Sequence
from typing import Any

from ninja import Field, Schema

MOST = 200


class Page(Schema):
    """Which part of a list is asked for."""

    limit: int = Field(50, ge=1, le=MOST)
    offset: int = Field(0, ge=0, le=100_000)


def cut(rows: Sequence[Any], page: Page) -> dict[str, Any]:
    """Give the asked part with the count of all."""
    return {"count": len(rows), "items": rows[page.offset : page.offset + page.limit]}
