"""What everybody may read of how often a project was held and how many came."""

from __future__ import annotations

from django.utils.translation import gettext as _

from lianxin.domain.projects.models import Project
from lianxin.insight.publishing import sum_for_public


def held_words(project: Project) -> str:
    """Say how often a project was held and how many came, or nothing where it was not; few people are left out."""
    if not project.occurrences_held:
        return ""
    came = sum_for_public(project.person_times, parts=project.occurrences_held)
    if not came:
        return _("held %(times)s times") % {"times": project.occurrences_held}
    words = _("held %(times)s times, %(people)s person-times")
    return words % {"times": project.occurrences_held, "people": came}
