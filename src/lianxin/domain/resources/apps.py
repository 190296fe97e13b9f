"""The resources app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResourcesConfig(AppConfig):
    """Partners, their offers, agreements and promises."""

    name = "lianxin.domain.resources"
    label = "resources"
    verbose_name = _("resources")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the module's contributions."""
        from lianxin.platform import contributions

        contributions.load("lianxin.domain.resources")
