"""Addresses of the figures: the catalogue, one figure, and the records behind it."""

from django.urls import path

from lianxin.faces.district.listing import SHEET, WORKBOOK
from lianxin.faces.kit.late import late_pages

figures, figure_page, figure_records = late_pages(
    "lianxin.faces.district.views", "figures", "figure_page", "figure_records"
)
ONE = "figures/<slug:figure>/"

# A city or a province has these too: its records lie at the districts.
numbers = [
    path("figures/", figures.show, name="figures"),
    path(ONE, figure_page.show, name="figure"),
]
urlpatterns = [
    *numbers,
    path(ONE + "records/", figure_records.show, name="figure_records"),
    path(ONE + "records/export/", figure_records.show, {"shown": WORKBOOK}, name="figure_records_export"),
    path(ONE + "records/print/", figure_records.show, {"shown": SHEET}, name="figure_records_print"),
]
