"""The records behind a figure, newest first, each with the page on which it is seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.faces.district.figure_words import category_names, record_label
from lianxin.faces.district.listing import ALL_ROWS, PAGE, Listing, answer
from lianxin.faces.district.views.figure_page import above_of, crumbs, opens
from lianxin.faces.district.views.figures_asked import Asked, answer_problem, ask, shell_of, shown_to_all_offices
from lianxin.faces.kit.record_pages import addresses_of
from lianxin.faces.kit.tables import PER_PAGE, Column
from lianxin.insight.areas import names_on
from lianxin.insight.catalogue import find_measure
from lianxin.insight.opening import Opened, open_figure
from lianxin.platform.contributions import Measure
from lianxin.platform.errors import Missing

# A workbook or sheet of more is of no use to a reader: it holds the newest.
MOST_AT_ONCE = 20_000


@dataclass(frozen=True)
class Row:
    """One record as it is shown."""

    on: date
    kind: str
    title: str
    note: str
    community: str
    quantity: int
    url: str


class Rows(Sequence[Row]):
    """The rows of one page of a longer list: a paginator asks for their count, and for this page alone."""

    def __init__(self, rows: list[Row], *, count: int, first: int) -> None:
        self.rows, self.count_all, self.first = rows, count, first

    def __len__(self) -> int:
        return self.count_all

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return self.rows[(at.start or 0) - self.first : (at.stop or self.count_all) - self.first]
        return self.rows[at - self.first]


@shown_to_all_offices
def show(request: HttpRequest, figure: str, shown: str = PAGE) -> HttpResponse:
    """List the records that one figure counts in a period and place."""
    measure = find_measure(figure)
    if not opens(measure):
        raise Missing(_("This figure is a sum of amounts; there are no records to list."))
    asked = ask(request)
    if asked.problem is not None:
        return answer_problem(asked, title=str(measure.label), page="figure", args=(measure.name,))
    category = request.GET.get("category", "")
    asked.extra = {"category": category} if category else {}
    per_page = PER_PAGE if shown == PAGE else MOST_AT_ONCE
    opened = _open(asked, measure, category, page=_number(request), per_page=per_page)
    listing = Listing(
        name="figure_records",
        args=(measure.name,),
        title=_title(measure, category),
        place=_("%(place)s, %(period)s") % {"place": asked.area.name, "period": asked.period.label},
        rows=_rows(asked, opened, per_page),
        default_sort="",
        row_template="district/figures/row_record.html",
        cells=lambda row: (row.on, row.kind, row.title, row.note, row.community, row.quantity),
        columns=(
            Column(pgettext("of figures", "Day")),
            Column(pgettext("of figures", "Record")),
            Column(pgettext("of figures", "What")),
            Column(""),
            Column(_("Community")),
            Column(_("Counts for"), numeric=True),
        ),
    )
    context = shell_of(asked.actor) | {
        "asked": asked,
        "measure": measure,
        "opened": opened,
        "lead": _lead(asked, measure, opened),
        "form": None,
        "figure_url": asked.page("figure", measure.name, category=None),
        "empty_title": _("Nothing was counted here in these days."),
        "empty_text": _("Choose another stretch of time."),
        "crumbs": crumbs(asked, measure, above_of(asked), last=pgettext("of figures", "Records")),
    }
    return answer(request, listing, shown=shown, template="district/figures/records.html", context=context, at=asked.at)


def _open(asked: Asked, measure: Measure, category: str, *, page: int, per_page: int) -> Opened:
    asked_for: dict[str, Any] = {"period": asked.so_far, "area": asked.area, "actor": asked.actor}
    if category:
        asked_for["category"] = category
    try:
        return open_figure(measure.name, page=page, per_page=per_page, **asked_for)
    except Missing:
        last = open_figure(measure.name, page=1, per_page=per_page, **asked_for)
        if last.pages == 1:
            return last
        return open_figure(measure.name, page=last.pages, per_page=per_page, **asked_for)


def _number(request: HttpRequest) -> int:
    """Read the number of the page, as a paginator does: what is none is the first one."""
    asked = request.GET.get("page", "1")
    return int(asked) if asked.isdecimal() and len(asked) < 9 else 1


def _rows(asked: Asked, opened: Opened, per_page: int) -> Rows:
    addresses = addresses_of(opened.rows, asked.actor)
    communities = sorted({row.community_id for row in opened.rows if row.community_id})
    names: dict[UUID, str] = names_on(communities, asked.on) if communities else {}
    rows = [
        Row(
            on=row.on,
            kind=str(record_label(row.record_kind)),
            title=row.title or str(record_label(row.record_kind)),
            note=row.note,
            community=names.get(row.community_id, "") if row.community_id else "",
            quantity=row.quantity,
            url=addresses.get(row.record_id, ""),
        )
        for row in opened.rows
    ]
    count = opened.count if per_page < MOST_AT_ONCE else min(opened.count, ALL_ROWS, len(rows))
    return Rows(rows, count=count, first=(opened.page - 1) * per_page)


def _title(measure: Measure, category: str) -> str:
    if not category:
        return str(measure.label)
    return f"{measure.label} · {category_names([category])[category]}"


def _lead(asked: Asked, measure: Measure, opened: Opened) -> str:
    if opened.is_cut:
        words = _(
            "%(place)s, %(period)s: the figure is %(total)s %(unit)s, made of more than %(count)s records. "
            "The newest are listed; choose fewer days or a smaller place to see the others."
        )
    else:
        words = _("%(place)s, %(period)s: the figure is %(total)s %(unit)s, made of %(count)s records.")
    said = words % {
        "place": asked.area.name,
        "period": asked.period.label,
        "total": f"{opened.total:,}",
        "unit": measure.unit,
        "count": f"{opened.count:,}",
    }
    if opened.is_cut:
        said += " " + _("Workbook and sheet hold up to %(n)s of them.") % {"n": f"{MOST_AT_ONCE:,}"}
    return said
