"""The charts of a briefing: which numbers go along what, in what kind of chart, and what it shows in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from lianxin.domain.places.queries.services import list_categories
from lianxin.insight import briefing_words as words
from lianxin.insight.briefing_book import Book, id_of
from lianxin.insight.briefing_names import BY_CATEGORY, BY_DAY, BY_MONTH, ChartName, read_chart
from lianxin.insight.word import marks
from lianxin.insight.word.charts import BAR, COLUMN, LINE, STACKED
from lianxin.platform.contributions import Measure

MOST_CATEGORIES = 15


def draw_chart(book: Book, name: str) -> dict[str, Any]:
    """Give a chart by its name, with the words below it and those for who does not see it."""
    read = read_chart(name)
    assert read is not None, "a template's names were looked at when it was uploaded"
    measures = [book.known[one] for one in read.names]
    caption, categories, series = _drawn(book, read, measures)
    for one in read.names:
        caption = book.sign(caption, one)
    title = marks.plain(caption)
    kind = STACKED if read.is_stacked else COLUMN
    if read.by not in (BY_MONTH, BY_DAY):
        kind = BAR
    elif not read.is_stacked and (len(series) > 1 or len(categories) > MOST_CATEGORIES):
        kind = LINE
    alt = _alt(title, categories, series)
    chart = {"kind": kind, "title": title, "alt": alt, "categories": categories, "series": series}
    return {"chart": chart, "caption": caption}


def _drawn(
    book: Book, read: ChartName, measures: Sequence[Measure]
) -> tuple[str, list[str], list[tuple[str, list[int]]]]:
    label = _(" and ").join(str(one.label) for one in measures)
    if read.by == BY_CATEGORY:
        caption = _("%(label)s by category") % {"label": label}
        found = _largest(book.by_category(read.names[0]))
        return caption, [one for one, _n in found], [(str(measures[0].label), [n for _one, n in found])]
    if read.by in (BY_MONTH, BY_DAY):
        periods = book.months() if read.by == BY_MONTH else book.days()
        by_month = periods[0].days > 1
        caption = (_("%(label)s by month") if by_month else _("%(label)s by day")) % {"label": label}
        along = book.along(read.names, periods)
        axis = [words.month_words(one) if by_month else str(one.from_on.day) for one in periods]
        return caption, axis, [(str(one.label), along[one.name]) for one in measures]
    caption = _("%(label)s by place") % {"label": label}
    across = book.across(read.names, book.places)
    places = [one for one in book.places if one.id is not None]
    series = [(str(one.label), [across[one.name].get(id_of(place), 0) for place in places]) for one in measures]
    return caption, [marks.clean(place.name) for place in places], series


def _largest(by_code: dict[str, int]) -> list[tuple[str, int]]:
    named = {row.code: str(row.name) for row in list_categories()}
    ordered = sorted(by_code.items(), key=lambda pair: (-pair[1], pair[0]))
    shown = [
        (marks.clean(named.get(code, code) or _("without a category")), n) for code, n in ordered[:MOST_CATEGORIES]
    ]
    rest = sum(n for _code, n in ordered[MOST_CATEGORIES:])
    return [*shown, (_("others"), rest)] if rest else shown


def _alt(title: str, categories: Sequence[str], series: Sequence[tuple[str, Sequence[int]]]) -> str:
    """Say in words what a chart shows, for those who do not see it."""
    found = [title]
    for name, values in series:
        if values:
            most, least = max(values), min(values)
            told = _("%(name)s: most %(most)s (%(where)s), least %(least)s (%(there)s).")
            found.append(
                told
                % {
                    "name": name,
                    "most": f"{most:,}",
                    "where": categories[list(values).index(most)],
                    "least": f"{least:,}",
                    "there": categories[list(values).index(least)],
                }
            )
    return " ".join(found)
