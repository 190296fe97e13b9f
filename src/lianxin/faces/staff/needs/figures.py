"""Figures of needs: how much of what was asked is met, with what it is measured by, and why the rest is not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.needs.models import Need
from lianxin.domain.needs.queries import measures, satisfaction
from lianxin.domain.needs.queries.satisfaction import Said
from lianxin.domain.projects.queries.reach import find_last_reach
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.faces.staff.choices import kind_name
from lianxin.platform import scope

from ..points.lists import Cell, Page, Row, answer_list, cells
from ..rooms.desk import day_from, optional_day
from .desk import NeedsDesk, PlaceFilter, desk_of, entry_url, page_of
from .gate import reading
from .words import NEED_TONES

YEAR = timedelta(days=365)
TEMPLATE = "staff/needs/figures.html"
COLUMNS = (
    Column(gettext_lazy("Category")),
    Column(pgettext_lazy("needs", "Asked"), numeric=True),
    Column(pgettext_lazy("needs", "Met"), numeric=True),
    Column(pgettext_lazy("needs", "Cannot be met"), numeric=True),
    Column(pgettext_lazy("needs", "Still open"), numeric=True),
    Column(gettext_lazy("Met of what was asked")),
    Column(gettext_lazy("Askers who say so")),
    Column(gettext_lazy("Voices"), numeric=True),
    Column(pgettext_lazy("needs", "People"), numeric=True),
    Column(gettext_lazy("Days until first served (median)")),
)
NEED_COLUMNS = (
    Column(gettext_lazy("Need")),
    Column(gettext_lazy("Category")),
    Column(gettext_lazy("Community")),
    Column(gettext_lazy("Voices"), numeric=True),
    Column(pgettext_lazy("askers", "Met"), numeric=True),
    Column(pgettext_lazy("askers", "Partly"), numeric=True),
    Column(pgettext_lazy("askers", "Not met"), numeric=True),
    Column(gettext_lazy("Askers who say so")),
    Column(gettext_lazy("Days until first served")),
    Column(gettext_lazy("State")),
)
REASON_COLUMNS = (
    Column(gettext_lazy("Reason")),
    Column(pgettext_lazy("needs", "Needs"), numeric=True),
    Column(pgettext_lazy("needs", "People"), numeric=True),
    Column(gettext_lazy("Share of the people")),
    Column(gettext_lazy("Categories most concerned")),
)


class FiguresFilter(PlaceFilter):
    """Which days, where, and of which category."""

    since = optional_day(gettext_lazy("From"))
    until = optional_day(pgettext_lazy("rooms", "To"))

    def __init__(self, *args: Any, by_category: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = {code: str(name) for code, name in self.kinds}
        if not by_category:
            del self.fields["category"]


@dataclass(frozen=True)
class Asked:
    """What the address asks for."""

    desk: NeedsDesk
    form: FiguresFilter
    span: dict[str, Any]


def _asked(request: HttpRequest, *, by_category: bool = False) -> Asked:
    desk = desk_of(request)
    first, last = day_from(request, "since", desk.on - YEAR), day_from(request, "until", desk.on)
    data = request.GET.copy()
    data.setdefault("since", first.isoformat())
    data.setdefault("until", last.isoformat())
    form = FiguresFilter(data, desk=desk, by_category=by_category)
    span = {"from_on": first, "until_on": last + timedelta(days=1), "communities": form.communities}
    return Asked(desk, form, span)


def _context(request: HttpRequest, asked: Asked, here: str, title: Any, lead: list[str]) -> dict[str, Any]:
    kept = request.GET.copy()
    for name in ("as", "after", "category"):
        kept.pop(name, None)
    query = f"?{kept.urlencode()}" if kept else ""
    ways = (
        ("needs_figures", pgettext("needs", "By category")),
        ("needs_figures_each", _("By need")),
        ("needs_figures_reasons", _("Why not met")),
    )
    return asked.desk.context("figures", title) | {
        "ways": [(f"{reverse(f'staff:{name}')}{query}", text, name == here) for name, text in ways],
        "form": asked.form,
        "lead": " ".join(lead),
        "empty_title": _("Nothing was asked in these days."),
        "empty_text": _("Choose other days or another community."),
    }


@reading
def show(request: HttpRequest) -> HttpResponse:
    """List the rates by category, with what all of them come to and what the last matching could reach."""
    asked = _asked(request)
    with scope.within(asked.desk.actor.communities):
        rates, whole = measures.rates_and_all(by="category", **asked.span)
        said = satisfaction.said_by_category(**asked.span)
        lead = _lead(whole, satisfaction.together(said), asked)
        context = _context(request, asked, "needs_figures", _("How much is met"), lead)

    def fetch(_after: str) -> Page:
        return [_row(one, said.get(one.key, Said()), asked.form.names, request) for one in rates], ""

    return answer_list(request, columns=COLUMNS, fetch=fetch, context=context, template=TEMPLATE, count=len(rates))


@reading
def each(request: HttpRequest) -> HttpResponse:
    """List entries with what their askers say, those of which most is said first."""
    asked = _asked(request, by_category=True)
    code = request.GET.get("category", "")
    with scope.within(asked.desk.actor.communities):
        found = satisfaction.list_by_need(
            actor=asked.desk.actor, category=code if code in asked.form.names else "", **asked.span
        )
        count = found.count()
        lead = [_("Of those who were asked and answered: how many say that their need was met.")]
        context = _context(request, asked, "needs_figures_each", _("What the askers say"), lead)

        def fetch(after: str) -> Page:
            rows, following = page_of(found, after)
            return [_need_row(one) for one in rows], following

        return answer_list(request, columns=NEED_COLUMNS, fetch=fetch, context=context, template=TEMPLATE, count=count)


@reading
def reasons(request: HttpRequest) -> HttpResponse:
    """List why needs cannot be met."""
    asked = _asked(request)
    with scope.within(asked.desk.actor.communities):
        found = satisfaction.unmet_reasons(**asked.span)
        whole = measures.rate_of_all(**asked.span)
        words = _("%(unmet)d of %(asked)d needs first said in these days cannot be met.")
        lead = [words % {"unmet": whole.unmet, "asked": whole.asked}] if whole.asked else []
        context = _context(request, asked, "needs_figures_reasons", _("Why needs are not met"), lead)
    context["empty_title"] = _("No need was found impossible in these days.")
    people = sum(one.people for one in found)
    rows = [
        Row(
            cells(
                Need.Reason(one.reason).label if one.reason in Need.Reason.values else one.reason,
                one.needs,
                one.people,
                _share(one.people / people if people else None),
                "、".join(asked.form.names.get(code, code) for code in one.categories),
            )
        )
        for one in found
    ]
    return answer_list(
        request,
        columns=REASON_COLUMNS,
        fetch=lambda _after: (rows, ""),
        context=context,
        template=TEMPLATE,
        count=len(rows),
    )


def _lead(whole: measures.Rate, said: Said, asked: Asked) -> list[str]:
    words = [
        _("%(met)d of %(asked)d needs first said in these days are met: %(share)s.")
        % {"met": whole.met, "asked": whole.asked, "share": percent(whole)},
    ]
    if said.spoke:
        told = _("Of %(spoke)d askers who answered, %(yes)d say that theirs was met: %(share)s.")
        words.append(told % {"spoke": said.spoke, "yes": said.yes, "share": _share(said.share)})
    if whole.days_to_served is not None:
        words.append(_("Half of those served waited at most %(days)d days.") % {"days": round(whole.days_to_served)})
    places = asked.form.communities or asked.desk.actor.communities
    if places and len(places) == 1:
        words += _reach_of(asked.desk, places)
    return words


def _reach_of(desk: NeedsDesk, places: Any) -> list[str]:
    """Say for one community what the last matching could reach, and what it planned."""
    found = find_last_reach(actor=desk.actor, communities=places)
    name = str(next(iter(places)))
    if found is None or name not in found.shares:
        return []
    words = _(
        "By the matching for %(from)s to %(until)s, offers within reach could serve %(reach)s of the people who ask "
        "here; the plan serves %(planned)s."
    )
    return [
        words
        % {
            "from": spoken(found.from_on),
            "until": spoken(found.until_on),
            "reach": _share(found.shares[name]),
            "planned": _share(found.planned.get(name)),
        }
    ]


def percent(rate: measures.Rate) -> str:
    """Say a rate in percent, nothing where nothing was asked."""
    return _share(rate.share)


def _share(share: float | None) -> str:
    return "—" if share is None else f"{100 * share:.0f}%"


def said_words(said: Said) -> str:
    """Say how many of the askers who answered say that it is met: the share with its denominator."""
    if not said.spoke:
        return "—"
    return f"{_share(said.share)} ({said.yes}/{said.spoke})"


def _row(one: measures.Rate, said: Said, names: dict[str, str], request: HttpRequest) -> Row:
    place = f"&community={request.GET['community']}" if request.GET.get("community") else ""
    opened = f"{reverse('staff:needs')}?state=all&category={one.key}{place}"
    days = "" if one.days_to_served is None else str(round(one.days_to_served))
    return Row(
        cells(
            Cell(names.get(one.key, one.label), url=opened),
            one.asked,
            one.met,
            one.unmet,
            one.open,
            percent(one),
            said_words(said),
            one.voices,
            one.people,
            days,
        )
    )


def _need_row(one: Any) -> Row:
    said = Said(one.yes, one.partly, one.no)
    state = Need.State(one.state)
    return Row(
        cells(
            Cell(f"{one.number} {one.title}", url=entry_url(one.pk)),
            kind_name(one.category),
            one.community.short_name,
            one.voices,
            said.yes,
            said.partly,
            said.no,
            said_words(said),
            _days(one.first_heard_on, one.first_served_on),
            Cell(state.label, tone=NEED_TONES[state]),
        )
    )


def _days(heard: date, served: date | None) -> str:
    return "" if served is None else str(max(0, (served - heard).days))
