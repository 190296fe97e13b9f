"""The court's confirmation: asked for by the sides together within thirty days, decided, done without, or lapsed."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.voice.commands import mediation_duties, mediation_moves
from lianxin.domain.voice.models import CourtConfirmation, Mediation
from lianxin.domain.voice.rules import mediation_states as states
from lianxin.domain.voice.rules import mediation_terms
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, NotAllowed
from lianxin.platform.workcalendar import load_calendar

State = CourtConfirmation.State
LONGEST = 60
LAPSE_AT_MOST = 100


def begin(row: Mediation) -> CourtConfirmation:
    """Let the thirty days run from an agreement in writing, inside the command that makes it."""
    assert row.agreed_on is not None
    made: CourtConfirmation = CourtConfirmation.objects.create(
        community_id=row.community_id,
        mediation=row,
        due_by=mediation_terms.court_due(row.agreed_on, is_workday=load_calendar().is_workday),
    )
    mediation_duties.open_court(row, made)
    return made


@command("voice.ask_court")
def apply(
    *,
    actor: Actor,
    mediation: UUID,
    court: str,
    applied_on: date,
    their_number: str = "",
    at: datetime,
    key: UUID | None = None,
) -> CourtConfirmation:
    """Write down that the sides asked the court together; raises Invalid for a day after the thirty days."""
    row, one = _found(actor, mediation, "court_apply")
    after = states.next_court(one.state, "court_apply")
    assert row.agreed_on is not None
    mediation_moves.require_past(applied_on, today=local_day(at), field="applied_on", since=row.agreed_on)
    if applied_on > one.due_by:
        raise Invalid(
            fields={"applied_on": [_("The last day was %(day)s.") % {"day": one.due_by.isoformat()}]},
        )
    _save(row, one, after, court=_words(court, "court"), applied_on=applied_on, their_number=_short(their_number))
    return one


@command("voice.note_court_decision")
def decide(
    *,
    actor: Actor,
    mediation: UUID,
    confirmed: bool,
    decided_on: date,
    their_number: str = "",
    at: datetime,
    key: UUID | None = None,
) -> CourtConfirmation:
    """Write down what the court decided."""
    row, one = _found(actor, mediation, "court_decide")
    after = states.next_court(one.state, "court_confirm" if confirmed else "court_refuse")
    mediation_moves.require_past(decided_on, today=local_day(at), field="decided_on")
    if one.applied_on is not None and decided_on < one.applied_on:
        raise Invalid(fields={"decided_on": [_("This day lies before the court was asked.")]})
    number = _short(their_number) or one.their_number
    _save(row, one, after, decided_on=decided_on, their_number=number)
    return one


@command("voice.do_without_court")
def waive(*, actor: Actor, mediation: UUID, at: datetime, key: UUID | None = None) -> CourtConfirmation:
    """Write down that the sides do without the court."""
    row, one = _found(actor, mediation, "court_waive")
    _save(row, one, states.next_court(one.state, "court_waive"))
    return one


@command("voice.lapse_court_days")
def lapse(*, actor: Actor, at: datetime, limit: int = LAPSE_AT_MOST) -> int:
    """Let the thirty days end where nobody asked the court; call it again while it gives `limit`."""
    if not actor.is_system:
        raise NotAllowed
    today = local_day(at)
    with scope.everything():
        due = CourtConfirmation.objects.filter(state=State.POSSIBLE, due_by__lt=today).order_by("pk")
        over = list(due.values_list("mediation_id", flat=True)[:limit])
        for of in over:
            row, one = _found(actor, of, "court_lapse")
            if one.state == State.POSSIBLE:
                _save(row, one, states.next_court(one.state, "court_lapse"))
    return len(over)


def _found(actor: Actor, mediation: UUID, move: str) -> tuple[Mediation, CourtConfirmation]:
    row, _after = mediation_moves.begin(actor, mediation, move)
    one = CourtConfirmation.objects.filter(mediation=row).first()
    if one is None:
        raise Missing(_("There is no written agreement that a court could confirm."))
    return row, one


def _save(row: Mediation, one: CourtConfirmation, state: str, **values: str | date) -> None:
    before = one.state
    values["state"] = state
    for name, value in values.items():
        setattr(one, name, value)
    one.save(update_fields=list(values))
    mediation_duties.close_court(row)
    act().target(row, "court", {"court": [before, state]})


def _words(text: str, field: str) -> str:
    words = " ".join(text.split())
    if not words:
        raise Invalid(fields={field: [_("Please write it down.")]})
    return _short(words, field)


def _short(text: str, field: str = "their_number") -> str:
    words = " ".join(text.split())
    if len(words) > LONGEST:
        raise Invalid(fields={field: [_("At most %(most)d characters.") % {"most": LONGEST}]})
    return words
