"""Pictures of an occurrence: never required, without what they tell about place and phone, public only when agreed."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.activities import policy
from lianxin.domain.activities.models import Occurrence, OccurrencePicture
from lianxin.platform import files
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused

PURPOSE = "activities.occurrence_picture"
LARGEST = 10 * 1024 * 1024
MOST = 30
LONGEST_CAPTION = 100
LONGEST_CONSENT = 200


@command("activities.add_picture")
def add_picture(
    *,
    actor: Actor,
    occurrence: UUID,
    fileobj: files.Readable,
    name: str,
    consent_note: str,
    caption: str = "",
    is_public: bool = False,
    at: datetime,
) -> OccurrencePicture:
    """Keep a picture with who agreed to it; who took it, where and with what is removed from the file."""
    date = Occurrence.objects.filter(pk=occurrence).first()
    if date is None:
        raise Missing
    policy.require(policy.may_run(actor, date.community_id, date.venue_id))
    consent = " ".join(consent_note.split())
    if not consent or len(consent) > LONGEST_CONSENT:
        raise Invalid(
            fields={"consent_note": [_("Say who agreed to the picture, or that nobody can be recognised on it.")]}
        )
    if len(caption.strip()) > LONGEST_CAPTION:
        raise Invalid(fields={"caption": [_("At most %(most)d characters.") % {"most": LONGEST_CAPTION}]})
    if OccurrencePicture.objects.filter(occurrence=date, removed_at=None).count() >= MOST:
        raise Refused(_("%(most)d pictures are enough for one date. Remove some first.") % {"most": MOST})
    stored = files.store(
        fileobj=fileobj, name=name, purpose=PURPOSE, limit_bytes=LARGEST, community_id=date.community_id, at=at
    )
    picture = OccurrencePicture.objects.create(
        community_id=date.community_id,
        occurrence=date,
        file_id=stored.pk,
        caption=caption.strip(),
        consent_note=consent,
        is_public=is_public,
        added_at=at,
        added_by=actor.account,
    )
    act().target(picture, "added", {"is_public": [None, is_public]})
    return picture


@command("activities.show_picture")
def show_picture(*, actor: Actor, picture: UUID, is_public: bool, at: datetime) -> OccurrencePicture:
    """Show a picture to everybody, or to the office alone again."""
    row = _picture(actor, picture)
    if row.is_public != is_public:
        row.is_public = is_public
        row.save(update_fields=["is_public"])
        act().target(row, "changed", {"is_public": [not is_public, is_public]})
    return row


@command("activities.remove_picture")
def remove_picture(*, actor: Actor, picture: UUID, reason: str, at: datetime) -> OccurrencePicture:
    """Remove a picture, as whenever somebody on it asks; the file goes too."""
    if not reason.strip():
        raise Invalid(fields={"reason": [_("Say why the picture is removed.")]})
    row = _picture(actor, picture)
    if row.removed_at is None:
        row.removed_at, row.is_public = at, False
        row.save(update_fields=["removed_at", "is_public"])
        files.forget(ids=[row.file_id])
        act().target(row, "removed", {"removed_at": [None, at]})
        act().note(reason=reason.strip()[:200])
    return row


def _picture(actor: Actor, pk: UUID) -> OccurrencePicture:
    row = OccurrencePicture.objects.filter(pk=pk).select_related("occurrence").first()
    if row is None:
        raise Missing
    policy.require(policy.may_run(actor, row.community_id, row.occurrence.venue_id))
    return row
