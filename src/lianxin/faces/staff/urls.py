"""Addresses of the staff face: one include per module of pages."""

from django.urls import URLPattern, URLResolver

app_name = "staff"

urlpatterns: list[URLPattern | URLResolver] = []
