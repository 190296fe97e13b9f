"""What OpenRosa answers look like: their headers, the envelope with a sentence, lists of forms and of pictures."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import get_language

TEXT_XML = "text/xml; charset=utf-8"
HEAD = "<?xml version='1.0' encoding='UTF-8'?>\n"
Elements = Iterable[tuple[str, str]]


def envelope(sentence: str, *, status: int, nature: str) -> HttpResponse:
    """Answer with a sentence that the other program shows to whoever holds the phone."""
    text = (
        f'{HEAD}<OpenRosaResponse xmlns="http://openrosa.org/http/response">'
        f'<message nature="{nature}">{escape(sentence)}</message></OpenRosaResponse>\n'
    )
    return HttpResponse(text, status=status, content_type=TEXT_XML)


def listing(outer: str, namespace: str, inner: str, rows: Iterable[Elements]) -> HttpResponse:
    """Answer with a list of forms or of pictures."""
    body = "".join(
        f"<{inner}>" + "".join(f"<{name}>{escape(text)}</{name}>" for name, text in row) + f"</{inner}>\n"
        for row in rows
    )
    text = f'{HEAD}<{outer} xmlns="http://openrosa.org/xforms/{namespace}">\n{body}</{outer}>\n'
    return HttpResponse(text, content_type=TEXT_XML)


def with_headers(response: HttpResponse) -> HttpResponse:
    """Put on what every OpenRosa answer carries; the web server adds the date."""
    response.headers["X-OpenRosa-Version"] = "1.0"
    response.headers["X-OpenRosa-Accept-Content-Length"] = str(settings.UPLOAD_LIMIT_BYTES)
    response.headers["Content-Language"] = (get_language() or settings.LANGUAGE_CODE).partition("-")[0]
    response.headers["Cache-Control"] = "private, no-store"
    return response
