"""Addresses of the staff face: one include per module of pages."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "staff"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("lianxin.faces.staff.voice.matter_urls")),
    path("places/", include("lianxin.faces.staff.places.urls")),
    path("", include("lianxin.faces.staff.voice.program_urls")),
    path("", include("lianxin.faces.staff.voice.rule_urls")),
    path("", include("lianxin.faces.staff.voice.case_urls")),
    path("", include("lianxin.faces.staff.voice.vote_urls")),
    path("", include("lianxin.faces.staff.voice.reception_urls")),
    path("", include("lianxin.faces.staff.voice.mediation_urls")),
    path("", include("lianxin.faces.staff.registers.urls")),
    path("", include("lianxin.faces.staff.rooms.urls")),
    path("", include("lianxin.faces.staff.shop.urls")),
    path("", include("lianxin.faces.staff.needs.urls")),
    path("", include("lianxin.faces.staff.surveys.device_urls")),
    path("", include("lianxin.faces.staff.surveys.urls")),
    path("", include("lianxin.faces.staff.visits.urls")),
    path("", include("lianxin.faces.staff.visits.phone_urls")),
    path("", include("lianxin.faces.staff.requests.urls")),
    path("", include("lianxin.faces.staff.today.urls")),
    path("", include("lianxin.faces.staff.search.urls")),
    path("", include("lianxin.faces.staff.imports.urls")),
    path("", include("lianxin.faces.staff.settings.urls")),
    path("", include("lianxin.faces.staff.people.urls")),
    path("", include("lianxin.faces.staff.points.urls")),
    path("activities/", include("lianxin.faces.staff.activities.sign_up_urls")),
    path("", include("lianxin.faces.staff.volunteers.urls")),
    path("", include("lianxin.faces.staff.resources.urls")),
    path("", include("lianxin.faces.staff.projects.urls")),
    path("activities/", include("lianxin.faces.staff.activities.door_urls")),
    path("", include("lianxin.faces.staff.activities.urls")),
]
