"""Addresses of the pages that read over all modules: today, reach, upgrades, and those that a city has too."""

from django.urls import URLPattern, URLResolver, include, path

from lianxin.faces.district.listing import SHEET, WORKBOOK
from lianxin.faces.kit.late import late_pages

reach, today, upgrade_progress = late_pages("lianxin.faces.district.views", "reach", "today", "upgrade_progress")

RECORDS, DUTIES = "today/<slug:what>/", "today/late/<slug:group>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", today.show, name="overview"),
    path(RECORDS, today.records, name="today_records"),
    path(f"{RECORDS}export/", today.records, {"shown": WORKBOOK}, name="today_records_export"),
    path(f"{RECORDS}print/", today.records, {"shown": SHEET}, name="today_records_print"),
    path(DUTIES, today.duties, name="today_duties"),
    path(f"{DUTIES}export/", today.duties, {"shown": WORKBOOK}, name="today_duties_export"),
    path(f"{DUTIES}print/", today.duties, {"shown": SHEET}, name="today_duties_print"),
    path("upgrades/progress/", upgrade_progress.show, name="upgrade_progress"),
    path("reach/", reach.show, name="reach"),
    path("reach/export/", reach.show, {"shown": WORKBOOK}, name="reach_export"),
    path("reach/print/", reach.show, {"shown": SHEET}, name="reach_print"),
    path("", include("lianxin.faces.district.shared_urls")),
]
