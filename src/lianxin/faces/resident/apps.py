"""The residents' pages: one column on a phone, with elder mode."""

from django.apps import AppConfig


class ResidentConfig(AppConfig):
    """The `resident` face."""

    name = "lianxin.faces.resident"
    label = "resident"
