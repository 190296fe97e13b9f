"""Addresses at which a figure opens, with its period and place."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import urlencode
from uuid import UUID

from lianxin.faces.kit.navigation import url_or_none


def figure_url(name: str, *, period: str, place: UUID | None = None) -> str:
    """Give the page that opens a figure, or an empty text where there is none."""
    page = url_or_none("district:figure", name)
    asked = {"period": period} | ({"place": str(place)} if place else {})
    return f"{page}?{urlencode(asked)}" if page else ""


def span_words(from_on: date, until_on: date) -> str:
    """Write days [from, until) as a figure's page reads them."""
    last = until_on - timedelta(days=1)
    return from_on.isoformat() if last <= from_on else f"{from_on.isoformat()}..{last.isoformat()}"
