"""Follow-up visits: planned with the agreement, held, and what they found; performed or broken is what it ends with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.voice.commands import commitments, mediation_duties, mediation_moves
from lianxin.domain.voice.commands.mediation_talks import held_moment, require_ahead
from lianxin.domain.voice.commands.mediations import end
from lianxin.domain.voice.models import Commitment, Mediation, MediationTalk
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import command
from lianxin.platform.errors import Invalid, Missing, Refused

VISIT = MediationTalk.Kind.VISIT
LIVE = (Commitment.State.OPEN, Commitment.State.SHOWN)


class NotVisited(Refused):
    """Nobody has looked whether the agreement is kept."""

    title = gettext_lazy("Visit the sides first, and write down that what was agreed is kept.")


@command("voice.plan_mediation_visit")
def plan(*, actor: Actor, mediation: UUID, planned_on: date, at: datetime, key: UUID | None = None) -> MediationTalk:
    """Set the day of another follow-up visit; the mediator is reminded of it."""
    row, after = mediation_moves.begin(actor, mediation, "plan_visit")
    require_ahead(planned_on, at=at)
    talk = _make(row, planned_on)
    mediation_moves.save(row, "visit planned", after)
    return talk


@command("voice.record_mediation_visit")
def record(
    *,
    actor: Actor,
    mediation: UUID,
    is_kept: bool,
    words: str,
    talk: UUID | None = None,
    held_on: date | None = None,
    again_on: date | None = None,
    at: datetime,
    key: UUID | None = None,
) -> MediationTalk:
    """Write down a visit: whether what was agreed is kept, and sealed words; a next one where it is needed.

    A visit that found it not kept asks for a next day unless one is planned.
    """
    row, after = mediation_moves.begin(actor, mediation, "record_visit")
    moment = held_moment(held_on, at=at)
    assert row.agreed_on is not None
    mediation_moves.require_past(local_day(moment), today=local_day(at), field="held_on", since=row.agreed_on)
    sealed = mediation_moves.must_seal(words, mediation_moves.TALK, field="words")
    if talk is not None:
        done = row.talks.filter(pk=talk, kind=VISIT, held_at=None).first()
        if done is None:
            raise Missing
        mediation_duties.close_talk(done)
    else:
        done = MediationTalk(community_id=row.community_id, mediation=row, kind=VISIT)
    done.held_at, done.words, done.is_kept, done.recorded_by = moment, sealed, is_kept, actor.account
    done.save()
    if again_on is not None:
        require_ahead(again_on, at=at)
        _make(row, again_on)
    elif not is_kept and not row.talks.filter(kind=VISIT, held_at=None).exists():
        raise Invalid(fields={"again_on": [_("Say when you look again.")]})
    mediation_moves.save(row, "visited", after)
    return done


@command("voice.perform_mediation")
def perform(
    *,
    actor: Actor,
    mediation: UUID,
    words: str = "",
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Mediation:
    """Close a mediation whose agreement was performed, as the last visit found; its commitments are kept.

    Raises NotVisited or NotPossible.
    """
    row, after = mediation_moves.begin(actor, mediation, "perform", version=version)
    last = row.talks.filter(kind=VISIT, held_at__isnull=False).order_by("-held_at", "-pk").first()
    if last is None or not last.is_kept:
        raise NotVisited
    kept = mediation_moves.sealed(words, mediation_moves.STATE_WORDS, field="words", required=False)
    seen = _("Seen at the follow-up visit.")
    for one in Commitment.objects.filter(clause__mediation=row, state__in=LIVE).order_by("pk"):
        if one.state == Commitment.State.OPEN:
            commitments.show(actor=actor, commitment=one.pk, evidence=seen, at=at)
        commitments.verify(
            actor=actor, commitment=one.pk, kept=True, verifier_name=row.mediator_name or _("the mediator"), at=at
        )
    end(row, "performed", after, state_words=kept, at=at)
    return row


@command("voice.break_mediation")
def break_(
    *,
    actor: Actor,
    mediation: UUID,
    words: str,
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Mediation:
    """Say that the agreement is not kept and will not be: the court is what is left (art. 32); the words are sealed."""
    row, after = mediation_moves.begin(actor, mediation, "break", version=version)
    kept = mediation_moves.must_seal(words, mediation_moves.STATE_WORDS, field="words")
    for one in Commitment.objects.filter(clause__mediation=row, state__in=LIVE).order_by("pk"):
        commitments.break_(actor=actor, commitment=one.pk, words=_("The agreement was not kept."), at=at)
    # Then the court's confirmation is what helps: its thirty days go on running.
    end(row, "not kept", after, state_words=kept, at=at, court=False)
    return row


@command("voice.fail_mediation")
def fail(
    *,
    actor: Actor,
    mediation: UUID,
    words: str,
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Mediation:
    """End a mediation without an agreement (art. 26); why stays sealed."""
    row, after = mediation_moves.begin(actor, mediation, "fail", version=version)
    kept = mediation_moves.must_seal(words, mediation_moves.STATE_WORDS, field="words")
    end(row, "ended without an agreement", after, state_words=kept, at=at)
    return row


def plan_first(row: Mediation, days: Sequence[date], *, today: date) -> None:
    """Plan the visits that follow an agreement, inside the command that makes it; a past day becomes today."""
    for day in sorted({max(day, today) for day in days}):
        _make(row, day)


def _make(row: Mediation, day: date) -> MediationTalk:
    talk: MediationTalk = MediationTalk.objects.create(
        community_id=row.community_id, mediation=row, kind=VISIT, planned_on=day
    )
    mediation_duties.open_talk(row, talk)
    return talk
