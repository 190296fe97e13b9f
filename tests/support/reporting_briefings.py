"""One object of each kind that the pages of briefings name, for tests which walk all addresses."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from lianxin.domain.reporting.commands import briefing_templates, briefings
from lianxin.platform import documents, files
from lianxin.platform.actors import Actor

NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


def make_briefing_object(kind: str, *, community: UUID, staff: Actor, department: Actor) -> UUID:
    """Make an object of one kind, of a community where it belongs to one, and give its id."""
    return MAKERS[kind](community, staff, department).pk


def _file(purpose: str) -> UUID:
    body = documents.write_document(title=purpose, parts=[])
    return files.store(
        fileobj=io.BytesIO(body), name="a.docx", purpose=purpose, limit_bytes=10**6, at=NOW, accept=files.PAPERS
    ).pk


def _briefing(community: UUID, staff: Actor, department: Actor) -> Any:
    row = briefings.ask_briefing(
        actor=staff, kind="year", from_on=date(2025, 1, 1), until_on=date(2026, 1, 1), area=community, at=NOW
    )
    return briefings.store_made(
        actor=Actor.system(),
        briefing=row.pk,
        file=_file(briefings.PURPOSE),
        figures={"values": [["visits", "2025-01-01", "2026-01-01", "", 3]]},
        template_digest="0" * 64,
        version=row.version,
        at=NOW,
    )


def _template(community: UUID, staff: Actor, department: Actor) -> Any:
    return briefing_templates.upload_template(
        actor=department,
        kind="month",
        file=_file(briefing_templates.PURPOSE),
        asks_for={"names": ["period"], "rows": []},
        at=NOW,
    )


MAKERS: dict[str, Callable[[UUID, Actor, Actor], Any]] = {"briefing": _briefing, "briefing_template": _template}
