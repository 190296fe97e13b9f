"""The reporting app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportingConfig(AppConfig):
    """What upper offices ask, the gate before it, briefings that are issued, and what districts hand up."""

    name = "lianxin.domain.reporting"
    label = "reporting"
    verbose_name = _("reporting")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the module's contributions."""
        from lianxin.platform import contributions

        contributions.load("lianxin.domain.reporting")
