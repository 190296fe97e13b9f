"""Addresses of Today."""

from django.urls import path

from . import day

urlpatterns = [
    path("", day.show, name="today"),
    path("today/waiting/", day.waiting, name="waiting"),
    path("today/colleagues/", day.colleagues, name="colleagues"),
    path("today/doors/<uuid:venue>/", day.door, name="today_door"),
]
