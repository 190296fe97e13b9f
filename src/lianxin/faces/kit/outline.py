"""The outline of the district for maps without a tile key."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

OUTLINE = "longhu_outline.geojson"


@lru_cache(maxsize=1)
def read_outline(folder: Path) -> dict[str, Any] | None:
    """Read the outline that the program ships, or None where there is none."""
    try:
        return json.loads((folder / OUTLINE).read_text(encoding="utf-8"))  # type: ignore[no-any-return]
    except (OSError, ValueError):
        return None


def outline_for(codes: Iterable[str]) -> dict[str, Any] | None:
    """Give the outline if it is the one of the district that these division codes lie in."""
    found = read_outline(settings.DATA_DIR)
    if found is None:
        return None
    district = str(found["features"][0]["properties"].get("code", ""))
    return found if any(code.startswith(district) for code in codes) else None
