"""Who may call an operation: the session of the web pages, with its CSRF protection for writes."""

from typing import Any

from django.http import HttpRequest
from ninja.security import APIKeyCookie

from django.conf import settings  # isort: skip


class LoggedIn(APIKeyCookie):
    """Lets in whoever has a session as staff, host, partner or resident."""

    param_name = settings.SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        """Give the actor, or None for nobody."""
        actor = request.actor  # type: ignore[attr-defined]
        return None if actor.is_anonymous else actor


logged_in = LoggedIn(csrf=True)
