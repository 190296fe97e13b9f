"""Addresses of the imports."""

from django.urls import path

from . import listing, new, run

urlpatterns = [
    path("imports/", listing.show, name="imports"),
    path("imports/export/", listing.export, name="imports_export"),
    path("imports/print/", listing.print_list, name="imports_print"),
    path("imports/new/", new.new, name="import_new"),
    path("imports/template/<str:kind>/", new.template, name="import_template"),
    path("imports/<uuid:run>/", run.show, name="import"),
    path("imports/<uuid:run>/progress/", run.progress, name="import_progress"),
    path("imports/<uuid:run>/marked/", run.marked, name="import_marked"),
    path("imports/<uuid:run>/apply/", run.apply, name="import_apply"),
    path("imports/<uuid:run>/undo/", run.undo, name="import_undo"),
]
