"""What Open311 answers look like: the same content as XML and, by the Spark convention, as JSON with bare arrays."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal
from xml.sax.saxutils import escape

from django.http import HttpResponse

Format = Literal["xml", "json"]
TYPES = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
# What XML 1.0 has no place for.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# How one of a list is called.
ONE_OF = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}


def answer(root: str, content: Any, *, form: Format, status: int = 200) -> HttpResponse:
    """Answer with a list or a mapping under its root's name; empty members are null, and empty elements."""
    body = as_json(content) if form == "json" else as_xml(root, content)
    response = HttpResponse(body, status=status, content_type=TYPES[form])
    # Public data: pages of other sites may read it.
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "no-store"
    return response


def as_json(content: Any) -> str:
    """Write JSON; text without content is null."""
    return json.dumps(_plain(content), ensure_ascii=False)


def as_xml(root: str, content: Any) -> str:
    """Write XML without a namespace, with its declaration."""
    return '<?xml version="1.0" encoding="utf-8"?>\n' + _element(root, content) + "\n"


def moment(at: datetime | None) -> str:
    """Write a moment as W3C's note has it, in UTC; nothing for none."""
    return "" if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def errors(found: Sequence[tuple[int, str]], *, form: Format, status: int) -> HttpResponse:
    """Answer that it could not be done, and why, each reason for itself."""
    return answer("errors", [{"code": code, "description": words} for code, words in found], form=form, status=status)


def _element(name: str, value: Any) -> str:
    if isinstance(value, Mapping):
        inner = "".join(_element(key, one) for key, one in value.items())
    elif isinstance(value, Sequence) and not isinstance(value, str):
        inner = "".join(_element(ONE_OF[name], one) for one in value)
    elif isinstance(value, bool):
        inner = "true" if value else "false"
    else:
        inner = "" if value is None else escape(_NOT_XML.sub(" ", str(value)))
    return f"<{name}>{inner}</{name}>"


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, bool | int | float) or value is None:
        return value
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(one) for one in value]
    return str(value) or None
