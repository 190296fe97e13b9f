"""Addresses of the self-check of the binding rules and of its filing material."""

from __future__ import annotations

from django.urls import URLPattern, path

from lianxin.faces.kit.late import late_pages

(self_check,) = late_pages("lianxin.faces.district.views", "self_check")

urlpatterns: list[URLPattern] = [
    path("self-check/", self_check.show, name="self_check"),
    path("self-check/filing/", self_check.filing, name="self_check_filing"),
    path("self-check/filing/file/", self_check.filing_file, name="self_check_filing_file"),
]
