"""Addresses of the year together, which few pages lead to: loaded when first asked for."""

from __future__ import annotations

from django.urls import URLPattern, path

from lianxin.faces.kit.late import late_pages

(year,) = late_pages("lianxin.faces.resident.views", "year")

urlpatterns: list[URLPattern] = [
    path("communities/<uuid:community>/year/", year.lead, name="community_year"),
    path("year/", year.years, name="years"),
    path("year/<int:year>/", year.show, name="year"),
    path("year/<int:year>/print/", year.sheet, name="year_print"),
    path("year/<int:year>/<str:place>/", year.show, name="year_of"),
    path("year/<int:year>/<str:place>/print/", year.sheet, name="year_print_of"),
]
