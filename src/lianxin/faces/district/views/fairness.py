"""How evenly something is spread over communities, or a city's districts, and where many ask and few are served."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from lianxin.faces.district.area_chosen import Chosen, choose_area
from lianxin.faces.district.figure_links import figure_url
from lianxin.faces.district.forms.periods import PeriodFilter
from lianxin.faces.district.gate import shown_to_offices
from lianxin.faces.district.listing import PAGE, Listing, answer
from lianxin.faces.district.upper_links import at_district
from lianxin.faces.kit.charts import LINE, SCATTER, Chart, Point, Series
from lianxin.faces.kit.tables import Column
from lianxin.insight import fairness, figures
from lianxin.insight.areas import Area
from lianxin.insight.periods import Period
from lianxin.insight.residents import residents_for
from lianxin.platform import contributions, facts
from lianxin.platform.clock import local_day, now

# What may be compared, in the order of the choice; the first one is what a page shows unasked.
FLOWS = (
    "person_times",
    "occurrences_held",
    "volunteer_person_times",
    "needs_heard",
    "answers_given",
    "cases_heard",
    "cases_confirmed",
    "visits",
    "points_awarded",
    "goods_redeemed",
)
ASKED, SERVED = "needs_heard", "person_times"
QUARTERS = {
    "asks_more_gets_less": (pgettext_lazy("community", "asks more, gets less"), "stop"),
    "asks_more_gets_more": (pgettext_lazy("community", "asks more, gets more"), "info"),
    "asks_less_gets_less": (pgettext_lazy("community", "asks less, gets less"), "due"),
    "asks_less_gets_more": (pgettext_lazy("community", "asks less, gets more"), "done"),
}


class FairnessFilter(PeriodFilter):
    """By place, period, and what is compared."""

    figure = forms.ChoiceField(label=pgettext_lazy("figure", "What"), required=False)

    def __init__(self, request: HttpRequest, chosen: Chosen, **more: Any) -> None:
        super().__init__(request, chosen, **more)
        self.fields["figure"].choices = [  # type: ignore[attr-defined]
            ("" if name == FLOWS[0] else name, contributions.measure(name).label) for name in FLOWS
        ]


@dataclass(frozen=True, slots=True)
class Place:
    """A community or a district that is set beside the others, with its page and where its number opens."""

    pk: UUID
    name: str
    # None where all lie in the same.
    above: str | None
    page: str
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """One place with its residents, what it has, and how much that is per 1,000 of them."""

    name: str
    above: str | None
    page: str
    residents: int
    quantity: int
    rate: float | None
    heard: float | None
    served: float | None
    quarter: str
    url: str

    @property
    def by_rate(self) -> float:
        """Give what to sort by: a community without residents on record comes last."""
        return -1.0 if self.rate is None else self.rate

    @property
    def by_heard(self) -> float:
        """Give what to sort by: what is asked for."""
        return -1.0 if self.heard is None else self.heard

    @property
    def by_served(self) -> float:
        """Give what to sort by: what is got."""
        return -1.0 if self.served is None else self.served

    @property
    def label(self) -> Any:
        """Say where it stands between asking and getting."""
        return QUARTERS[self.quarter][0] if self.quarter else ""

    @property
    def tone(self) -> str:
        """Give the tone of that."""
        return QUARTERS[self.quarter][1] if self.quarter else "quiet"


@shown_to_offices
def show(request: HttpRequest, shown: str = PAGE) -> HttpResponse:
    """Show how evenly a figure of a period is spread, with every place's rate."""
    at = now()
    today = local_day(at)
    chosen = choose_area(request, on=today)
    form = FairnessFilter(request, chosen, today=today)
    period = form.period()
    name = form.asked("figure") or FLOWS[0]
    measure = contributions.measure(name)
    wanted = _places(chosen, period, name)
    found = _quantities({name, ASKED, SERVED}, period, chosen, wanted)
    areas = frozenset(one.pk for one in wanted) if chosen.is_upper else None
    residents = residents_for(period, today=today, areas=areas)

    def share(which: str, one: Place) -> fairness.Share:
        return fairness.Share(one.pk, residents.of(one.pk), found[which].get(one.pk, 0))

    spread = fairness.spread(share(name, one) for one in wanted)
    pairs = {one.pk: (share(ASKED, one).rate, share(SERVED, one).rate) for one in wanted}
    middle = fairness.middle_of(pairs.values())
    rows = []
    for one in wanted:
        own = share(name, one)
        rows.append(
            Row(
                name=one.name,
                above=one.above,
                page=one.page,
                residents=own.residents,
                quantity=own.quantity,
                rate=own.rate,
                heard=pairs[one.pk][0],
                served=pairs[one.pk][1],
                quarter=fairness.quarter_of(*pairs[one.pk], middle=middle) if found[ASKED] else "",
                url=one.url,
            )
        )
    of_districts = chosen.compares_districts
    above = pgettext("level", "City") if of_districts else _("Subdistrict")
    one_above = bool(wanted) and all(one.above is None for one in wanted)
    listing = Listing(
        name="fairness",
        title=_("Fairness between districts") if of_districts else _("Fairness between communities"),
        place=chosen.name,
        rows=sorted(rows, key=lambda row: (row.rate is None, row.rate or 0, row.name)),
        default_sort="",
        row_template="district/row_fairness.html",
        cells=lambda row: (
            *((row.name,) if row.above is None else (row.name, row.above)),
            *(row.residents, row.quantity, _rounded(row.rate)),
            *(_rounded(row.heard), _rounded(row.served), row.label),
        ),
        columns=(
            Column(pgettext("level", "District") if of_districts else _("Community"), sort="name"),
            *([] if one_above else [Column(above, sort="above")]),
            Column(_("Residents"), sort="residents", numeric=True),
            Column(str(measure.label), sort="quantity", numeric=True),
            Column(_("Per 1,000 residents"), sort="by_rate", numeric=True),
            Column(_("Voices per 1,000"), sort="by_heard", numeric=True),
            Column(_("Person-times per 1,000"), sort="by_served", numeric=True),
            Column(_("Asks and gets"), sort="quarter"),
        ),
    )
    context = {
        "form": form,
        "period": period,
        "measure": measure,
        "residents_on": residents.on if residents.on != min(period.last_on, today) else None,
        "spread": spread,
        "curve": _curve(spread, of_districts=of_districts) if spread.curve else None,
        "fifth": spread.communities // fairness.PARTS,
        "is_asked": bool(found[ASKED]),
        "quarters": [
            (label, tone, sorted((row for row in rows if row.quarter == code), key=lambda row: -row.by_heard))
            for code, (label, tone) in QUARTERS.items()
        ],
        "middle": middle,
        "points": _points(rows, of_districts=of_districts) if found[ASKED] and found[SERVED] else None,
        "url": figure_url(name, period=period.text, place=chosen.place),
        "of_districts": of_districts,
        "is_upper": chosen.is_upper,
        "place": chosen.name if chosen.place and chosen.is_upper else "",
        "lacking": chosen.lacking(period=period, today=today),
    }
    return answer(request, listing, shown=shown, template="district/fairness.html", context=context, at=at)


def _places(chosen: Chosen, period: Period, name: str) -> list[Place]:
    """Give what is compared: a district's communities, a city's districts, or the communities of one of these."""
    if not chosen.is_upper:
        return [
            Place(
                pk=one.pk,
                name=one.short_name,
                above=one.parent.short_name if one.parent else "",
                page=reverse("district:division", args=[one.pk]),
                url=figure_url(name, period=period.text, place=one.pk),
            )
            for one in chosen.communities
            if chosen.place in (None, one.parent_id)
        ]
    found = []
    here = reverse("district:fairness")
    parts = chosen.parts()
    is_one = chosen.compares_districts and len({part.above for part in parts}) == 1
    for part in parts:
        area, pk = part.area, part.area.id
        assert pk is not None, "parts are divisions"
        if area.is_community:
            page = reverse("district:division", args=[pk])
            url = at_district(part.feed, figure=name, period=period, code=area.code)
        else:
            asked = {"place": str(pk), "period": period.text} | ({"figure": name} if name != FLOWS[0] else {})
            page, url = f"{here}?{urlencode(asked)}", figure_url(name, period=period.text, place=pk)
        found.append(Place(pk, area.name, None if is_one else part.above, page, url))
    return found


def _quantities(
    names: set[str], period: Period, chosen: Chosen, wanted: Sequence[Place]
) -> Mapping[str, Mapping[Any, int]]:
    """Give the flows of a period by place; one query."""
    if not chosen.is_upper:
        return facts.figures_by("community", names, from_on=period.from_on, until_on=period.until_on)
    areas = [Area("", one.pk, "", "", frozenset({one.pk})) for one in wanted]
    found = figures.by_area(names, period=period, areas=areas)
    return {name: {pk: total for pk, total in sums.items() if total} for name, sums in found.items()}


def _rounded(rate: float | None) -> float | None:
    return None if rate is None else round(rate, 1)


def _curve(spread: fairness.Spread, *, of_districts: bool) -> Chart:
    tenths = fairness.tenths(spread.curve)
    return Chart(
        kind=LINE,
        title=_("Who has how much"),
        heading=_("Residents, from the districts with the least on")
        if of_districts
        else _("Residents, from the communities with the least on"),
        points=[Point(f"{people}%") for people, _part in tenths],
        series=[
            Series(_("have so much of all"), [100 * part for _people, part in tenths]),
            Series(_("would have, if all had the same"), [float(people) for people, _part in tenths]),
        ],
        unit="%",
        note=_("The further the first line hangs below the second, the less even it is."),
    )


def _points(rows: Sequence[Row], *, of_districts: bool) -> Chart:
    known = [row for row in rows if row.heard is not None and row.served is not None]
    return Chart(
        kind=SCATTER,
        title=_("Voices and person-times per 1,000 residents"),
        heading=pgettext("level", "District") if of_districts else _("Community"),
        points=[Point(f"{row.above} {row.name}" if row.above else row.name) for row in known],
        series=[
            Series(_("Voices per 1,000"), [row.heard for row in known]),
            Series(_("Person-times per 1,000"), [row.served for row in known]),
        ],
        decimals=1,
    )
