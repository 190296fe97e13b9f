"""How heavy a page's files are on the line."""

import gzip
from pathlib import Path

from django.contrib.staticfiles import finders


def weight_of(path: str) -> int:
    """How many bytes of a static file go over the line, packed."""
    found = finders.find(path)
    assert found, f"{path} is not there"
    return len(gzip.compress(Path(str(found)).read_bytes()))
