"""Figures of needs: how many of what was asked are met, with their denominators, and why others are not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.needs.models import Need
from lianxin.domain.needs.queries import measures
from lianxin.domain.places.queries.services import list_categories
from lianxin.faces.kit.tables import Column
from lianxin.faces.staff.choices import kind_name
from lianxin.platform import scope

from ..points.lists import Cell, Page, Row, answer_list, cells
from ..rooms.desk import day_from, optional_day
from .desk import PlaceFilter, desk_of
from .gate import reading

YEAR = timedelta(days=365)
COLUMNS = (
    Column(gettext_lazy("Category")),
    Column(pgettext_lazy("needs", "Asked"), numeric=True),
    Column(pgettext_lazy("needs", "Met"), numeric=True),
    Column(pgettext_lazy("needs", "Cannot be met"), numeric=True),
    Column(pgettext_lazy("needs", "Still open"), numeric=True),
    Column(gettext_lazy("Met of what was asked")),
    Column(gettext_lazy("Voices"), numeric=True),
    Column(pgettext_lazy("needs", "People"), numeric=True),
    Column(gettext_lazy("Days until first served (median)")),
)


class FiguresFilter(PlaceFilter):
    """Which days, and where."""

    since = optional_day(gettext_lazy("From"))
    until = optional_day(pgettext_lazy("rooms", "To"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["category"]


@reading
def show(request: HttpRequest) -> HttpResponse:
    """List the rates by category, with what all of them come to."""
    desk = desk_of(request)
    first, last = day_from(request, "since", desk.on - YEAR), day_from(request, "until", desk.on)
    data = request.GET.copy()
    data.setdefault("since", first.isoformat())
    data.setdefault("until", last.isoformat())
    form = FiguresFilter(data, desk=desk)
    span: dict[str, Any] = {
        "from_on": first,
        "until_on": last + timedelta(days=1),
        "communities": form.communities,
    }
    with scope.within(desk.actor.communities):
        rates = measures.rates_by_category(**span)
        whole = measures.rate_of_all(**span)
        reasons = measures.unmet_by_reason(**span)
        names = {kind.code: kind_name(kind) for kind in list_categories()}
        context = desk.context("figures", _("How much is met"))
    said = [
        _("%(met)d of %(asked)d needs first said in these days are met: %(share)s.")
        % {"met": whole.met, "asked": whole.asked, "share": percent(whole)},
    ]
    if whole.days_to_served is not None:
        said.append(_("Half of those served waited at most %(days)d days.") % {"days": round(whole.days_to_served)})
    if reasons:
        why = [f"{Need.Reason(reason).label} {count}" for reason, count, _people in reasons]
        said.append(_("Why others cannot be met: %(reasons)s.") % {"reasons": "、".join(why)})
    context |= {
        "form": form,
        "lead": " ".join(said),
        "empty_title": _("Nothing was asked in these days."),
        "empty_text": _("Choose other days or another community."),
    }

    def fetch(_after: str) -> Page:
        return [_row(one, names, request) for one in rates], ""

    return answer_list(request, columns=COLUMNS, fetch=fetch, context=context, count=len(rates))


def percent(rate: measures.Rate) -> str:
    """Say a rate in percent, nothing where nothing was asked."""
    return "—" if rate.share is None else f"{100 * rate.share:.0f}%"


def _row(one: measures.Rate, names: dict[str, str], request: HttpRequest) -> Row:
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
            one.voices,
            one.people,
            days,
        )
    )
