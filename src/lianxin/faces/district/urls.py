"""Addresses of the district face: one list per module of pages."""

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, include, path

from lianxin.faces.district.listing import SHEET, WORKBOOK
from lianxin.faces.district.views import (
    activities,
    centres,
    communities,
    decisions,
    division_changes,
    divisions,
    liability,
    maps,
    members,
    needs,
    overview,
    points,
    programmes,
    resources,
    standard_items,
    standards,
    upgrades,
    use,
    voice,
    voice_promises,
    voice_records,
)

app_name = "district"


def list_paths(name: str, view: Callable[..., HttpResponse], *, under: str = "") -> list[URLPattern]:
    """Give the three addresses of a list: the page, the workbook and the sheet of paper."""
    return [
        path(f"{under}{name}/", view, name=name),
        path(f"{under}{name}/export/", view, {"shown": WORKBOOK}, name=f"{name}_export"),
        path(f"{under}{name}/print/", view, {"shown": SHEET}, name=f"{name}_print"),
    ]


urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("lianxin.faces.district.figures_urls")),
    path("", include("lianxin.faces.district.insight_urls")),
    path("", include("lianxin.faces.district.briefings_urls")),
    path("", include("lianxin.faces.district.self_check_urls")),
    path("", include("lianxin.faces.district.requests_urls")),
    path("help/", overview.help_needed, name="help"),
    path("standing/", overview.show, name="standing"),
    *list_paths("communities", communities.show),
    *list_paths("services", use.services),
    *list_paths("use", use.show),
    *list_paths("map", maps.show),
    path("map/outline.json", maps.outline, name="outline"),
    *list_paths("centres", centres.show),
    path("venues/<uuid:venue>/", centres.venue, name="venue"),
    *list_paths("upgrades", upgrades.show),
    path("upgrades/<uuid:upgrade>/", upgrades.upgrade, name="upgrade"),
    path("upgrades/<uuid:upgrade>/history/", upgrades.history, name="upgrade_history"),
    path("upgrades/<uuid:upgrade>/<slug:decision>/", decisions.decide, name="upgrade_decide"),
    *list_paths("programmes", programmes.show),
    path("programmes/new/", programmes.new, name="programme_new"),
    path("programmes/<uuid:programme>/", programmes.programme, name="programme"),
    path("programmes/<uuid:programme>/edit/", programmes.edit, name="programme_edit"),
    path("programmes/<uuid:programme>/end/", programmes.end, name="programme_end"),
    path("programmes/<uuid:programme>/comparison/", programmes.comparison, name="programme_comparison"),
    path("programmes/<uuid:programme>/batches/new/", members.new_batch, name="batch_new"),
    path("programmes/<uuid:programme>/batches/<uuid:batch>/add/", members.add, name="batch_add"),
    path("programmes/<uuid:programme>/members/<uuid:member>/leave/", members.leave, name="member_leave"),
    *list_paths("activities", activities.show),
    *list_paths("activity_categories", activities.categories, under="activities/"),
    *list_paths("resources", resources.show),
    *list_paths("resource_categories", resources.categories, under="resources/"),
    *list_paths("needs", needs.show),
    *list_paths("need_categories", needs.categories, under="needs/"),
    *list_paths("need_reasons", needs.reasons, under="needs/"),
    *list_paths("voice", voice.show),
    *list_paths("voice_tiers", voice.tiers, under="voice/"),
    *list_paths("voice_subjects", voice.subjects, under="voice/"),
    *list_paths("voice_promises", voice_promises.show, under="voice/"),
    *list_paths("voice_records", voice_records.show, under="voice/"),
    *list_paths("points", points.show),
    path("points/seals/", points.seals, name="seals"),
    *list_paths("liability", liability.show, under="points/"),
    path("points/liability/<uuid:community>/", liability.community, name="liability_community"),
    *list_paths("standards", standards.show),
    path("standards/new/", standards.new, name="standard_new"),
    path("standards/<uuid:standard>/", standards.standard, name="standard"),
    path("standards/<uuid:standard>/edit/", standards.edit, name="standard_edit"),
    path("standards/<uuid:standard>/preview/", standards.preview, name="standard_preview"),
    path("standards/<uuid:standard>/publish/", standards.publish, name="standard_publish"),
    path("standards/<uuid:standard>/end/", standards.end, name="standard_end"),
    path("standards/<uuid:standard>/discard/", standards.discard, name="standard_discard"),
    path("standards/<uuid:standard>/items/new/", standard_items.new, name="item_new"),
    path("standards/<uuid:standard>/items/<slug:code>/", standard_items.edit, name="item"),
    path("standards/<uuid:standard>/items/<slug:code>/remove/", standard_items.remove, name="item_remove"),
    path("divisions/", divisions.show, name="divisions"),
    path("divisions/<uuid:division>/", divisions.division, name="division"),
    path("divisions/<uuid:division>/aliases/new/", divisions.add_alias, name="alias_new"),
    path("divisions/<uuid:division>/aliases/<uuid:alias>/end/", divisions.end_alias, name="alias_end"),
    path("divisions/<uuid:division>/<slug:change>/", division_changes.change, name="division_change"),
]
