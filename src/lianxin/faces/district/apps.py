"""The district department's pages: figures, map, where help is needed."""

from django.apps import AppConfig


class DistrictConfig(AppConfig):
    """The `district` face."""

    name = "lianxin.faces.district"
    label = "district"
