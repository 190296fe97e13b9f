"""What somebody sent, to be sent once more word for word: with its key, so that it counts once."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.http import HttpRequest
from django.middleware.csrf import get_token

LOG = logging.getLogger(__name__)
KEY = "key"
FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field
# Never written into a page: typed once more.
SECRET_WORDS = ("password", "secret")


@dataclass(frozen=True)
class ChosenFiles:
    """Files that were sent under one name; a page cannot give them back to the browser."""

    name: str
    files: tuple[str, ...]

    @property
    def are_several(self) -> bool:
        """Tell whether more than one was chosen."""
        return len(self.files) > 1


@dataclass(frozen=True)
class Again:
    """A form as it was sent: every field with every value in its order, what must be typed or chosen once more."""

    action: str
    token: str
    fields: tuple[tuple[str, str], ...]
    secrets: tuple[str, ...]
    files: tuple[ChosenFiles, ...]

    @property
    def has_key(self) -> bool:
        """Tell whether the form has a key of its own, by which a second sending changes nothing."""
        return any(name.rpartition("-")[2] == KEY and value for name, value in self.fields)


def again(request: HttpRequest) -> Again | None:
    """Give the form that this request sent, or None where it sent none, or none that can be read."""
    if request.method != "POST" or request.content_type not in FORMS:
        return None
    try:
        sent, files = request.POST, request.FILES
    except Exception:
        LOG.warning("sent_form_unreadable", extra={"path": request.path}, exc_info=True)
        return None
    secret = tuple(name for name in sent if any(word in name.lower() for word in SECRET_WORDS))
    return Again(
        action=request.get_full_path(),
        token=get_token(request),
        fields=tuple(
            (name, value) for name, values in sent.lists() for value in values if name not in (TOKEN, *secret)
        ),
        secrets=secret,
        files=tuple(ChosenFiles(name, tuple(one.name or "" for one in files.getlist(name))) for name in files),
    )
