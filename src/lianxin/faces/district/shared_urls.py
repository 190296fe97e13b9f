"""Addresses of the pages that a district shares with a city or province: pillars, pilots, fairness, wall screens."""

from django.urls import URLPattern, path

from lianxin.faces.district.listing import SHEET, WORKBOOK
from lianxin.faces.kit.late import late_pages

fairness, pilots, pillars, wall, walls = late_pages(
    "lianxin.faces.district.views", "fairness", "pilots", "pillars", "wall", "walls"
)

urlpatterns: list[URLPattern] = [
    path("pillars/", pillars.show, name="pillars"),
    path("pilots/", pilots.show, name="pilots"),
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
