"""The list of registers, each with its first rows, its sheet of paper and its workbook."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote, urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.navigation import url_or_none
from lianxin.faces.kit.tables import Column
from lianxin.faces.staff.people.keyset import keyset_table
from lianxin.insight.register_tasks import file_title, list_sets
from lianxin.insight.registers import catalogue
from lianxin.insight.registers.form import Column as RegisterColumn
from lianxin.insight.registers.form import Foot
from lianxin.insight.registers.workbook import Sheet, check_size, write_book
from lianxin.platform import contributions, scope
from lianxin.platform.errors import Invalid
from lianxin.platform.ids import new_id

from ..points.lists import Cell, Row
from ..sheets import XLSX
from .desk import CRUMB, Asked, asked_of, in_words, reading
from .set_words import told_of

FIRST = 20
# So many rows are written while somebody waits; the worker writes longer ones.
MOST_AT_ONCE = 3_000
MOST_ON_PAPER = 2_000
# A register of more columns lies on its side.
UPRIGHT = 7


@reading
def browse(request: HttpRequest) -> HttpResponse:
    """List the registers by job."""
    asked = asked_of(request)
    jobs: dict[str, list[Any]] = {}
    for one in catalogue.list_registers(actor=asked.actor):
        address = f"{reverse('staff:record_book', kwargs={'code': one.code})}{asked.tail}"
        jobs.setdefault(one.job, []).append((address, one.title, one.about))
    context = _context(request, asked) | {
        "title": pgettext("register", "Registers"),
        "jobs": [(catalogue.JOBS[job], found) for job, found in jobs.items()],
        "sets": [told_of(one) for one in list_sets(actor=asked.actor)],
        "set_text": _("All registers as one workbook"),
    }
    return render(request, "staff/registers/list.html", context)


@reading
def show(request: HttpRequest, code: str) -> HttpResponse:
    """Show a register's figures and first rows."""
    register = catalogue.find_register(code, actor=asked_of(request).actor)
    asked = asked_of(request)
    context = _context(request, asked) | {
        "title": register.title,
        "about": register.about,
        "footnote": register.footnote,
        "crumbs": [(CRUMB, f"{reverse('staff:record_books')}{asked.tail}")],
        "code": code,
        "set_text": _("Let the workbook be written"),
    }
    if asked.period is None:
        return render(request, "staff/registers/register.html", context)
    with scope.within(asked.actor.communities):
        sheet = asked.sheet(code)
        count = register.count(sheet.window)
        lines = list(islice(register.rows(sheet.window), FIRST)) if count else []
        figures = _figures(asked, sheet)
    shown = register.shown(is_one_community=sheet.is_one_community)
    columns = [Column(register.columns[at].label, numeric=register.columns[at].is_number) for at in shown]
    rows = [Row([_cell(line[at]) for at in shown]) for line in lines]
    context |= {
        "table": keyset_table(columns=columns, rows=rows, count=count, after=""),
        "count": count,
        "figures": figures,
        "is_cut": count > len(lines),
        "first": len(lines),
        "at_once": count <= MOST_AT_ONCE,
        "workbook_url": f"{reverse('staff:record_book_workbook', kwargs={'code': code})}{asked.tail}",
        "paper_url": f"{reverse('staff:record_book_paper', kwargs={'code': code})}{asked.tail}",
    }
    return render(request, "staff/registers/register.html", context)


@reading
def take(request: HttpRequest, code: str) -> HttpResponse:
    """Give a register as a workbook; one that takes a while is left to the worker."""
    asked = asked_of(request, strictly=True)
    register = catalogue.find_register(code, actor=asked.actor)
    with scope.within(asked.actor.communities):
        sheet = asked.sheet(code)
        check_size(sheet)
        if register.count(sheet.window) > MOST_AT_ONCE:
            raise Invalid(
                _("This register is long. Let the workbook be written on its page, and take it when it is ready.")
            )
        with TemporaryDirectory() as folder:
            path = Path(folder) / "register.xlsx"
            write_book(path, [sheet], at=asked.at)
            body = path.read_bytes()
    disposition = f"attachment; filename*=UTF-8''{quote(f'{file_title([sheet])}.xlsx')}"
    return HttpResponse(body, content_type=XLSX, headers={"Content-Disposition": disposition})


@reading
def on_paper(request: HttpRequest, code: str) -> HttpResponse:
    """Give a register as a sheet to print."""
    asked = asked_of(request, strictly=True)
    register = catalogue.find_register(code, actor=asked.actor)
    foot = Foot(register)
    with scope.within(asked.actor.communities):
        sheet = asked.sheet(code)
        count = register.count(sheet.window)
        lines = list(foot.counting(islice(register.rows(sheet.window), MOST_ON_PAPER)))
    shown = register.shown(is_one_community=sheet.is_one_community)
    columns = [register.columns[at] for at in shown]
    back_url = f"{reverse('staff:record_book', kwargs={'code': code})}{asked.tail}"
    context = {
        "sheet_title": register.title,
        "sheet_place": sheet.place,
        "sheet_period": sheet.period,
        "sheet_url": request.build_absolute_uri(back_url),
        "printed_at": asked.at,
        "back_url": back_url,
        "columns": columns,
        "rows": [[(in_words(line[at]), register.columns[at]) for at in shown] for line in lines],
        "sums": [_sum(foot.sums[at], register.columns[at]) for at in shown],
        "count": foot.rows,
        "cut": _("These are the first %(first)d of %(count)d rows; the workbook has all.")
        % {"first": foot.rows, "count": count}
        if count > foot.rows
        else "",
        "footnote": register.footnote,
        "is_wide": len(columns) > UPRIGHT,
    }
    return render(request, "staff/registers/paper.html", context)


def _sum(value: Any, column: RegisterColumn) -> Any:
    return "" if value is None else f"{value:,.2f}" if column.kind == "money" else f"{value:,}"


def _cell(value: Any) -> Cell:
    return Cell(value if isinstance(value, int) else in_words(value))


def _figures(asked: Asked, sheet: Sheet) -> list[tuple[Any, int, str]]:
    """Give the figures that the register comes to, each with the page on which it opens."""
    found = []
    for tie in sheet.register.ties:
        measure = contributions.measure(tie.measure)
        address = url_or_none("district:figure", figure=tie.measure) or ""
        query = urlencode({**asked.query, "place": asked.area.address})
        found.append((measure.label, measure.query(sheet.window), f"{address}?{query}" if address else ""))
    return found


def _context(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    return {
        "form": asked.form,
        "ways": asked.ways(request.path),
        "place": asked.area.name,
        "period": asked.period,
        "days": f"{spoken(asked.period.from_on)} — {spoken(asked.period.last_on)}" if asked.period else "",
        "wanted": asked.wanted,
        "key": new_id(),
    }
