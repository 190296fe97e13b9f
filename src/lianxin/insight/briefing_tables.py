"""The tables of a briefing: figures beside those before, by place, month or category, and where they come from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.domain.places.queries.services import list_categories
from lianxin.insight import briefing_words as words
from lianxin.insight.areas import Area
from lianxin.insight.briefing_book import Book, id_of
from lianxin.insight.briefing_names import main_flows
from lianxin.insight.catalogue import topics
from lianxin.insight.word import marks
from lianxin.platform.contributions import Measure


class Tables:
    """Draws the tables of one book."""

    def __init__(self, book: Book) -> None:
        self.book = book

    def draw(self, name: str) -> dict[str, Any]:
        """Give a table by its name."""
        way, _line, code = name.partition("_")
        labels = {topic.code: str(topic.label) for topic in topics()} | {"headline": _("Main figures")}
        if name == "categories":
            return self._categories()
        if way in ("places", "communities") and code in labels:
            places = self.book.places if way == "places" else self.book.communities
            title = _("%(topic)s by place") if way == "places" else _("%(topic)s by community")
            return self._across(title % {"topic": labels[code]}, main_flows(code), places)
        if way == "months" and code in labels:
            return self._along(_("%(topic)s by month") % {"topic": labels[code]}, main_flows(code))
        measures = self._of_topic(name)
        title = _("%(topic)s in %(period)s") % {"topic": labels[name], "period": self.book.period.label}
        return self._beside(title, measures)

    def _of_topic(self, name: str) -> list[str]:
        if name == "headline":
            return words.headline(self.book)
        return [one.name for topic in topics() if topic.code == name for one in topic.measures]

    def _beside(self, title: str, names: Sequence[str]) -> dict[str, Any]:
        book = self.book
        book.load(names)
        rows = []
        for name in names:
            found, measure = book.compared(name), book.known[name]
            if found.value or found.before:
                label, value = book.sign(marks.clean(str(measure.label)), name), f"{book.value(name):,}"
                # What is known only as it stands now was not known before.
                beside = ["—", "—"] if measure.is_now else [f"{book.before(name):,}", words.percent(found)]
                rows.append([label, str(measure.unit), value, *beside])
        headings = [
            pgettext("briefing", "Figure"),
            _("Unit"),
            book.period.label,
            book.period.before().label,
            pgettext("briefing", "Change"),
        ]
        return {"title": title, "headings": headings, "rows": rows, "weights": [7, 3, 4, 4, 3], "left": 2}

    def _heads(self, measures: Sequence[Measure]) -> list[str]:
        return [self.book.sign(f"{one.label}", one.name) for one in measures]

    def _across(self, title: str, measures: Sequence[Measure], places: Sequence[Area]) -> dict[str, Any]:
        names = [one.name for one in measures]
        across = self.book.across(names, places)
        has_above = any(self.book.above.get(id_of(place)) for place in places)
        rows = []
        for place in places:
            above = [self.book.above.get(id_of(place), "")] if has_above else []
            rows.append(
                [
                    marks.clean(place.name),
                    *map(marks.clean, above),
                    *(f"{across[name].get(id_of(place), 0):,}" for name in names),
                ]
            )
        left = 2 if has_above else 1
        headings = [pgettext("briefing", "Place"), *([_("Subdistrict")] if has_above else []), *self._heads(measures)]
        if rows:
            sums = [f"{sum(across[name].get(id_of(place), 0) for place in places):,}" for name in names]
            rows.append([_("Together"), *([""] if has_above else []), *sums])
        nothing = not any(found for by_place in across.values() for found in by_place.values())
        return {"title": title, "headings": headings, "rows": [] if nothing else rows, "left": left}

    def _along(self, title: str, measures: Sequence[Measure]) -> dict[str, Any]:
        names, months = [one.name for one in measures], self.book.months()
        along = self.book.along(names, months)
        rows = [
            [month.label, *(f"{along[name][number]:,}" for name in names)]
            for number, month in enumerate(months)
            if names
        ]
        nothing = not any(any(values) for values in along.values())
        headings = [_("Month"), *self._heads(measures)]
        return {"title": title, "headings": headings, "rows": [] if nothing else rows, "left": 1}

    def _categories(self) -> dict[str, Any]:
        measures = [self.book.known[one] for one in ("occurrences_held", "person_times") if one in self.book.known]
        found = {one.name: self.book.by_category(one.name) for one in measures}
        named = {row.code: str(row.name) for row in list_categories()}
        codes = sorted({code for by_code in found.values() for code in by_code}, key=lambda code: (code == "", code))
        rows = [
            [
                marks.clean(f"{code} {named.get(code, '')}".strip() or _("without a category")),
                *(f"{found[one.name].get(code, 0):,}" for one in measures),
            ]
            for code in codes
        ]
        title = _("Activities by category in %(period)s") % {"period": self.book.period.label}
        return {"title": title, "headings": [_("Category"), *self._heads(measures)], "rows": rows, "weights": [6, 3, 3]}

    def sources(self) -> dict[str, Any]:
        """Give what the last table says of each figure in the document."""
        book, rows = self.book, {}
        book.load(book.noted)
        for name in list(book.noted):
            measure, found = book.known[name], book.compared(name)
            unit = str(measure.unit)
            rows[name] = [
                marks.clean(str(measure.label)),
                name,
                marks.clean(str(measure.meaning or measure.label)),
                f"{found.value:,} {unit}",
                "—" if measure.is_now else f"{found.before:,} {unit}",
            ]
        headings = [
            pgettext("briefing", "No."),
            pgettext("briefing", "Figure"),
            pgettext("briefing", "Code"),
            _("What it counts"),
            book.period.label,
            book.period.before().label,
        ]
        return {
            "title": _("Where the numbers come from: %(place)s") % {"place": marks.clean(book.area.name)},
            "headings": headings,
            "rows": rows,
            "weights": [3, 7, 9, 16, 6, 6],
        }
