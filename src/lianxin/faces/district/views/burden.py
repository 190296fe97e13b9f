"""The burden: how much each office above asks of the communities, month by month; nobody's answers are compared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from lianxin.domain.reporting.models.requests import OfficeLevel
from lianxin.domain.reporting.queries import burden as queries
from lianxin.domain.reporting.queries.burden import Burden, OfficeBurden
from lianxin.faces.district.figure_links import figure_url, span_words
from lianxin.faces.district.forms.activities import ActivitiesFilter
from lianxin.faces.district.gate import shown_to_offices
from lianxin.faces.district.listing import PAGE, Listing, answer
from lianxin.faces.district.places_in_scope import area_name, communities_of
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.charts import STACKED, Chart, Point, Series
from lianxin.faces.kit.navigation import url_or_none
from lianxin.faces.kit.tables import Column
from lianxin.platform import scope
from lianxin.platform.clock import local_day, now

LEVELS = dict(OfficeLevel.choices)
COUNTS = ("requests", "noted", "asked", "again", "given", "out_of_hours", "short_notice", "open", "at_once")


@dataclass(frozen=True)
class Row:
    """One office with what it asked in the days shown."""

    name: str
    level: str
    whole: Burden

    @property
    def level_words(self) -> Any:
        """Say where the office stands."""
        return LEVELS[self.level]

    @property
    def url(self) -> str:
        """Give the requests that the numbers are made of."""
        if not self.whole.requests:
            return self.noted_url
        return f"{reverse('district:requests')}?{urlencode({'office': self.name})}"

    @property
    def numbers(self) -> list[tuple[int, str]]:
        """Give what is counted, each with the page of what it is made of."""
        return [(getattr(self.whole, name), self.noted_url if name == "noted" else self.url) for name in COUNTS]

    @property
    def noted_url(self) -> str:
        """Give the notes of communities."""
        page = url_or_none("staff:demands") or reverse("district:requests")
        return f"{page}?{urlencode({'office': self.name})}"


@shown_to_offices
def show(request: HttpRequest, shown: str = PAGE) -> HttpResponse:
    """List the offices with what they asked of the communities, the heaviest first."""
    actor, at = actor_of(request), now()
    communities = communities_of(actor)
    form = ActivitiesFilter(request, [], today=local_day(at))
    del form.fields["subdistrict"]
    from_on, until_on = form.days()
    with scope.within(actor.communities):
        offices = queries.by_office(from_on=from_on, until_on=until_on)
    rows = [Row(one.name, one.level, one.whole) for one in offices]
    whole = queries.together(one.whole for one in offices)
    listing = Listing(
        name="burden",
        title=_("Burden on the communities"),
        place=area_name(actor, communities),
        rows=rows,
        default_sort="-whole__asked",
        row_template="district/row_burden.html",
        cells=lambda row: (row.name, row.level_words, *(getattr(row.whole, name) for name in COUNTS)),
        columns=(
            Column(_("Office that asks"), sort="name"),
            Column(pgettext("office", "Level"), sort="level"),
            Column(pgettext("burden", "Requests"), sort="whole__requests", numeric=True),
            Column(_("Noted by communities"), sort="whole__noted", numeric=True),
            Column(_("Entries by hand"), sort="whole__asked", numeric=True),
            Column(pgettext("request", "Asked again"), sort="whole__again", numeric=True),
            Column(_("Delivered at once"), sort="whole__given", numeric=True),
            Column(_("Out of hours"), sort="whole__out_of_hours", numeric=True),
            Column(_("Short notice"), sort="whole__short_notice", numeric=True),
            Column(_("Still to be done"), sort="whole__open", numeric=True),
            Column(_("Answered whole at once"), sort="whole__at_once", numeric=True),
        ),
    )
    context = {
        "form": form,
        "lead": lead_of(whole),
        "totals": _totals(whole, span_words(from_on, until_on)),
        "chart": chart_of(offices) if offices else None,
        "empty_title": _("Nobody asked anything in these days."),
        "empty_text": _("Requests through the gate and what communities note are counted here."),
    }
    return answer(request, listing, shown=shown, template="district/burden.html", context=context, at=at)


def lead_of(whole: Burden) -> str:
    """Say in a sentence what was asked and what did not have to be."""
    words = ngettext(
        "%(n)d entry was demanded by hand, %(given)d were delivered without asking anybody.",
        "%(n)d entries were demanded by hand, %(given)d were delivered without asking anybody.",
        whole.asked,
    )
    return words % {"n": whole.asked, "given": whole.given}


def _totals(whole: Burden, period: str) -> list[tuple[Any, int, str]]:
    """Give the figures of these days, each with the page that opens it."""
    return [
        (_("Entries by hand"), whole.asked, figure_url("fields_asked", period=period)),
        (pgettext("request", "Asked again"), whole.again, figure_url("fields_asked_again", period=period)),
        (_("Delivered at once"), whole.given, figure_url("fields_answered_by_figures", period=period)),
    ]


def chart_of(offices: list[OfficeBurden]) -> Chart:
    """Draw the entries demanded month by month, one colour for each level of office."""
    months = sorted({month for one in offices for month in one.months})
    levels = [level for level in LEVELS if any(one.level == level for one in offices)]
    return Chart(
        STACKED,
        _("Entries demanded by hand, by month"),
        _("Month"),
        [Point(f"{month:%Y-%m}", figure_url("fields_asked", period=f"{month:%Y-%m}")) for month in months],
        [Series(LEVELS[level], [_asked(offices, level, month) for month in months]) for level in levels],
        unit=_("entries"),
    )


def _asked(offices: list[OfficeBurden], level: str, month: date) -> int:
    return sum(one.months[month].asked for one in offices if one.level == level and month in one.months)
