"""Addresses of the programs that bring cases."""

from django.urls import path

from lianxin.faces.kit.late import late_pages

(programs,) = late_pages(
    __package__,
    "programs",
)

urlpatterns = [
    path("settings/programs/", programs.browse, name="programs"),
    path("settings/programs/new/", programs.new, name="program_new"),
    path("settings/programs/<uuid:program>/", programs.shown, name="program_shown"),
    path("settings/programs/<uuid:program>/end/", programs.end, name="program_end"),
]
