"""The voice app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VoiceConfig(AppConfig):
    """Cases, reception days, deliberation, votes, opinion maps and mediation."""

    name = "lianxin.domain.voice"
    label = "voice"
    verbose_name = _("voice")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the module's contributions."""
        from lianxin.platform import contributions

        contributions.load("lianxin.domain.voice")
