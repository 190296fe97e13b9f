"""A workbook of registers that somebody asked for, for tests which walk all addresses."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from uuid import UUID

from lianxin.insight.register_tasks import PURPOSE, TASK
from lianxin.platform import files, pictures
from lianxin.platform.actors import Actor
from lianxin.platform.models import Job

NOW = datetime.now(UTC)


def make_register_set(actor: Actor) -> UUID:
    """Give a finished workbook of somebody."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    content.seek(0)
    stored = files.store(
        fileobj=content, name="a.xlsx", purpose=PURPOSE, limit_bytes=10_000, at=NOW, accept=(pictures.XLSX,)
    )
    args = {"codes": ["activities"], "period": "2026", "place": "", "language": "zh-hans", "file": str(stored.pk)}
    job = Job.objects.create(
        task=TASK,
        args=args,
        actor=actor.to_json(),
        asked_by=actor.account,
        state=Job.State.DONE,
        due_at=NOW,
        created_at=NOW,
        finished_at=NOW,
    )
    return job.pk
