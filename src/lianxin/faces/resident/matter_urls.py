"""Addresses of what a community talks over together."""

from django.urls import path

from lianxin.faces.resident.views import matters

urlpatterns = [
    path("communities/<uuid:community>/matters/", matters.browse, name="matters"),
    path("communities/<uuid:community>/matters/<uuid:matter>/", matters.show, name="matter"),
]
