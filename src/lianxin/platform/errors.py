"""Problems a person may meet: each is a sentence that says what to do (RFC 9457 in the API)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _


class Problem(Exception):
    """Something that stops an act; subclass it where it is raised and give it a title."""

    status = 400
    title: Any = _("This could not be done.")

    def __init__(self, detail: Any = "", *, fields: Mapping[str, Sequence[Any]] | None = None, **extra: Any) -> None:
        super().__init__(str(detail) or str(self.title))
        self.detail = detail or self.title
        self.fields = {name: list(sentences) for name, sentences in (fields or {}).items()}
        self.extra = extra

    @property
    def code(self) -> str:
        """Give a stable name for programs: the class name in kebab case."""
        name = type(self).__name__
        return "".join("-" + c.lower() if c.isupper() else c for c in name).lstrip("-")

    def as_problem(self) -> dict[str, Any]:
        """Give the members of an RFC 9457 problem object."""
        body: dict[str, Any] = {
            "type": f"urn:lianxin:problem:{self.code}",
            "title": str(self.title),
            "status": self.status,
            "detail": str(self.detail),
        }
        if self.fields:
            body["errors"] = {name: [str(s) for s in sentences] for name, sentences in self.fields.items()}
        body.update(self.extra)
        return body


class Invalid(Problem):
    """What was typed cannot be taken as it is."""

    status = 422
    title = _("Please check what was entered.")


class Refused(Problem):
    """A rule says no."""

    status = 409
    title = _("This is not possible now.")


class NotAllowed(Problem):
    """The actor may not do this."""

    status = 403
    title = _("Your role does not allow this.")


class Missing(Problem):
    """There is no such thing, or it is outside what the actor may see."""

    status = 404
    title = _("There is nothing here. It may have been removed, or the address may be wrong.")


class Gone(Problem):
    """It was here and is no longer."""

    status = 410
    title = _("This link is no longer valid. Please ask for a new one.")


class TooLarge(Problem):
    """The upload is larger than we take."""

    status = 413
    title = _("The file is too large.")


class TooMany(Problem):
    """Asked too often."""

    status = 429
    title = _("Too many tries. Please wait a little and try again.")


class EditedMeanwhile(Refused):
    """Somebody else saved the record since the form was opened."""

    title = _("Somebody else changed this record in the meantime. Compare, then save again.")


class Busy(Problem):
    """Bad luck that passes by itself: others held what was needed, or the database was away for a moment."""

    status = 503
    retry_after = 5  # seconds
    title = _("Very busy just now. Please try again in a moment.")

    def __init__(self, detail: Any = "", *, is_unsure: bool = False) -> None:
        super().__init__(detail)
        # The connection broke off, perhaps after all was written: only a key makes sending again safe.
        self.is_unsure = is_unsure


class BusySending(Busy):
    """The same, met by somebody who sent a form."""

    title = _("Very busy just now; what you typed is kept. Send it again.")

    @property
    def code(self) -> str:
        """Give the name of the problem that it is."""
        return "busy"
