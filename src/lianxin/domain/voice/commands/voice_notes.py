"""A spoken note: for those who would rather speak than write; kept as it was recorded."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.voice import policy
from lianxin.domain.voice.commands import found
from lianxin.domain.voice.models import CaseReport
from lianxin.platform import files, pictures
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Refused

PURPOSE = "voice.note"
LARGEST = 5 * 1024 * 1024


def keep_note(upload: files.Readable, *, community: UUID, at: datetime) -> UUID:
    """Keep a recording inside a command and give its file; raises FileTooLarge or FileKindRefused."""
    name = getattr(upload, "name", "") or "note"
    stored = files.store(
        fileobj=upload,
        name=str(name),
        purpose=PURPOSE,
        limit_bytes=LARGEST,
        accept=pictures.SOUNDS,
        community_id=community,
        at=at,
    )
    return stored.pk


@command("voice.add_voice_note")
def add_voice_note(
    *,
    actor: Actor,
    report: UUID,
    upload: files.Readable,
    holds_receipt: bool = False,
    at: datetime,
    key: UUID | None = None,
) -> CaseReport:
    """Add a recording to what somebody brought forward; one for each voice, and it is not replaced."""
    row, __ = found.report(report)
    keeps = policy.may_take_down(actor, row.community_id)
    policy.require(holds_receipt or keeps or policy.is_self(actor, row.person_id))
    if row.voice_file is not None:
        raise Refused(_("There is a recording already."))
    row.voice_file = keep_note(upload, community=row.community_id, at=at)
    row.save(update_fields=["voice_file"])
    act().target(row, "note added")
    return row
