"""A questionnaire that somebody is filling: kept sealed in the visitor's session between pages, also over a crash.

Nothing personal stands in an address or in a page's hidden fields; the row goes with the session.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from xml.sax.saxutils import escape, quoteattr

from django.http import HttpRequest

from lianxin.engines.xforms import Form, Instance, NoSuchQuestion, NotSettable, begin, read_xml
from lianxin.engines.xforms.nodes import Node
from lianxin.faces.entrance.session import put_sealed, take_sealed
from lianxin.platform.ids import new_id

MOST_LETTERS = 200_000
"""More than anybody types on a phone; a session's row is read with every page."""


@dataclass
class Draft:
    """What was answered so far: the answers as elements, what could not be taken, the pictures, where somebody was."""

    version: str
    community: str
    language: str
    page: int
    body: str
    refused: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, str] = field(default_factory=dict)
    """The files by the names that stand as answers."""
    is_finished: bool = False
    changed: bool = False
    """The questions were changed since this was begun."""

    def instance(self, form: Form, *, at: datetime) -> Instance:
        """Give the form as it was filled so far."""
        head = f"<data id={quoteattr(form.id)} version={quoteattr(form.version)}>"
        filled = read_xml(
            form, head + self.body + "</data>", at=at, uuid=lambda: str(new_id()), language=self.language or None
        )
        for path, text in self.refused.items():
            try:
                filled.set(path, text)
            except (NoSuchQuestion, NotSettable):
                continue
        return filled

    def take(self, filled: Instance) -> None:
        """Keep a form as it is filled now."""
        self.body = "".join(_element(filled, node) for node in filled.document.children[0].children)
        self.refused = {
            filled.path(node): node.refused[0] for node in filled.document.walk() if node.refused is not None
        }
        self.language = filled.language


def _element(filled: Instance, node: Node) -> str:
    """Write a node with its answer, also where it is not asked at the moment: it may be again."""
    if filled.form.nodes[node.definition].kind != "leaf":
        return f"<{node.name}>{''.join(_element(filled, below) for below in node.children)}</{node.name}>"
    text = escape(node.stored, {"\r": "&#13;"})
    return f"<{node.name}>{text}</{node.name}>" if text else f"<{node.name}/>"


def begin_draft(form: Form, *, version: UUID, community: UUID, language: str, at: datetime) -> Draft:
    """Begin to fill a form."""
    filled = begin(form, at=at, uuid=lambda: str(new_id()), language=language or None)
    draft = Draft(str(version), str(community), filled.language, 1, "")
    draft.take(filled)
    return draft


def _name(slug: str) -> str:
    return f"survey_draft_{slug}"


def load(request: HttpRequest, slug: str, *, version: UUID) -> Draft | None:
    """Give what somebody filled so far on this phone; None when nothing."""
    text = take_sealed(request, _name(slug))
    if not text:
        return None
    try:
        draft = Draft(**json.loads(text))
    except (ValueError, TypeError):
        return None
    draft.changed = draft.version != str(version)
    draft.version = str(version)
    return draft


def save(request: HttpRequest, slug: str, draft: Draft) -> bool:
    """Keep what was filled so far; False when it is more than is kept."""
    text = json.dumps(asdict(draft), ensure_ascii=False)
    if len(text) > MOST_LETTERS:
        return False
    put_sealed(request, _name(slug), text)
    return True


def drop(request: HttpRequest, slug: str) -> None:
    """Forget what was filled."""
    request.session.pop(_name(slug), None)


def keep_done(request: HttpRequest, slug: str, told: dict[str, Any]) -> None:
    """Keep what the last page says, so that it can be looked at again."""
    put_sealed(request, f"survey_done_{slug}", json.dumps(told, ensure_ascii=False))


def done(request: HttpRequest, slug: str) -> dict[str, Any] | None:
    """Give what the last page says, None when nothing was sent from this phone."""
    text = take_sealed(request, f"survey_done_{slug}")
    return json.loads(text) if text else None
