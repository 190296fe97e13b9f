"""The needs app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NeedsConfig(AppConfig):
    """Surveys, visits, reports of needs and the needs list."""

    name = "lianxin.domain.needs"
    label = "needs"
    verbose_name = _("needs")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the module's contributions."""
        from lianxin.platform import contributions

        contributions.load("lianxin.domain.needs")
