"""Addresses of the resident face: one line per page."""

from django.urls import URLPattern, URLResolver, path

from lianxin.faces.resident.views import (
    acting,
    communities,
    consents,
    home,
    me,
    my_data,
    phone,
    places,
    produce,
    search,
    services,
)

app_name = "resident"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("communities/", communities.choose, name="communities"),
    path("communities/<uuid:community>/", communities.show, name="community"),
    path("communities/<uuid:community>/produce/", produce.of_community, name="produce_of"),
    path("produce/<uuid:produce>/", produce.show, name="produce"),
    path("places/", places.browse, name="places"),
    path("places/map/", places.on_map, name="places_map"),
    path("places/<uuid:venue>/", places.show, name="place"),
    path("places/<uuid:venue>/share/", places.share, name="place_share"),
    path("places/<uuid:venue>/poster/", places.poster, name="place_poster"),
    path("services/", services.browse, name="services"),
    path("services/category/<slug:code>/", services.category, name="category"),
    path("services/<uuid:service>/", services.show, name="service"),
    path("search/", search.find, name="search"),
    path("me/", me.show, name="me"),
    path("me/household/", me.household, name="household"),
    path("me/card/", me.card, name="card"),
    path("me/consents/", consents.browse, name="consents"),
    path("me/consents/<slug:purpose>/", consents.decide, name="consent"),
    path("me/family/", acting.browse, name="family"),
    path("me/family/new/", acting.let, name="family_new"),
    path("me/family/<uuid:link>/end/", acting.end, name="family_end"),
    path("me/family/for/", acting.for_whom, name="act_for"),
    path("me/phone/", phone.number, name="phone"),
    path("me/phone/code/", phone.code, name="phone_code"),
    path("me/data/", my_data.show, name="my_data"),
    path("me/data/file/", my_data.download, name="my_data_file"),
    path("me/data/erase/", my_data.erase, name="erase"),
    path("me/close/", my_data.close_account, name="close_account"),
]
