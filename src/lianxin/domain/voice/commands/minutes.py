"""Minutes: drafted, read back to those who were there, signed with a code; a correction after that is an appendix."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.voice.commands import sittings
from lianxin.domain.voice.commands.agendas import NotBegun
from lianxin.domain.voice.commands.sittings import MeetingOver
from lianxin.domain.voice.models import Invitation, Meeting, MinutesAppendix
from lianxin.domain.voice.rules import minutes as rules
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Refused

State, Minutes = Meeting.State, Meeting.Minutes
LONGEST = 40_000


class MinutesMissing(Refused):
    """A meeting cannot be closed without minutes that were read back."""

    title = gettext_lazy("The minutes are not written and read back yet. Write them first; then the meeting is closed.")


class NotReadBack(Refused):
    """Nobody signs what was not read to them."""

    title = gettext_lazy("Read the minutes back to those who were there first; then they sign.")


class MinutesSigned(Refused):
    """Signed minutes do not change."""

    title = gettext_lazy("These minutes are signed and stay as they are. Write a correction below them.")


@command("voice.draft_minutes")
def draft(
    *, actor: Actor, meeting: UUID, words: str, version: int | None = None, at: datetime, key: UUID | None = None
) -> Meeting:
    """Write or change the minutes; what was read back before must be read back again."""
    row = _held(actor, meeting, version)
    if row.minutes_state == Minutes.SIGNED:
        raise MinutesSigned
    text = rules.plain(words)
    if not text.strip():
        raise Invalid(fields={"words": [_("Write what was said, decided and promised.")]})
    if len(text) > LONGEST:
        raise Invalid(fields={"words": [_("At most %(most)d characters.") % {"most": LONGEST}]})
    row.minutes, row.read_back_at = text, None
    _save(row, Minutes.DRAFT, "minutes written", "minutes", "read_back_at")
    return row


@command("voice.read_minutes_back")
def read_back(
    *, actor: Actor, meeting: UUID, version: int | None = None, at: datetime, key: UUID | None = None
) -> Meeting:
    """Note that the minutes were read to those who were there and agreed to; raises MinutesMissing or MinutesSigned."""
    row = _held(actor, meeting, version)
    if row.minutes_state == Minutes.SIGNED:
        raise MinutesSigned
    if row.minutes_state == Minutes.NONE:
        raise MinutesMissing
    if row.minutes_state != Minutes.READ_BACK:
        row.read_back_at = at
        _save(row, Minutes.READ_BACK, "minutes read back", "read_back_at")
    return row


@command("voice.sign_minutes")
def sign(
    *,
    actor: Actor,
    meeting: UUID,
    signed_by: Sequence[UUID],
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Meeting:
    """Note who signed the minutes on paper, and fix their words by a code; only who was there signs."""
    row, _matter = sittings.meeting(actor, meeting, version=version)
    if row.minutes_state == Minutes.SIGNED:
        raise MinutesSigned
    if row.state not in (State.HELD, State.CLOSED):
        raise NotBegun if row.state == State.PLANNED else MeetingOver
    if row.minutes_state != Minutes.READ_BACK:
        raise NotReadBack
    wanted = set(signed_by)
    if not wanted:
        raise Invalid(fields={"signed_by": [_("Choose who signed.")]})
    there = Invitation.objects.filter(pk__in=wanted, meeting=row, came_at__isnull=False)
    if there.count() != len(wanted):
        raise Invalid(fields={"signed_by": [_("Only who was there can sign.")]})
    there.update(signed_at=at)
    row.minutes_digest, row.signed_at = rules.digest(row.minutes), at
    _save(row, Minutes.SIGNED, "minutes signed", "minutes_digest", "signed_at")
    return row


@command("voice.append_to_minutes")
def append(*, actor: Actor, meeting: UUID, words: str, at: datetime, key: UUID | None = None) -> MinutesAppendix:
    """Add a correction to minutes that stand; the minutes themselves stay as they were read and signed."""
    row, _matter = sittings.meeting(actor, meeting)
    if row.minutes_state != Minutes.SIGNED and row.state != State.CLOSED:
        raise Refused(_("These minutes can still be changed themselves."))
    text = rules.plain(words)
    if not text.strip() or len(text) > 4_000:
        raise Invalid(fields={"words": [_("Write the correction in at most %(most)d characters.") % {"most": 4_000}]})
    made = MinutesAppendix.objects.create(
        community_id=row.community_id, meeting=row, words=text, added_at=at, added_by=actor.account
    )
    act().target(row, "minutes corrected", {})
    return made


def _held(actor: Actor, pk: UUID, version: int | None) -> Meeting:
    row, _matter = sittings.live(actor, pk, version=version)
    if row.state != State.HELD:
        raise NotBegun
    return row


def _save(row: Meeting, state: str, verb: str, *fields: str) -> None:
    before, row.minutes_state = row.minutes_state, state
    row.version += 1
    row.save(update_fields=["minutes_state", "version", *fields])
    act().target(row, verb, {"minutes": [before, state]})
