"""The entrance as a Django app."""

from django.apps import AppConfig


class EntranceConfig(AppConfig):
    """Login, invitation and account pages."""

    name = "lianxin.faces.entrance"
    label = "entrance"
