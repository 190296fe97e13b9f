"""Addresses of the kit; the gallery is mounted by the root URLs only where samples are shown."""

from django.urls import path

from lianxin.faces.kit import gallery, views

app_name = "kit"
urlpatterns = [path("show-as/", views.show_as, name="show_as")]
gallery_urlpatterns = [
    path("", gallery.index, name="gallery"),
    path("staff/", gallery.staff, name="gallery_staff"),
    path("district/", gallery.district, name="gallery_district"),
    path("print/", gallery.sheet, name="gallery_print"),
    path("progress/", gallery.progress, name="gallery_progress"),
    path("problem/", gallery.problem, name="gallery_problem"),
]
