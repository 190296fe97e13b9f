"""Page parts shared by the faces: shells, components, tags, problem pages."""

from django.apps import AppConfig


class KitConfig(AppConfig):
    """The `kit` app: no models, no rules."""

    name = "lianxin.faces.kit"
    label = "kit"
