"""Addresses of the kit: keeping preferences, and the gallery (which is there only where samples are shown)."""

from django.urls import path

from lianxin.faces.kit import gallery, views

app_name = "kit"
urlpatterns = [
    path("kit/show-as/", views.show_as, name="show_as"),
    path("kit/", gallery.index, name="gallery"),
    path("kit/staff/", gallery.staff, name="gallery_staff"),
    path("kit/district/", gallery.district, name="gallery_district"),
    path("kit/print/", gallery.sheet, name="gallery_print"),
    path("kit/progress/", gallery.progress, name="gallery_progress"),
    path("kit/problem/", gallery.problem, name="gallery_problem"),
]
