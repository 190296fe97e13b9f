"""Resources lists in figures: what is offered in each community and category, and where something is missing."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.domain.places.queries.services import list_categories
from lianxin.domain.resources.queries.figures import by_category, by_community
from lianxin.faces.district.forms.filters import SubdistrictFilter
from lianxin.faces.district.gate import shown_to_offices
from lianxin.faces.district.listing import PAGE, Listing, answer
from lianxin.faces.district.places_in_scope import area_name, asked_subdistrict, communities_of, subdistricts_of
from lianxin.faces.kit.tables import Column
from lianxin.platform.clock import local_day, now

FEW_MISSING = 3


@dataclass(frozen=True)
class CommunityRow:
    """One community with what its list holds."""

    name: str
    subdistrict: str
    live: int
    to_assure: int
    partners: int
    kept: int
    broken: int
    served: int
    missing: str
    url: str


@dataclass(frozen=True)
class CategoryRow:
    """One category with what serves it."""

    name: str
    offers: int
    own_trade: int
    seats: int
    communities: int
    without: int
    url: str


@shown_to_offices
def show(request: HttpRequest, shown: str = PAGE) -> HttpResponse:
    """List communities with what is offered there, and the categories that nothing of their own serves."""
    at = now()
    actor = request.actor  # type: ignore[attr-defined]
    communities = communities_of(actor)
    choices = subdistricts_of(communities)
    subdistrict = asked_subdistrict(request, choices)
    form = SubdistrictFilter(request, choices)
    wanted = [one for one in communities if subdistrict in (None, one.parent_id)]
    figures = by_community(actor=actor, communities=[one.pk for one in wanted], on=local_day(at))
    categories = list(list_categories())
    lists = reverse("staff:offers")
    rows = []
    for one in wanted:
        found = figures[one.pk]
        missing = [category.name for category in categories if category.code not in found.categories]
        rows.append(
            CommunityRow(
                name=one.short_name,
                subdistrict=one.parent.short_name if one.parent else "",
                live=found.live,
                to_assure=found.to_assure,
                partners=found.partners,
                kept=found.kept,
                broken=found.broken,
                served=len(found.categories),
                missing=_few(missing),
                url=f"{lists}?community={one.pk}",
            )
        )
    listing = Listing(
        name="resources",
        title=_("Resources of the communities"),
        place=area_name(actor, communities),
        rows=rows,
        default_sort="served",
        row_template="district/row_resources.html",
        cells=lambda row: (
            *(row.name, row.subdistrict, row.live, row.to_assure, row.partners, row.kept, row.broken),
            *(row.served, row.missing),
        ),
        columns=(
            Column(_("Community"), sort="name"),
            Column(_("Subdistrict"), sort="subdistrict"),
            Column(pgettext("offer", "Offers"), sort="live", numeric=True),
            Column(_("To be assured"), sort="to_assure", numeric=True),
            Column(_("Partners"), sort="partners", numeric=True),
            Column(_("Promises kept"), sort="kept", numeric=True),
            Column(_("Promises not kept"), sort="broken", numeric=True),
            Column(_("Categories served"), sort="served", numeric=True),
            Column(_("Nothing of its own for")),
        ),
    )
    context = {
        "form": form,
        "lead": _("%(offers)d offers; %(stale)d wait for somebody to ask the giver.")
        % {"offers": sum(row.live for row in rows), "stale": sum(row.to_assure for row in rows)},
        "empty_title": _("No community here."),
        "empty_text": _("Choose another subdistrict."),
    }
    return answer(request, listing, shown=shown, template="district/resources.html", context=context, at=at)


def _few(names: list[str]) -> str:
    if len(names) <= FEW_MISSING:
        return "、".join(names) or "—"
    return _("%(names)s and %(n)d more") % {
        "names": "、".join(names[:FEW_MISSING]),
        "n": len(names) - FEW_MISSING,
    }


@shown_to_offices
def categories(request: HttpRequest, shown: str = PAGE) -> HttpResponse:
    """List the categories with the offers that serve them, and in how many communities there is none."""
    at = now()
    actor = request.actor  # type: ignore[attr-defined]
    communities = communities_of(actor)
    choices = subdistricts_of(communities)
    subdistrict = asked_subdistrict(request, choices)
    form = SubdistrictFilter(request, choices)
    wanted = [one.pk for one in communities if subdistrict in (None, one.parent_id)]
    figures = by_category(actor=actor, communities=wanted, on=local_day(at))
    lists = reverse("staff:offers")
    rows = []
    for one in list_categories():
        found = figures.get(one.code)
        there = found.communities if found else 0
        rows.append(
            CategoryRow(
                name=f"{one.code} {one.name}",
                offers=found.offers if found else 0,
                own_trade=found.own_trade if found else 0,
                seats=found.seats if found else 0,
                communities=there,
                without=len(wanted) - there,
                url=f"{lists}?category={one.code}",
            )
        )
    listing = Listing(
        name="resource_categories",
        title=_("Resources by category"),
        place=area_name(actor, communities),
        rows=rows,
        default_sort="-without",
        row_template="district/row_resource_category.html",
        cells=lambda row: (row.name, row.offers, row.own_trade, row.seats, row.communities, row.without),
        columns=(
            Column(_("Category"), sort="name"),
            Column(_("Offers in the plan"), sort="offers", numeric=True),
            Column(_("Its own trade"), sort="own_trade", numeric=True),
            Column(_("People at one time"), sort="seats", numeric=True),
            Column(_("Communities with one"), sort="communities", numeric=True),
            Column(_("Communities without"), sort="without", numeric=True),
        ),
    )
    context = {"form": form, "lead": "", "empty_title": _("No category is entered.")}
    return answer(request, listing, shown=shown, template="district/resources.html", context=context, at=at)
