"""Photos of a matter: never required, without what they tell about place and phone, public only after a look."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.voice import policy
from lianxin.domain.voice.commands import found
from lianxin.domain.voice.commands.voice_notes import add_voice_note, keep_note
from lianxin.domain.voice.models import CasePicture, CaseReport
from lianxin.platform import files, locks
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused

__all__ = ["LARGEST", "MOST", "add_picture", "add_voice_note", "hide", "keep_note", "remove", "show"]

PURPOSE = "voice.case_picture"
LARGEST = 10 * 1024 * 1024
MOST = 5
LONGEST_CAPTION = 100


@command("voice.add_picture")
def add_picture(
    *,
    actor: Actor,
    report: UUID,
    upload: files.Readable,
    caption: str = "",
    holds_receipt: bool = False,
    at: datetime,
    key: UUID | None = None,
) -> CasePicture:
    """Keep a photo with a voice; who took it, where and with what is removed from the file."""
    row, __ = found.report(report)
    takes_down = policy.may_take_down(actor, row.community_id)
    policy.require(holds_receipt or takes_down or policy.is_self(actor, row.person_id))
    words = " ".join(caption.split())
    if len(words) > LONGEST_CAPTION:
        raise Invalid(fields={"caption": [_("At most %(most)d characters.") % {"most": LONGEST_CAPTION}]})
    if row.withdrawn_at is not None:
        raise Refused(_("This was taken back, so nothing is added to it."))
    if CasePicture.objects.filter(report=row).count() >= MOST:
        raise Refused(_("%(most)d pictures are enough.") % {"most": MOST})
    stored = files.store(
        fileobj=upload,
        name=str(getattr(upload, "name", "") or "picture"),
        purpose=PURPOSE,
        limit_bytes=LARGEST,
        community_id=row.community_id,
        at=at,
    )
    picture = CasePicture.objects.create(
        community_id=row.community_id, report=row, file_id=stored.pk, caption=words, added_at=at
    )
    act().target(picture, "added")
    return picture


@command("voice.show_picture")
def show(*, actor: Actor, picture: UUID, at: datetime, key: UUID | None = None) -> CasePicture:
    """Show a photo with its case on the board, after looking that nobody can be recognised on it."""
    row, report = _picture(picture)
    _require_keeper(actor, report)
    if report.confidentiality != "open" or report.case.is_mediated:
        raise Refused(_("Photos of what is confidential, anonymous or mediated are not shown."))
    return _set_public(row, is_public=True)


@command("voice.hide_picture")
def hide(*, actor: Actor, picture: UUID, at: datetime, key: UUID | None = None) -> CasePicture:
    """Show a photo to the office and its reporter alone again."""
    row, report = _picture(picture)
    _require_keeper(actor, report)
    return _set_public(row, is_public=False)


@command("voice.remove_picture")
def remove(
    *,
    actor: Actor,
    picture: UUID,
    reason: str,
    holds_receipt: bool = False,
    at: datetime,
    key: UUID | None = None,
) -> None:
    """Remove a photo, as whenever somebody on it asks; the file goes too."""
    row, report = _picture(picture)
    if not (holds_receipt or policy.is_self(actor, report.person_id)):
        _require_keeper(actor, report)
    plain = " ".join(reason.split())
    if not plain:
        raise Invalid(fields={"reason": [_("Say why the picture is removed.")]})
    act().target(row, "removed")
    act().note(reason=plain[:200])
    files.forget(ids=[row.file_id])
    row.delete()


def _picture(pk: UUID) -> tuple[CasePicture, CaseReport]:
    row = locks.lock_one(CasePicture.objects.filter(pk=pk))
    if row is None:
        raise Missing
    return row, CaseReport.objects.select_related("case").get(pk=row.report_id)


def _require_keeper(actor: Actor, report: CaseReport) -> None:
    case = report.case
    workers = frozenset(pk for pk in (case.responsible, case.first_responder, report.taken_by) if pk)
    is_open = report.confidentiality == "open" and not case.is_mediated
    policy.require(
        policy.may_see_reporters(actor, report.community_id, is_open=is_open, responsible=workers) or actor.is_system
    )


def _set_public(row: CasePicture, *, is_public: bool) -> CasePicture:
    if row.is_public != is_public:
        row.is_public = is_public
        row.save(update_fields=["is_public"])
        act().target(row, "changed", {"is_public": [not is_public, is_public]})
    return row
