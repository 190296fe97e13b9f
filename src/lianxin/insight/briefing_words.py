"""The sentences of a briefing, made from its figures: what there was, what changed, when and where; no praise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from lianxin.insight.areas import Area
from lianxin.insight.briefing_book import Book
from lianxin.insight.briefing_names import HEADLINE, main_flows
from lianxin.insight.catalogue import FLOW, topics
from lianxin.insight.figures import Compared
from lianxin.insight.periods import MONTH, Period
from lianxin.insight.word import marks

SMALL = 10
"""From so many on a change in percent says something."""
MOST_NAMED, MOST_CHANGES = 12, 3
SUMMARY = (
    "occurrences_held",
    "person_times",
    "volunteer_person_times",
    "cases_heard",
    "cases_confirmed",
    "needs_heard",
    "answers_given",
    "visits",
)


def amount(book: Book, name: str, value: int, *, unit: bool = True) -> str:
    """Give a number with the sign of its figure and its unit."""
    measure = book.known[name]
    # In Chinese a unit often ends the name already: 服务人次 68,012.
    words = str(measure.unit) if unit and not str(measure.label).endswith(str(measure.unit)) else ""
    return book.sign(f"{value:,}", name) + words


def change_words(found: Compared) -> str:
    """Say what a figure is more or less than in the period before."""
    if found.value == found.before:
        return _("unchanged")
    if not found.before:
        return _("none in the period before")
    share = f"{abs(100 * found.change / found.before):.1f}%"
    more = found.change > 0
    if found.before < SMALL:
        words = pgettext("briefing", "%(n)s more") if more else pgettext("briefing", "%(n)s fewer")
    elif more:
        words = pgettext("briefing", "%(n)s more (%(share)s)")
    else:
        words = pgettext("briefing", "%(n)s fewer (%(share)s)")
    return words % {"n": f"{abs(found.change):,}", "share": share}


def percent(found: Compared) -> str:
    """Give a change in percent with its sign."""
    if not found.before:
        return "—"
    return f"{100 * found.change / found.before:+.1f}%" if found.change else "0"


def spoken(on: date) -> str:
    """Give a day in words."""
    return str(date_format(on, "DATE_FORMAT"))


def month_words(period: Period) -> str:
    """Give a month in few letters, for the axis of a chart."""
    return _("%(month)d/%(year)d") % {"month": period.from_on.month, "year": period.from_on.year % 100}


def said(book: Book, name: str) -> str:
    """Give a paragraph by its name; signs of new paragraphs lie between several."""
    makers = {
        "summary": _summary,
        "changes": _changes,
        "season": _season,
        "festivals": _festivals,
        "places_apart": _places_apart,
    }
    return makers[name](book) if name in makers else _topic(book, name)


def _line(book: Book, name: str) -> str:
    """Say one figure, with what it is more or less when it is a flow."""
    measure, found = book.known[name], book.compared(name)
    value = amount(book, name, book.value(name))
    if measure.kind != FLOW or not (found.value or found.before) or not book.has_before():
        return _("%(label)s: %(value)s") % {"label": measure.label, "value": value}
    book.before(name)
    return _("%(label)s: %(value)s, %(change)s") % {
        "label": measure.label,
        "value": value,
        "change": change_words(found),
    }


def _summary(book: Book) -> str:
    names = [name for name in SUMMARY if name in book.known]
    book.load(names)
    told = [_line(book, name) for name in names if book.compared(name).value]
    if not told:
        return _("In %(period)s nothing was recorded for %(place)s.") % {
            "period": book.period.label,
            "place": marks.clean(book.area.name),
        }
    words = (
        _("%(place)s in %(period)s, compared with %(before)s. %(lines)s.")
        if book.has_before()
        else _("%(place)s in %(period)s; of %(before)s nothing is on record to compare with. %(lines)s.")
    )
    return words % {
        "place": marks.clean(book.area.name),
        "period": book.period.label,
        "before": book.period.before().label,
        "lines": _("; ").join(told),
    }


def _topic(book: Book, code: str) -> str:
    measures = next((topic.measures for topic in topics() if topic.code == code), ())
    book.load([one.name for one in measures])
    shown = {one.name for one in main_flows(code)}
    flows = [one.name for one in measures if one.name in shown]
    others = [one.name for one in measures if one.kind != FLOW]
    told = [_line(book, name) for name in flows if book.compared(name).value or book.compared(name).before]
    stands = [_line(book, name) for name in others if book.compared(name).value]
    found = []
    if told:
        found.append(_("In %(period)s: %(lines)s.") % {"period": book.period.label, "lines": _("; ").join(told)})
    if stands:
        words = _("On the last day, or counted once over the period: %(lines)s.")
        found.append(words % {"lines": _("; ").join(stands)})
    return marks.NEW_PARAGRAPH.join(found) or _("In %(period)s nothing was recorded.") % {"period": book.period.label}


def _changes(book: Book) -> str:
    flows = [one.name for topic in topics() for one in topic.measures if one.kind == FLOW and not one.of]
    book.load(flows)
    weighed = [
        (book.compared(name).change / book.compared(name).before, name)
        for name in flows
        if book.compared(name).before >= SMALL
    ]
    more = sorted((one for one in weighed if one[0] > 0), reverse=True)[:MOST_CHANGES]
    less = sorted(one for one in weighed if one[0] < 0)[:MOST_CHANGES]
    found = []
    for words, some in ((_("Most grew: %(lines)s."), more), (_("Most fell: %(lines)s."), less)):
        if some:
            found.append(words % {"lines": _("; ").join(_line(book, name) for _share, name in some)})
    return marks.NEW_PARAGRAPH.join(found) or _("Nothing that was counted at least ten times before can be compared.")


def _season(book: Book) -> str:
    months = [one for one in book.months() if one.from_on >= book.period.from_on]
    if book.period.kind == MONTH or len(months) < 3:
        months = book.months()
    names = [name for name in ("occurrences_held", "person_times") if name in book.known]
    found = []
    for name, values in book.along(names, months).items():
        if not any(values):
            continue
        most, least = max(values), min(values)
        words = _("%(label)s: most in %(most)s (%(most_n)s), least in %(least)s (%(least_n)s).")
        found.append(
            words
            % {
                "label": book.known[name].label,
                "most": months[values.index(most)].label,
                "most_n": amount(book, name, most),
                "least": months[values.index(least)].label,
                "least_n": amount(book, name, least),
            }
        )
    return " ".join(found) if get_language() == "en" else "".join(found)


def _festivals(book: Book) -> str:
    from lianxin.engines.lunar import festivals

    years = range(book.period.from_on.year, book.period.last_on.year + 1)
    inside = [one for year in years for one in festivals(year) if book.period.from_on <= one.on < book.period.until_on]
    if not inside:
        return _("No festival fell into these days.")
    in_chinese = (get_language() or "").startswith("zh")
    days = {one.on: str(date_format(one.on, "MONTH_DAY_FORMAT")) for one in inside}
    named = _(", ").join(f"{one.name_zh if in_chinese else one.name}（{days[one.on]}）" for one in inside)
    return _("Festivals in these days: %(festivals)s.") % {"festivals": named}


def _places_apart(book: Book) -> str:
    """Say where nothing was held or heard; places, never people."""
    places = book.communities or book.places
    if not places:
        return _("This place has no parts.")
    names = [name for name in ("occurrences_held", "cases_heard", "needs_heard") if name in book.known]
    found = []
    for name, by_place in book.across(names, places).items():
        without = [place for place in places if place.id is not None and not by_place.get(place.id)]
        label = book.sign(str(book.known[name].label), name)
        if not without:
            found.append(_("%(label)s: none of %(all)d places without.") % {"label": label, "all": len(places)})
            continue
        words = _("%(label)s: %(n)d of %(all)d places without: %(places)s.")
        values = {"label": label, "n": len(without), "all": len(places), "places": _listed(without)}
        found.append(words % values)
    return marks.NEW_PARAGRAPH.join(found)


def _listed(places: Sequence[Area]) -> str:
    named = _(", ").join(marks.clean(place.name) for place in places[:MOST_NAMED])
    if len(places) <= MOST_NAMED:
        return named
    return _("%(places)s and %(n)d more") % {"places": named, "n": len(places) - MOST_NAMED}


def headline(book: Book) -> list[str]:
    """Give the names of the main figures that this house counts."""
    return [name for name in HEADLINE if name in book.known]
