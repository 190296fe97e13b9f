"""A sentence that an engine says in English and a face translates."""

from collections.abc import Mapping
from dataclasses import dataclass, field


def N_(text: str) -> str:  # noqa: N802 (the name that Babel extracts)
    """Mark an English sentence for the translators and return it unchanged."""
    return text


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was not accepted, or what is worth a second look: a code for programs, a msgid for people."""

    code: str
    message: str
    params: Mapping[str, str | int] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message % self.params if self.params else self.message
