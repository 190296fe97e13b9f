"""The projects app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    """Matching, the projects list, answers to the askers and editions."""

    name = "lianxin.domain.projects"
    label = "projects"
    verbose_name = _("projects")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the module's contributions."""
        from lianxin.platform import contributions

        contributions.load("lianxin.domain.projects")
