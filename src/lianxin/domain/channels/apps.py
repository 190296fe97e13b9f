"""The channels app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChannelsConfig(AppConfig):
    """Delivers messages to addresses; knows no person."""

    name = "lianxin.domain.channels"
    label = "channels"
    verbose_name = _("channels")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the module's contributions."""
        from lianxin.platform import contributions

        contributions.load("lianxin.domain.channels")
