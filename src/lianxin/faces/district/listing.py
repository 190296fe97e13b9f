"""A list in its three forms: a page, a workbook and a sheet of paper with the same rows in the same order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column, table
from lianxin.platform.clock import local_day
from lianxin.platform.sheets import write_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAGE, WORKBOOK, SHEET = "page", "xlsx", "print"
ALL_ROWS = 100_000


@dataclass(frozen=True)
class Listing:
    """What is listed: `cells` gives a row's values for the workbook, `name` the URL name of the page."""

    name: str
    title: str
    rows: Sequence[Any]
    columns: Sequence[Column]
    default_sort: str
    row_template: str
    cells: Callable[[Any], Sequence[Any]]
    place: str = ""
    # What the addresses of the list name besides.
    args: tuple[Any, ...] = ()


def answer(
    request: HttpRequest, listing: Listing, *, shown: str, template: str, context: dict[str, Any], at: datetime
) -> HttpResponse:
    """Show a list as the address asks: cut into pages, or whole as a workbook or a sheet."""
    cut = {} if shown == PAGE else {"per_page": ALL_ROWS}
    drawn = table(
        request,
        rows=listing.rows,
        columns=listing.columns,
        default_sort=listing.default_sort,
        **cut,  # type: ignore[arg-type]
    )
    if shown == WORKBOOK:
        return workbook(
            title=listing.title,
            headings=[column.label for column in listing.columns],
            rows=[listing.cells(row) for row in drawn.rows],
            at=at,
        )
    back = reverse(f"district:{listing.name}", args=listing.args)
    common = {"table": drawn, "row_template": listing.row_template, "caption": listing.title}
    if shown == SHEET:
        query = request.GET.urlencode()
        address = f"{back}?{query}" if query else back
        sheet = {
            "sheet_title": listing.title,
            "sheet_place": listing.place,
            "sheet_period": spoken(local_day(at)),
            "sheet_url": request.build_absolute_uri(address),
            "printed_at": at,
            "back_url": address,
        }
        return render(request, "district/list_print.html", common | sheet)
    addresses = {
        "export_url": reverse(f"district:{listing.name}_export", args=listing.args),
        "print_url": reverse(f"district:{listing.name}_print", args=listing.args),
        "crumbs": [(_("Overview"), reverse("district:overview")), (listing.title, "")],
    }
    return render(request, template, common | addresses | context)


def workbook(*, title: str, headings: Sequence[Any], rows: Sequence[Sequence[Any]], at: datetime) -> HttpResponse:
    """Answer with a workbook named after its title and day."""
    body = write_workbook(
        sheet=title,
        headings=[str(heading) for heading in headings],
        rows=rows,
        title=title,
        note=_("As of %(moment)s") % {"moment": spoken(at)},
    )
    name = quote(f"{title} {local_day(at).isoformat()}.xlsx")
    disposition = f"attachment; filename*=UTF-8''{name}"
    return HttpResponse(body, content_type=XLSX, headers={"Content-Disposition": disposition})
