"""Addresses of the district face at a city or a province: districts side by side, figures, divisions, files."""

from django.urls import URLPattern, URLResolver, include, path

from lianxin.faces.district import figures_urls
from lianxin.faces.district.views import upper, upper_divisions

app_name = "district"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", upper.show, name="overview"),
    *figures_urls.numbers,
    path("", include("lianxin.faces.district.shared_urls")),
    path("divisions/", upper_divisions.find, name="divisions"),
    path("divisions/<uuid:division>/", upper_divisions.division, name="division"),
    path("feeds/", upper_divisions.feeds, name="feeds"),
]
