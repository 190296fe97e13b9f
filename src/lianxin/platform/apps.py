"""The platform as a Django app."""

from django.apps import AppConfig


class PlatformConfig(AppConfig):
    """Mechanisms that know no domain word."""

    name = "lianxin.platform"
    label = "platform"
    verbose_name = "Platform"

    def ready(self) -> None:
        """Attach the database guards and register the platform's own contributions."""
        from lianxin.platform import among, append_only, contributions, row_security, search_index

        among.install()
        append_only.install()
        row_security.install()
        search_index.install()
        contributions.load("lianxin.platform")
