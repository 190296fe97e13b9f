"""Needs of the communities in figures: how much of what was asked is met, with what it is measured by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.domain.needs.queries import measures
from lianxin.domain.needs.queries.measures import Rate
from lianxin.faces.district.forms.activities import ActivitiesFilter
from lianxin.faces.district.gate import shown_to_offices
from lianxin.faces.district.listing import PAGE, Listing, answer
from lianxin.faces.district.places_in_scope import area_name, asked_subdistrict, communities_of, subdistricts_of
from lianxin.faces.kit.tables import Column
from lianxin.platform import scope
from lianxin.platform.clock import local_day, now


@dataclass(frozen=True)
class Row:
    """One community with what it asked for and how much of that is met."""

    name: str
    subdistrict: str
    asked: int
    met: int
    unmet: int
    open: int
    percent: int | None
    voices: int
    days: int | None
    url: str


@shown_to_offices
def show(request: HttpRequest, shown: str = PAGE) -> HttpResponse:
    """List communities with the rate of needs met among those first heard in a stretch of time."""
    at = now()
    actor = request.actor  # type: ignore[attr-defined]
    communities = communities_of(actor)
    choices = subdistricts_of(communities)
    subdistrict = asked_subdistrict(request, choices)
    form = ActivitiesFilter(request, choices, today=local_day(at))
    from_on, until_on = form.days()
    wanted = [one for one in communities if subdistrict in (None, one.parent_id)]
    with scope.within(actor.communities):
        span: dict[str, Any] = {
            "from_on": from_on,
            "until_on": until_on,
            "communities": [one.pk for one in wanted] if subdistrict else None,
        }
        rates = {one.key: one for one in measures.rates_by_community(**span)}
        whole = measures.rate_of_all(**span)
    rows = [
        _row(rates.get(str(one.pk)), one.short_name, one.parent.short_name if one.parent else "", one.pk)
        for one in wanted
    ]
    listing = Listing(
        name="needs",
        title=_("Needs of the communities"),
        place=area_name(actor, communities),
        rows=rows,
        default_sort="-asked",
        row_template="district/row_needs.html",
        cells=lambda row: (
            *(row.name, row.subdistrict, row.asked, row.met, row.unmet, row.open),
            *(row.percent, row.voices, row.days),
        ),
        columns=(
            Column(_("Community"), sort="name"),
            Column(_("Subdistrict"), sort="subdistrict"),
            Column(pgettext("needs", "Asked"), sort="asked", numeric=True),
            Column(pgettext("needs", "Met"), sort="met", numeric=True),
            Column(pgettext("needs", "Cannot be met"), sort="unmet", numeric=True),
            Column(pgettext("needs", "Still open"), sort="open", numeric=True),
            Column(_("Met of what was asked (%)"), sort="percent", numeric=True),
            Column(pgettext("needs", "Voices"), sort="voices", numeric=True),
            Column(_("Days until first served (median)"), sort="days", numeric=True),
        ),
    )
    context = {
        "form": form,
        "lead": _lead(whole),
        "empty_title": _("No community here."),
        "empty_text": _("Choose another subdistrict."),
    }
    return answer(request, listing, shown=shown, template="district/needs.html", context=context, at=at)


def _row(rate: Rate | None, name: str, subdistrict: str, pk: object) -> Row:
    found = rate or Rate(key="", label="", met=0, unmet=0, open=0, voices=0, people=0)
    return Row(
        name=name,
        subdistrict=subdistrict,
        asked=found.asked,
        met=found.met,
        unmet=found.unmet,
        open=found.open,
        percent=None if found.share is None else round(100 * found.share),
        voices=found.voices,
        days=None if found.days_to_served is None else round(found.days_to_served),
        url=f"{reverse('staff:needs')}?community={pk}&state=all",
    )


def _lead(whole: Rate) -> str:
    if whole.share is None:
        return _("Nothing was asked in these days.")
    words = _("%(met)d of %(asked)d needs first said in these days are met: %(share)s.")
    return words % {"met": whole.met, "asked": whole.asked, "share": f"{100 * whole.share:.0f}%"}
