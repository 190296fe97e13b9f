"""Lists as files and as sheets of paper, with the rows that are seen on the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lianxin.faces.kit.dates import spoken
from lianxin.platform import clock
from lianxin.platform.sheets import write_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 20_000


def workbook(*, title: Any, headings: Sequence[Any], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Give a list as an XLSX download."""
    body = write_workbook(
        sheet=str(title), headings=[str(heading) for heading in headings], rows=rows, title=str(title)
    )
    name = f"{title} {clock.local_day(clock.now())}.xlsx"
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    return HttpResponse(body, content_type=XLSX, headers={"Content-Disposition": disposition})


def paper(
    request: HttpRequest,
    *,
    title: Any,
    headings: Sequence[Any],
    rows: Iterable[Sequence[Any]],
    back_url: str,
    place: str = "",
) -> HttpResponse:
    """Give a list as an A4 sheet."""
    now = clock.now()
    return render(
        request,
        "staff/paper.html",
        {
            "sheet_title": title,
            "sheet_place": place,
            "sheet_period": spoken(clock.local_day(now)),
            "sheet_url": request.build_absolute_uri(back_url),
            "printed_at": now,
            "back_url": back_url,
            "headings": headings,
            "rows": [["" if cell is None else cell for cell in row] for row in rows],
        },
    )
