"""Who may import: whoever may bring in at least one kind of table; for all others these pages do not exist."""

from __future__ import annotations

from lianxin.platform.actors import Actor

from ..access import PRESS, READ, SEND, View, guard
from .words import kinds


def imports_something(actor: Actor) -> bool:
    """Tell whether somebody may bring in at least one kind of table."""
    return any(kind.may(actor) for kind in kinds())


def reading(view: View) -> View:
    """Let those who import read a page."""
    return guard(READ, seen_by=imports_something)(view)


def form_page(view: View) -> View:
    """Let those who import open and send a form."""
    return guard(SEND, seen_by=imports_something)(view)


def pressing(view: View) -> View:
    """Take a button from those who import."""
    return guard(PRESS, seen_by=imports_something)(view)
