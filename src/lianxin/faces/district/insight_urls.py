"""Addresses of the pages that read over all modules: today, pillars, pilots, reach, fairness, wall screens."""

from django.urls import URLPattern, path

from lianxin.faces.district.listing import SHEET, WORKBOOK
from lianxin.faces.kit.late import late_pages

fairness, pilots, pillars, reach, today, upgrade_progress, wall, walls = late_pages(
    "lianxin.faces.district.views",
    "fairness",
    "pilots",
    "pillars",
    "reach",
    "today",
    "upgrade_progress",
    "wall",
    "walls",
)

RECORDS, DUTIES = "today/<slug:what>/", "today/late/<slug:group>/"

urlpatterns: list[URLPattern] = [
    path("", today.show, name="overview"),
    path(RECORDS, today.records, name="today_records"),
    path(f"{RECORDS}export/", today.records, {"shown": WORKBOOK}, name="today_records_export"),
    path(f"{RECORDS}print/", today.records, {"shown": SHEET}, name="today_records_print"),
    path(DUTIES, today.duties, name="today_duties"),
    path(f"{DUTIES}export/", today.duties, {"shown": WORKBOOK}, name="today_duties_export"),
    path(f"{DUTIES}print/", today.duties, {"shown": SHEET}, name="today_duties_print"),
    path("pillars/", pillars.show, name="pillars"),
    path("pilots/", pilots.show, name="pilots"),
    path("upgrades/progress/", upgrade_progress.show, name="upgrade_progress"),
    path("reach/", reach.show, name="reach"),
    path("reach/export/", reach.show, {"shown": WORKBOOK}, name="reach_export"),
    path("reach/print/", reach.show, {"shown": SHEET}, name="reach_print"),
    path("fairness/", fairness.show, name="fairness"),
    path("fairness/export/", fairness.show, {"shown": WORKBOOK}, name="fairness_export"),
    path("fairness/print/", fairness.show, {"shown": SHEET}, name="fairness_print"),
    path("wall/", wall.show, name="wall"),
    path("wall/part/", wall.part, name="wall_part"),
    path("wall/at/<slug:token>/", wall.hung, name="wall_hung"),
    path("wall/at/<slug:token>/part/", wall.hung_part, name="wall_hung_part"),
    path("walls/", walls.show, name="walls"),
    path("walls/new/", walls.new, name="wall_new"),
    path("walls/<uuid:wall>/", walls.shown_once, name="wall_made"),
    path("walls/<uuid:wall>/end/", walls.end, name="wall_end"),
]
