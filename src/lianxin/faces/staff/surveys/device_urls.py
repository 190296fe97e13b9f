"""Addresses of the phones that fill forms with another program, and of the pictures of forms."""

from django.urls import path

from . import devices, pictures

urlpatterns = [
    path("needs/surveys/phones/", devices.browse, name="survey_devices"),
    path("needs/surveys/phones/new/", devices.new, name="survey_device_new"),
    path("needs/surveys/phones/<uuid:survey_device>/", devices.shown, name="survey_device_shown"),
    path("needs/surveys/phones/<uuid:survey_device>/end/", devices.end, name="survey_device_end"),
    path("needs/surveys/<uuid:survey>/pictures/", pictures.edit, name="survey_pictures"),
]
