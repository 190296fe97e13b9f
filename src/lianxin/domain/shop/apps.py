"""The shop app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ShopConfig(AppConfig):
    """The service supermarket: catalogue, stock, redemptions, vouchers, supplies and tills."""

    name = "lianxin.domain.shop"
    label = "shop"
    verbose_name = _("service supermarket")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the module's contributions."""
        from lianxin.platform import contributions

        contributions.load("lianxin.domain.shop")
