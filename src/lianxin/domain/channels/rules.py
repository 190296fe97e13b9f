"""Making a text from a template."""

import re
from collections.abc import Mapping
from typing import Any

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


class PlaceholderMissing(ValueError):
    """The template names something that the message does not bring."""


def placeholders(text: str) -> frozenset[str]:
    """Give the names that a template needs."""
    return frozenset(PLACEHOLDER.findall(text))


def render(text: str, context: Mapping[str, Any]) -> str:
    """Put the values of a message into a template; raises PlaceholderMissing. Values are never read as templates."""
    missing = placeholders(text) - set(context)
    if missing:
        raise PlaceholderMissing(f"the message lacks {', '.join(sorted(missing))}")
    return PLACEHOLDER.sub(lambda match: str(context[match[1]]), text)
