"""Talks with all sides or with one alone: when they are to be, that they were held, and their sealed words."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.voice.commands import mediation_duties, mediation_moves
from lianxin.domain.voice.models import Mediation, MediationParty, MediationTalk
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, local_moment
from lianxin.platform.commands import command
from lianxin.platform.errors import Invalid, Missing

Kind = MediationTalk.Kind
KINDS = (Kind.JOINT, Kind.PRIVATE)
FARTHEST = timedelta(days=366)


@command("voice.plan_mediation_talk")
def plan(
    *,
    actor: Actor,
    mediation: UUID,
    kind: str,
    planned_on: date,
    party: UUID | None = None,
    at: datetime,
    key: UUID | None = None,
) -> MediationTalk:
    """Set the day of a talk; the mediator is reminded of it."""
    row, after = mediation_moves.begin(actor, mediation, "plan_talk")
    side = _side(row, kind, party)
    require_ahead(planned_on, at=at)
    talk = MediationTalk.objects.create(
        community_id=row.community_id,
        mediation=row,
        kind=kind,
        party=side,
        planned_on=planned_on,
        recorded_by=actor.account,
    )
    mediation_duties.open_talk(row, talk)
    mediation_moves.save(row, "talk planned", after)
    return talk


@command("voice.record_mediation_talk")
def record(
    *,
    actor: Actor,
    mediation: UUID,
    kind: str,
    words: str,
    party: UUID | None = None,
    talk: UUID | None = None,
    held_on: date | None = None,
    at: datetime,
    key: UUID | None = None,
) -> MediationTalk:
    """Write down a talk that was held, planned or not; its words are sealed and opened by the mediator only."""
    row, after = mediation_moves.begin(actor, mediation, "record_talk")
    side = _side(row, kind, party)
    moment = held_moment(held_on, at=at)
    sealed = mediation_moves.must_seal(words, mediation_moves.TALK, field="words")
    if talk is not None:
        done = MediationTalk.objects.filter(pk=talk, mediation=row, kind__in=KINDS, held_at=None).first()
        if done is None:
            raise Missing
        mediation_duties.close_talk(done)
        done.kind, done.party, done.held_at, done.words, done.recorded_by = kind, side, moment, sealed, actor.account
        done.save(update_fields=["kind", "party", "held_at", "words", "recorded_by"])
    else:
        done = MediationTalk.objects.create(
            community_id=row.community_id,
            mediation=row,
            kind=kind,
            party=side,
            held_at=moment,
            words=sealed,
            recorded_by=actor.account,
        )
    mediation_moves.save(row, "talk held", after)
    return done


@command("voice.drop_mediation_talk")
def drop(*, actor: Actor, talk: UUID, at: datetime, key: UUID | None = None) -> Mediation:
    """Take a talk or visit off that was planned and is not wanted any more."""
    one = MediationTalk.objects.filter(pk=talk).first()
    if one is None:
        raise Missing
    move = "plan_visit" if one.kind == Kind.VISIT else "plan_talk"
    row, after = mediation_moves.begin(actor, one.mediation_id, move)
    fresh = MediationTalk.objects.filter(pk=talk, held_at=None).first()
    if fresh is None:
        raise Missing
    mediation_duties.close_talk(fresh)
    fresh.delete()
    mediation_moves.save(row, "talk taken off", after)
    return row


def require_ahead(day: date, *, at: datetime) -> None:
    """Refuse a day for a talk or visit that is past or too far ahead."""
    today = local_day(at)
    if day < today:
        raise Invalid(fields={"planned_on": [_("The day lies in the past.")]})
    if day > today + FARTHEST:
        raise Invalid(fields={"planned_on": [_("The day lies too far ahead.")]})


def held_moment(day: date | None, *, at: datetime) -> datetime:
    """Give the moment of a talk: now, or the noon of an earlier day."""
    if day is None or day == local_day(at):
        return at
    mediation_moves.require_past(day, today=local_day(at), field="held_on")
    return local_moment(day) + timedelta(hours=12)


def _side(row: Mediation, kind: str, party: UUID | None) -> MediationParty | None:
    if kind not in KINDS:
        raise Invalid(fields={"kind": [_("Choose what kind of talk.")]})
    if kind == Kind.JOINT:
        return None
    side = MediationParty.objects.filter(pk=party, mediation=row).first() if party is not None else None
    if side is None:
        raise Invalid(fields={"party": [_("Choose with which side.")]})
    return side
