"""Letting a case's clock stand still, with a reason that everybody may read, and going on."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.voice.commands import deciding, found, moving, telling, tier_duties
from lianxin.domain.voice.models import Case, CaseAnswer, CasePause
from lianxin.domain.voice.rules import states
from lianxin.platform import locks
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import command
from lianxin.platform.errors import Invalid

WORDS_LONGEST = 300
LONGEST_PAUSE = timedelta(days=90)


@command("voice.pause")
def pause(
    *,
    actor: Actor,
    case: UUID,
    reason: str,
    words: str,
    look_again_by: date,
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> CasePause:
    """Let a case wait, tell its reporters why, and look at it again by a day within ninety."""
    row = found.case(case, version=version)
    who = moving.acting_as(actor, row, "pause")
    states.next_state(row.state, "pause", who)
    plain = moving.check_words(words, longest=WORDS_LONGEST, ask=_("Write what it waits for; the reporters read it."))
    if reason not in CasePause.Reason.values:
        raise Invalid(fields={"reason": [_("Choose what it waits for.")]})
    _check_day(look_again_by, at)
    made = CasePause.objects.create(
        community_id=row.community_id,
        case=row,
        reason=reason,
        words=plain,
        paused_at=at,
        look_again_by=look_again_by,
        made_by=actor.account,
    )
    deciding.recount_due(row, at=at)
    moving.move(row, "pause", who=who, words=plain, is_public=True, at=at)
    tier_duties.look_again(row, look_again_by)
    telling.tell_case(row, kind=CaseAnswer.Kind.WAITING, words=plain, at=at)
    return made


@command("voice.prolong_pause")
def prolong(
    *,
    actor: Actor,
    case: UUID,
    words: str,
    look_again_by: date,
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> CasePause:
    """Note that a case was looked at and still waits, until another day."""
    row = found.case(case, version=version)
    who = moving.acting_as(actor, row, "progress")
    open_pause = _open_pause(row)
    if open_pause is None:
        raise states.NotPossible(states.why_not(row.state, "resume"))
    plain = moving.check_words(words, longest=WORDS_LONGEST, ask=_("Write what it still waits for."))
    _check_day(look_again_by, at)
    open_pause.look_again_by = look_again_by
    open_pause.save(update_fields=["look_again_by"])
    moving.move(row, "progress", who=who, words=plain, is_public=True, at=at)
    tier_duties.look_again(row, look_again_by)
    return open_pause


@command("voice.resume")
def resume(
    *, actor: Actor, case: UUID, words: str = "", version: int | None = None, at: datetime, key: UUID | None = None
) -> Case:
    """Go on with a case that waited: its clock runs again, and the time it stood still is not counted."""
    row = found.case(case, version=version)
    who = moving.acting_as(actor, row, "resume")
    states.next_state(row.state, "resume", who)
    plain = moving.check_words(words, longest=WORDS_LONGEST)
    end_pause(row, at=at)
    moving.move(row, "resume", who=who, words=plain, is_public=True, at=at)
    return row


def end_pause(case: Case, *, at: datetime) -> None:
    """Let a locked case's clock run again if it stood still, inside a command."""
    open_pause = _open_pause(case)
    if open_pause is not None:
        open_pause.resumed_at = max(at, open_pause.paused_at)
        open_pause.save(update_fields=["resumed_at"])
        deciding.recount_due(case, at=at)
        tier_duties.close(tier_duties.LOOK_AGAIN, case)


def _open_pause(case: Case) -> CasePause | None:
    found_pause: CasePause | None = locks.lock_one(CasePause.objects.filter(case=case, resumed_at=None))
    return found_pause


def _check_day(look_again_by: date, at: datetime) -> None:
    today = local_day(at)
    if look_again_by <= today:
        raise Invalid(fields={"look_again_by": [_("Choose a day that is still to come.")]})
    if look_again_by > today + LONGEST_PAUSE:
        raise Invalid(fields={"look_again_by": [_("Look at it again within %(n)d days.") % {"n": LONGEST_PAUSE.days}]})
