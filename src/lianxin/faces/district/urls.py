"""Addresses of the district face: one include per module of pages."""

from django.urls import URLPattern, URLResolver

app_name = "district"

urlpatterns: list[URLPattern | URLResolver] = []
