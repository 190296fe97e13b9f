"""The office console of communities and subdistricts."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """The `staff` face."""

    name = "lianxin.faces.staff"
    label = "staff"
