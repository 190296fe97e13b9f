"""The bookings app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BookingsConfig(AppConfig):
    """Rooms and times."""

    name = "lianxin.domain.bookings"
    label = "bookings"
    verbose_name = _("room bookings")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the module's contributions."""
        from lianxin.platform import contributions

        contributions.load("lianxin.domain.bookings")
