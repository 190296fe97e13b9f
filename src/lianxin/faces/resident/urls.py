"""Addresses of the resident face: one include per module of pages."""

from django.urls import URLPattern, URLResolver

app_name = "resident"

urlpatterns: list[URLPattern | URLResolver] = []
