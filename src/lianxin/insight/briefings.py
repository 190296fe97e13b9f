"""Composes a briefing: what a template asks for, computed for a period and place and put into words, tables, charts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.insight import briefing_words as words
from lianxin.insight.areas import Area
from lianxin.insight.briefing_book import Book, id_of
from lianxin.insight.briefing_charts import draw_chart
from lianxin.insight.briefing_names import LOOP_COLUMNS
from lianxin.insight.briefing_tables import Tables
from lianxin.insight.figures import Compared, per_thousand
from lianxin.insight.periods import Period
from lianxin.insight.word import marks
from lianxin.platform import scope

RESIDENTS = "residents"


@dataclass(frozen=True)
class Head:
    """What a briefing says of itself: its number, who issues it, the day on the paper, where its page is."""

    number: str
    office: str
    dated_on: date
    page: str
    figures_page: str = ""


@dataclass(frozen=True)
class Composed:
    """What a template is filled with, and every number in it with its days and place."""

    content: dict[str, Any]
    figures: dict[str, Any]


def compose(
    *,
    names: Iterable[str],
    rows: Iterable[str],
    period: Period,
    area: Area,
    head: Head,
    told: Callable[[int, int], None] = lambda done, total: None,
) -> Composed:
    """Compute what a template asks for, over all that lies in the area, whoever asked."""
    with scope.within(area.communities):
        return _Composing(period=period, area=area, head=head).compose(sorted(names), sorted(rows), told)


class _Composing:
    def __init__(self, *, period: Period, area: Area, head: Head) -> None:
        self.book, self.head = Book(period=period, area=area), head
        self.charts: dict[str, Any] = {}
        self.tables: dict[str, Any] = {}

    def compose(self, names: Sequence[str], rows: Sequence[str], told: Callable[[int, int], None]) -> Composed:
        book, groups = self.book, dict[str, dict[str, str]]()
        book.load([name.partition(".")[2] for name in names if name.split(".")[0] in _OF_FIGURES])
        for done, name in enumerate(names):
            group, _dot, rest = name.partition(".")
            if rest:
                groups.setdefault(group, {})[rest] = self._made(group, rest)
            told(done, len(names))
        content = {
            "texts": self._texts(),
            "groups": groups,
            "rows": self._rows(rows),
            "charts": self.charts,
            "tables": self.tables,
            "sources": Tables(book).sources(),
            "words": {
                "chart": pgettext("briefing", "Chart"),
                "table": pgettext("briefing", "Table"),
                "nothing": _("nothing was recorded"),
            },
            "dated": datetime.combine(self.head.dated_on, time()).isoformat(),
            "title": marks.clean(f"{book.area.name} {book.period.label}"),
            "author": marks.clean(self.head.office),
        }
        return Composed(content, book.kept())

    def _texts(self) -> dict[str, Any]:
        period = self.book.period
        return {
            "area": marks.clean(self.book.area.name),
            "period": period.label,
            "period_from": words.spoken(period.from_on),
            "period_until": words.spoken(period.last_on),
            "period_before": period.before().label,
            "number": self.head.number,
            "office": marks.clean(self.head.office),
            "dated_on": words.spoken(self.head.dated_on),
            "code": marks.mark(marks.QR, self.head.page),
            "has_places": len(self.book.places) > 1,
            # The parts of a subdistrict are its communities already.
            "has_communities": any(not place.is_community for place in self.book.places),
        }

    def _made(self, group: str, name: str) -> str:
        if group in _OF_FIGURES:
            return _OF_FIGURES[group](self.book, name)
        if group == "chart":
            self.charts[name] = draw_chart(self.book, name)
            return marks.mark(marks.CHART, name)
        if group == "table":
            return self._table(name)
        return self._how_to_open() if name == "sources" else words.said(self.book, name)

    def _how_to_open(self) -> str:
        told = _(
            "Each number with a small number in brackets stands in the table below with its code. The code and the "
            "page of the figure open it down to its records: %(page)s"
        )
        return told % {"page": self.head.figures_page}

    def _table(self, name: str) -> str:
        if name != "sources":
            self.tables[name] = Tables(self.book).draw(name)
        return marks.mark(marks.TABLE, name)

    def _rows(self, wanted: Sequence[str]) -> dict[str, list[dict[str, str]]]:
        book = self.book
        columns: dict[str, list[str]] = {"places": [], "communities": [], "months": []}
        for name in wanted:
            loop, _dot, column = name.partition(".")
            if column not in LOOP_COLUMNS:
                columns[loop].append(column)
        found: dict[str, list[dict[str, str]]] = {}
        for loop, places in (("places", book.places), ("communities", book.communities)):
            across = book.across([book.name_of(one) for one in columns[loop]], places)
            found[loop] = [
                {
                    "name": marks.clean(place.name),
                    "number": str(number),
                    "above": marks.clean(book.above.get(id_of(place), "")),
                }
                | {
                    one: self._cell(one, across[book.name_of(one)].get(id_of(place), 0), number)
                    for one in columns[loop]
                }
                for number, place in enumerate(places, 1)
            ]
        months = book.months()
        along = book.along([book.name_of(one) for one in columns["months"]], months)
        found["months"] = [
            {"name": month.label, "number": str(number), "above": ""}
            | {one: self._cell(one, along[book.name_of(one)][number - 1], number) for one in columns["months"]}
            for number, month in enumerate(months, 1)
        ]
        return found

    def _cell(self, name: str, value: int, number: int) -> str:
        """Give a number of a row; the sign of the figure stands in the first row."""
        return self.book.sign(f"{value:,}", name) if number == 1 else f"{value:,}"


def _change(book: Book, name: str) -> str:
    book.value(name)
    book.before(name)
    return book.sign(words.change_words(book.compared(name)), name)


def _percent(book: Book, name: str) -> str:
    book.before(name)
    found: Compared = book.compared(name)
    return book.sign(words.percent(found), name) if found.before else "—"


def _per_thousand(book: Book, name: str) -> str:
    share = per_thousand(book.value(name), book.value(RESIDENTS))
    return "—" if share is None else book.sign(book.sign(f"{share:,.1f}", name), RESIDENTS)


_OF_FIGURES: dict[str, Callable[[Book, str], str]] = {
    "figure": lambda book, name: book.sign(f"{book.value(name):,}", name),
    "before": lambda book, name: book.sign(f"{book.before(name):,}", name),
    "year_before": lambda book, name: book.sign(f"{book.year_before(name):,}", name),
    "change": _change,
    "percent": _percent,
    "per_thousand": _per_thousand,
}
