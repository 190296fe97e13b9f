"""Addresses of the district face at a city or a province: districts side by side, one figure, divisions, files."""

from django.urls import URLPattern, URLResolver, path

from lianxin.faces.district.views import upper, upper_divisions, upper_figure

app_name = "district"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", upper.show, name="overview"),
    path("figures/", upper_figure.catalogue, name="figures"),
    path("figures/<slug:figure>/", upper_figure.show, name="figure"),
    path("divisions/", upper_divisions.find, name="divisions"),
    path("divisions/<uuid:division>/", upper_divisions.division, name="division"),
    path("feeds/", upper_divisions.feeds, name="feeds"),
]
