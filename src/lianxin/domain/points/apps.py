"""The points app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PointsConfig(AppConfig):
    """Rules, claims, passbooks, ledger, public notices and honour rolls."""

    name = "lianxin.domain.points"
    label = "points"
    verbose_name = _("points")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the module's contributions."""
        from lianxin.platform import contributions

        contributions.load("lianxin.domain.points")
