"""Files that people handed in, given out again by a page."""

from typing import cast

from django.http import FileResponse, HttpResponse

from lianxin.platform import files
from lianxin.platform.models import StoredFile


def answer_file(stored: StoredFile) -> HttpResponse:
    """Answer with a stored file as what it is; the page has asked who may see it."""
    return cast(HttpResponse, FileResponse(files.open_file(file=stored), content_type=stored.content_type))
