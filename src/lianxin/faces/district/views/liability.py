"""What the points that are out are worth against goods and money, community by community."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.domain.shop.queries.liabilities import LiabilityRow, list_liabilities
from lianxin.domain.shop.queries.liability import Liability, liability_of
from lianxin.faces.district.forms.filters import SubdistrictFilter
from lianxin.faces.district.gate import shown_to_offices
from lianxin.faces.district.listing import PAGE, Listing, answer
from lianxin.faces.district.money import yuan
from lianxin.faces.district.places_in_scope import area_name, asked_subdistrict, communities_of, subdistricts_of
from lianxin.faces.kit.navigation import url_or_none
from lianxin.faces.kit.tables import Column
from lianxin.platform.clock import local_day, now
from lianxin.platform.errors import Missing


@dataclass(frozen=True)
class Line:
    """One community of the report, with its amounts in words."""

    row: LiabilityRow

    @property
    def cost(self) -> str:
        """Say what the points would cost."""
        return _words(self.row.cost_fen)

    @property
    def goods(self) -> str:
        """Say what the goods cost."""
        return _words(self.row.goods_fen)

    @property
    def owed(self) -> str:
        """Say what merchants are owed."""
        return _words(self.row.owed_fen)

    @property
    def uncovered(self) -> str:
        """Say what is not covered."""
        return _words(self.row.uncovered_fen)


def _words(fen: int | None) -> str:
    return "—" if fen is None else yuan(fen)


@shown_to_offices
def show(request: HttpRequest, shown: str = PAGE) -> HttpResponse:
    """List the communities with the points that are out and what stands against them."""
    at = now()
    actor = request.actor  # type: ignore[attr-defined]
    communities = communities_of(actor)
    choices = subdistricts_of(communities)
    subdistrict = asked_subdistrict(request, choices)
    inside = {one.pk for one in communities if subdistrict in (None, one.parent_id)}
    rows = [row for row in list_liabilities(actor=actor, on=local_day(at)) if row.community in inside]
    listing = Listing(
        name="liability",
        title=_("Points and what stands against them"),
        place=area_name(actor, communities),
        rows=[Line(row) for row in rows],
        default_sort="-row__points_out",
        row_template="district/row_liability.html",
        cells=_cells,
        columns=(
            Column(_("Community"), sort="row__community_name"),
            Column(_("Points out"), sort="row__points_out", numeric=True),
            Column(_("Kept aside"), sort="row__points_held", numeric=True),
            Column(_("Redeemed in 90 days"), sort="row__recent_points", numeric=True),
            Column(_("What the points would cost"), sort="row__cost_fen", numeric=True),
            Column(_("Pieces in stock"), sort="row__goods_pieces", numeric=True),
            Column(_("Goods at cost"), sort="row__goods_fen", numeric=True),
            Column(_("Owed to merchants"), sort="row__owed_fen", numeric=True),
            Column(_("Not covered"), sort="row__uncovered_fen", numeric=True),
            Column(_("Goods run out"), sort="row__goods_run_out_on"),
        ),
    )
    context = {
        "form": SubdistrictFilter(request, choices),
        "lead": _lead(rows),
        "empty_title": _("No community keeps passbooks yet."),
        "empty_text": _("The report begins with the first book that is switched on."),
    }
    return answer(request, listing, shown=shown, template="district/list.html", context=context, at=at)


def _lead(rows: list[LiabilityRow]) -> str:
    return _(
        "%(points)s points are out. At the average of the last 90 days they would cost %(cost)s; "
        "goods for %(goods)s are in stock, and %(owed)s are owed to merchants."
    ) % {
        "points": f"{sum(row.points_out for row in rows):,}",
        "cost": yuan(sum(row.cost_fen or 0 for row in rows)),
        "goods": yuan(sum(row.goods_fen for row in rows)),
        "owed": yuan(sum(row.owed_fen for row in rows)),
    }


def _cells(line: Line) -> tuple[Any, ...]:
    row = line.row
    return (
        row.community_name,
        row.points_out,
        row.points_held,
        row.recent_points,
        _money(row.cost_fen),
        row.goods_pieces,
        _money(row.goods_fen),
        _money(row.owed_fen),
        _money(row.uncovered_fen),
        row.goods_run_out_on,
    )


def _money(fen: int | None) -> float | None:
    """Give yuan as a number that a workbook can add up."""
    return None if fen is None else fen / 100


@shown_to_offices
def community(request: HttpRequest, community: UUID) -> HttpResponse:
    """Show one community: its points, its money, and how long each thing in its shop lasts."""
    actor = request.actor  # type: ignore[attr-defined]
    names = {one.pk: one.short_name for one in communities_of(actor)}
    if community not in names:
        raise Missing
    told = liability_of(actor=actor, community=community, on=local_day(now()))
    title = _("Points of %(community)s and what stands against them") % {"community": names[community]}
    return render(
        request,
        "district/liability.html",
        {
            "title": title,
            "told": told,
            "facts": _facts(told),
            "shop_url": url_or_none("staff:shop_overview", community=community),
            "book_url": url_or_none("staff:points_book", community=community),
            "crumbs": [
                (_("Overview"), reverse("district:overview")),
                (_("Points and what stands against them"), reverse("district:liability")),
                (names[community], ""),
            ],
        },
    )


def _facts(told: Liability) -> list[tuple[Any, Any]]:
    unknown = _("not known: nothing was redeemed in 90 days")
    return [
        (_("Points out"), f"{told.points_out:,}"),
        (_("Kept aside"), f"{told.points_held:,}"),
        (_("Redeemed in 90 days"), f"{told.recent_points:,}"),
        (_("That cost"), yuan(told.recent_fen)),
        (_("What the points would cost"), unknown if told.cost_fen is None else yuan(told.cost_fen)),
        (_("Goods at cost"), yuan(told.goods_fen)),
        (_("Owed to merchants"), yuan(told.owed_fen)),
        (_("Agreed sheets in 90 days"), yuan(told.settled_fen)),
        (_("Not covered"), unknown if told.uncovered_fen is None else yuan(told.uncovered_fen)),
    ]
