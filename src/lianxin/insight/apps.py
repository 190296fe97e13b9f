"""The insight app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InsightConfig(AppConfig):
    """Figures over what all modules did; it reads and never writes."""

    name = "lianxin.insight"
    label = "insight"
    verbose_name = _("insight")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the proofs of the figures."""
        from lianxin.platform import contributions

        contributions.load("lianxin.insight")
