"""Reading what another program sends: a form as XML with its pictures, never more than we said that we take."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler, TemporaryFileUploadHandler
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.utils.translation import gettext as _

from lianxin.engines.xforms.submission import LONGEST
from lianxin.platform.errors import Invalid, Problem, TooLarge

XML_PART = "xml_submission_file"
BLOCK = 1 << 16
DRAIN_AT_MOST = 256 * 1_048_576
"""A sender reads our sentence only after it was let to finish."""


class Unreadable(Problem):
    """The body is no form with its pictures."""

    status = 400


@dataclass
class Sent:
    """A form as it came, and the pictures that came with it, by name."""

    xml: bytes
    pictures: dict[str, UploadedFile] = field(default_factory=dict)


def too_large() -> TooLarge:
    """Say how much one sending may hold."""
    limit = settings.UPLOAD_LIMIT_BYTES // 1_048_576
    return TooLarge(
        _("What was sent is larger than %(limit)d MB. Please take the pictures smaller and send again.")
        % {"limit": limit}
    )


@contextmanager
def read(request: HttpRequest) -> Iterator[Sent]:
    """Read a multipart body; its files are gone when the block ends. Raises a Problem with a sentence."""
    stream, size = _stream(request)
    try:
        if size > settings.UPLOAD_LIMIT_BYTES:
            _drain(stream, size)
            raise too_large()
        fields, uploads = _parse(request, stream, size)
        try:
            yield _sent(fields, uploads)
        finally:
            for _name, many in uploads.lists():
                for one in many:
                    one.close()
    finally:
        if stream is not request:
            stream.close()


def _stream(request: HttpRequest) -> tuple[Any, int]:
    """Give what to read and how long it is; a body in chunks, whose length nobody said, is laid aside first."""
    if "chunked" not in request.headers.get("Transfer-Encoding", "").lower():
        try:
            return request, int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            return request, 0
    aside: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115 - `read` closes it
    size, source = 0, request.META["wsgi.input"]
    while size <= settings.UPLOAD_LIMIT_BYTES and (block := source.read(BLOCK)):
        aside.write(block)
        size += len(block)
    if size > settings.UPLOAD_LIMIT_BYTES:
        _drain(source, DRAIN_AT_MOST)
    aside.seek(0)
    return aside, size


def _drain(stream: Any, size: int) -> None:
    """Let the sender finish, keeping nothing; one that would go on for ever is left."""
    left = min(size, DRAIN_AT_MOST)
    while left > 0 and (block := stream.read(min(BLOCK, left))):
        left -= len(block)


def _parse(request: HttpRequest, stream: Any, size: int) -> tuple[Any, Any]:
    handlers: list[Any] = [MemoryFileUploadHandler(request), TemporaryFileUploadHandler(request)]
    meta = request.META | {"CONTENT_LENGTH": str(size)}
    try:
        return MultiPartParser(meta, stream, handlers, "utf-8").parse()
    except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent):
        raise too_large() from None
    except (MultiPartParserError, ValueError, OSError):
        raise Unreadable(
            _("This is not a form as ODK programs send it. Please send it again from the phone.")
        ) from None


def _sent(fields: Any, uploads: Any) -> Sent:
    parts = uploads.getlist(XML_PART)
    if len(parts) > 1:
        raise Unreadable(_("More than one form came at once. Please send them one by one."))
    if parts:
        if parts[0].size > LONGEST:
            raise Invalid(_("The answers are longer than any form of ours takes."))
        xml = parts[0].read()
    else:
        xml = fields.get(XML_PART, "").encode()
    if not xml.strip():
        raise Unreadable(_("The form itself is missing in what was sent."))
    pictures: dict[str, UploadedFile] = {}
    for name, many in uploads.lists():
        if name != XML_PART:
            pictures |= {one.name or name: one for one in many}
    return Sent(xml, pictures)
