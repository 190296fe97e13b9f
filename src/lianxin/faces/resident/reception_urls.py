"""Addresses of reception days for residents."""

from django.urls import path

from lianxin.faces.resident.views import receptions

urlpatterns = [
    path("communities/<uuid:community>/receptions/", receptions.browse, name="receptions"),
    path("communities/<uuid:community>/receptions.ics", receptions.feed, name="receptions_feed"),
    path("receptions/<uuid:reception>/", receptions.show, name="reception"),
    path("me/receptions/", receptions.own, name="my_receptions"),
    path("me/receptions/<uuid:received>/back/", receptions.give_up, name="reception_give_up"),
    path("d/<str:number>/<str:token>/", receptions.slip, name="reception_slip"),
    path("d/<str:number>/<str:token>/back/", receptions.slip_give_up, name="reception_slip_back"),
]
