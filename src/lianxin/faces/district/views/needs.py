"""Needs in figures: how much of what was asked is met, by community and category, and why the rest is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.domain.needs.models import Need
from lianxin.domain.needs.queries import measures, satisfaction
from lianxin.domain.needs.queries.measures import Rate
from lianxin.domain.needs.queries.satisfaction import Said
from lianxin.domain.places.models import Division
from lianxin.domain.places.queries.services import list_categories
from lianxin.domain.projects.queries.reach import Reach, find_last_reach, gini_of
from lianxin.faces.district.forms.activities import ActivitiesFilter
from lianxin.faces.district.gate import shown_to_offices
from lianxin.faces.district.listing import PAGE, Listing, answer
from lianxin.faces.district.places_in_scope import area_name, asked_subdistrict, communities_of, subdistricts_of
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now

NOTHING = Rate(key="", label="", met=0, unmet=0, open=0, voices=0, people=0)
TEMPLATE = "district/needs.html"


@dataclass(frozen=True)
class Row:
    """One community or category with what was asked and how much of that is met."""

    name: str
    subdistrict: str
    asked: int
    met: int
    unmet: int
    open: int
    percent: int | None
    said_percent: int | None
    spoke: int
    reach: int | None
    voices: int
    days: int | None
    url: str


@dataclass(frozen=True)
class ReasonRow:
    """One reason for which needs cannot be met."""

    name: str
    needs: int
    people: int
    percent: int
    categories: str


@dataclass(frozen=True)
class Asked:
    """Who asks for which communities and days."""

    actor: Actor
    communities: list[Division]
    wanted: list[Division]
    form: ActivitiesFilter
    span: dict[str, Any]

    @property
    def place(self) -> str:
        """Give what the part of the district is called."""
        return area_name(self.actor, self.communities)

    def context(self, here: str, lead: list[str], empty: str) -> dict[str, Any]:
        """Give what all three pages are drawn with."""
        ways = (
            ("district:needs", _("By community")),
            ("district:need_categories", pgettext("needs", "By category")),
            ("district:need_reasons", _("Why not met")),
            ("staff:needs_figures_each", _("By need")),
            ("staff:needs", pgettext("needs", "The whole list")),
        )
        return {
            "ways": [(reverse(name), text, name == f"district:{here}") for name, text in ways],
            "form": self.form,
            "lead": " ".join(lead),
            "empty_title": empty,
            "empty_text": _("Choose another subdistrict."),
        }


def _asked(request: HttpRequest, at: Any) -> Asked:
    actor = request.actor  # type: ignore[attr-defined]
    communities = communities_of(actor)
    choices = subdistricts_of(communities)
    subdistrict = asked_subdistrict(request, choices)
    form = ActivitiesFilter(request, choices, today=local_day(at))
    from_on, until_on = form.days()
    wanted = [one for one in communities if subdistrict in (None, one.parent_id)]
    only = [one.pk for one in wanted] if subdistrict else None
    return Asked(actor, communities, wanted, form, {"from_on": from_on, "until_on": until_on, "communities": only})


@shown_to_offices
def show(request: HttpRequest, shown: str = PAGE) -> HttpResponse:
    """List communities with the rate of needs met among those first heard in a stretch of time."""
    at = now()
    asked = _asked(request, at)
    with scope.within(asked.actor.communities):
        found, whole = measures.rates_and_all(by="community", **asked.span)
        said = satisfaction.said_by_community(**asked.span)
        reach = find_last_reach(actor=asked.actor, communities=[one.pk for one in asked.wanted])
    rates = {one.key: one for one in found}
    lists = reverse("staff:needs")
    rows = [
        _row(
            rates.get(str(one.pk), NOTHING),
            said.get(str(one.pk), Said()),
            name=one.short_name,
            subdistrict=one.parent.short_name if one.parent else "",
            reach=reach.shares.get(str(one.pk)) if reach else None,
            url=f"{lists}?community={one.pk}&state=all",
        )
        for one in asked.wanted
    ]
    listing = Listing(
        name="needs",
        title=_("Needs of the communities"),
        place=asked.place,
        rows=rows,
        default_sort="-asked",
        row_template="district/row_needs.html",
        cells=lambda row: (
            *(row.name, row.subdistrict, row.asked, row.met, row.unmet, row.open),
            *(row.percent, row.said_percent, row.spoke, row.reach, row.days),
        ),
        columns=(
            Column(_("Community"), sort="name"),
            Column(_("Subdistrict"), sort="subdistrict"),
            *_counted(),
            Column(_("Within reach of offers (%)"), sort="reach", numeric=True),
            Column(_("Days until first served (median)"), sort="days", numeric=True),
        ),
    )
    lead = [*_lead(whole, satisfaction.together(said)), *_spread(found, reach)]
    context = asked.context("needs", lead, _("No community here."))
    return answer(request, listing, shown=shown, template=TEMPLATE, context=context, at=at)


@shown_to_offices
def categories(request: HttpRequest, shown: str = PAGE) -> HttpResponse:
    """List categories with the rate of needs met among those first heard in a stretch of time."""
    at = now()
    asked = _asked(request, at)
    with scope.within(asked.actor.communities):
        found, whole = measures.rates_and_all(by="category", **asked.span)
        said = satisfaction.said_by_category(**asked.span)
    rates = {one.key: one for one in found}
    lists = reverse("staff:needs")
    rows = [
        _row(
            rates.get(one.code, NOTHING),
            said.get(one.code, Said()),
            name=f"{one.code} {one.name}",
            url=f"{lists}?category={one.code}&state=all",
        )
        for one in list_categories()
    ]
    listing = Listing(
        name="need_categories",
        title=_("Needs by category"),
        place=asked.place,
        rows=rows,
        default_sort="-asked",
        row_template="district/row_need_category.html",
        cells=lambda row: (
            *(row.name, row.asked, row.met, row.unmet, row.open),
            *(row.percent, row.said_percent, row.spoke, row.voices, row.days),
        ),
        columns=(
            Column(_("Category"), sort="name"),
            *_counted(),
            Column(pgettext("needs", "Voices"), sort="voices", numeric=True),
            Column(_("Days until first served (median)"), sort="days", numeric=True),
        ),
    )
    context = asked.context("need_categories", _lead(whole, satisfaction.together(said)), _("No category is entered."))
    return answer(request, listing, shown=shown, template=TEMPLATE, context=context, at=at)


@shown_to_offices
def reasons(request: HttpRequest, shown: str = PAGE) -> HttpResponse:
    """List why needs first heard in a stretch of time cannot be met."""
    at = now()
    asked = _asked(request, at)
    with scope.within(asked.actor.communities):
        found = satisfaction.unmet_reasons(**asked.span)
    names = {one.code: one.name for one in list_categories()}
    people = sum(one.people for one in found)
    rows = [
        ReasonRow(
            name=str(Need.Reason(one.reason).label) if one.reason in Need.Reason.values else one.reason,
            needs=one.needs,
            people=one.people,
            percent=round(100 * one.people / people) if people else 0,
            categories="、".join(names.get(code, code) for code in one.categories),
        )
        for one in found
    ]
    listing = Listing(
        name="need_reasons",
        title=_("Why needs are not met"),
        place=asked.place,
        rows=rows,
        default_sort="-people",
        row_template="district/row_need_reason.html",
        cells=lambda row: (row.name, row.needs, row.people, row.percent, row.categories),
        columns=(
            Column(_("Reason"), sort="name"),
            Column(pgettext("needs", "Needs"), sort="needs", numeric=True),
            Column(pgettext("needs", "People"), sort="people", numeric=True),
            Column(_("Share of the people (%)"), sort="percent", numeric=True),
            Column(_("Categories most concerned")),
        ),
    )
    context = asked.context("need_reasons", [], _("No need was found impossible in these days."))
    return answer(request, listing, shown=shown, template=TEMPLATE, context=context, at=at)


def _counted() -> tuple[Column, ...]:
    return (
        Column(pgettext("needs", "Asked"), sort="asked", numeric=True),
        Column(pgettext("needs", "Met"), sort="met", numeric=True),
        Column(pgettext("needs", "Cannot be met"), sort="unmet", numeric=True),
        Column(pgettext("needs", "Still open"), sort="open", numeric=True),
        Column(_("Met of what was asked (%)"), sort="percent", numeric=True),
        Column(_("Askers who say so (%)"), sort="said_percent", numeric=True),
        Column(_("Askers who answered"), sort="spoke", numeric=True),
    )


def _row(found: Rate, said: Said, *, name: str, url: str, subdistrict: str = "", reach: float | None = None) -> Row:
    return Row(
        name=name,
        subdistrict=subdistrict,
        asked=found.asked,
        met=found.met,
        unmet=found.unmet,
        open=found.open,
        percent=_percent(found.share),
        said_percent=_percent(said.share),
        spoke=said.spoke,
        reach=_percent(reach),
        voices=found.voices,
        days=None if found.days_to_served is None else round(found.days_to_served),
        url=url,
    )


def _percent(share: float | None) -> int | None:
    return None if share is None else round(100 * share)


def _lead(whole: Rate, said: Said) -> list[str]:
    if whole.share is None:
        return [_("Nothing was asked in these days.")]
    words = _("%(met)d of %(asked)d needs first said in these days are met: %(share)s.")
    lines = [words % {"met": whole.met, "asked": whole.asked, "share": f"{100 * whole.share:.0f}%"}]
    if said.share is not None:
        told = _("Of %(spoke)d askers who answered, %(yes)d say that theirs was met: %(share)s.")
        lines.append(told % {"spoke": said.spoke, "yes": said.yes, "share": f"{100 * said.share:.0f}%"})
    if whole.days_to_served is not None:
        waited = _("Half of those served waited at most %(days)d days.")
        lines.append(waited % {"days": round(whole.days_to_served)})
    return lines


def _spread(rates: list[Rate], reach: Reach | None) -> list[str]:
    """Say how unevenly the communities fare, beside how unevenly offers lie within their reach."""
    shares = [one.share for one in rates if one.share is not None]
    if len(shares) < 2:
        return []
    lines = [_("Gini coefficient of the communities' rates: %(gini).2f.") % {"gini": gini_of(shares)}]
    if reach is not None and len(reach.shares) > 1:
        words = _(
            "Of what offers could reach, by the matching for %(from)s to %(until)s: %(gini).2f (0 is even, 1 is one "
            "community alone)."
        )
        days = {"from": spoken(reach.from_on), "until": spoken(reach.until_on)}
        lines.append(words % {**days, "gini": reach.gini})
    return lines
