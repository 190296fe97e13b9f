"""Django app of the places module."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlacesConfig(AppConfig):
    """Divisions, venues, rooms, standing services, standards, upgrades and programmes."""

    name = "lianxin.domain.places"
    label = "places"
    verbose_name = _("Places")

    def ready(self) -> None:
        """Register the module's contributions."""
        from lianxin.platform import contributions

        contributions.load("lianxin.domain.places")
