"""When `verify` last ran on this machine and what it found: a stamp beside the data, as a backup leaves one."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

STAMP = "verify.stamp"


@dataclass(frozen=True, slots=True)
class Verified:
    """One run: when, how many proofs, how many of them differed."""

    at: datetime
    checks: int
    differing: int


def note(*, at: datetime, checks: int, differing: int) -> None:
    """Leave a stamp; a folder that cannot be written to spoils no proof."""
    told = {"at": at.isoformat(), "checks": checks, "differing": differing}
    with suppress(OSError):
        path = Path(settings.VAR_DIR) / STAMP
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(told), encoding="utf-8")


def last() -> Verified | None:
    """Give the stamp that the last run on this machine left."""
    try:
        told = json.loads((Path(settings.VAR_DIR) / STAMP).read_text(encoding="utf-8"))
        return Verified(datetime.fromisoformat(told["at"]), int(told["checks"]), int(told["differing"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
