"""Where the pages of a briefing and of the figures are, for the paper that leads to them."""

from uuid import UUID

from django.conf import settings
from django.urls import reverse


def address_of(briefing: UUID) -> str:
    """Give the whole address of a briefing's page."""
    return settings.BASE_URL.rstrip("/") + reverse("district:briefing", kwargs={"briefing": briefing})


def figures_address() -> str:
    """Give the whole address below which each figure has its page."""
    return settings.BASE_URL.rstrip("/") + reverse("district:overview") + "figures/"
