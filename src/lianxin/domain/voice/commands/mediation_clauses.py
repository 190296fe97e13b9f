"""The agreement, clause by clause: written, agreed to by all sides, signed, in effect; clauses become commitments."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.voice.commands import (
    commitments,
    court,
    mediation_duties,
    mediation_figures,
    mediation_moves,
    mediation_visits,
    promised_words,
)
from lianxin.domain.voice.models import Mediation, MediationClause, MediationParty
from lianxin.domain.voice.rules import mediation_terms
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import command
from lianxin.platform.errors import Invalid, Missing, Refused

MOST_CLAUSES = 60


class NoClause(Refused):
    """There is nothing to agree on."""

    title = gettext_lazy("Write down at least one clause first: who does what by when.")


class ClauseOpen(Refused):
    """A clause was not agreed to by all sides."""

    title = gettext_lazy("Not all clauses are agreed yet. Agree on each of them, or take it out.")


class NotSigned(Refused):
    """A side has not signed."""

    title = gettext_lazy("Not all sides have signed yet. Let them sign, or say that the agreement is oral.")


@command("voice.write_mediation_clause")
def write(
    *,
    actor: Actor,
    mediation: UUID,
    words: str,
    clause: UUID | None = None,
    party: UUID | None = None,
    due_by: date | None = None,
    at: datetime,
    key: UUID | None = None,
) -> MediationClause:
    """Write a clause, or another wording of one, which all sides then agree to anew; the words are sealed."""
    row, after = mediation_moves.begin(actor, mediation, "write_clause")
    sealed = mediation_moves.must_seal(words, mediation_moves.CLAUSE, field="words")
    if due_by is not None:
        promised_words.check_day(due_by, at=at)
    side = None
    if party is not None:
        side = MediationParty.objects.filter(pk=party, mediation=row).first()
        if side is None:
            raise Invalid(fields={"party": [_("Choose who does it.")]})
    if clause is None:
        last = row.clauses.aggregate(last=Max("number"))["last"] or 0
        if last >= MOST_CLAUSES:
            raise Invalid(fields={"words": [_("At most %(most)d clauses.") % {"most": MOST_CLAUSES}]})
        one = MediationClause(community_id=row.community_id, mediation=row, number=last + 1)
    else:
        one = _clause(row, clause)
    one.words, one.party, one.due_by, one.agreed_at = sealed, side, due_by, None
    one.save()
    # What was signed was another wording.
    row.parties.update(signed_at=None)
    mediation_moves.save(row, "clause written", after)
    return one


@command("voice.remove_mediation_clause")
def remove(*, actor: Actor, clause: UUID, at: datetime, key: UUID | None = None) -> Mediation:
    """Take a clause out; those after it move up."""
    row, after, one = _of_clause(actor, clause, "write_clause")
    number = one.number
    one.delete()
    for later in row.clauses.filter(number__gt=number).order_by("number"):
        later.number -= 1
        later.save(update_fields=["number"])
    row.parties.update(signed_at=None)
    mediation_moves.save(row, "clause taken out", after)
    return row


@command("voice.agree_mediation_clause")
def agree_clause(
    *, actor: Actor, clause: UUID, agreed: bool = True, at: datetime, key: UUID | None = None
) -> MediationClause:
    """Write down that all sides agree to a clause, or that they do not any more."""
    row, after, one = _of_clause(actor, clause, "agree_clause")
    if agreed != (one.agreed_at is not None):
        one.agreed_at = at if agreed else None
        one.save(update_fields=["agreed_at"])
        mediation_moves.save(row, "clause agreed" if agreed else "clause open again", after)
    return one


@command("voice.sign_mediation")
def sign(*, actor: Actor, party: UUID, at: datetime, key: UUID | None = None) -> Mediation:
    """Write down that a side has signed the written agreement (art. 29); raises NoClause or ClauseOpen."""
    of = MediationParty.objects.filter(pk=party).values_list("mediation_id", flat=True).first()
    if of is None:
        raise Missing
    row, after = mediation_moves.begin(actor, of, "sign")
    _require_agreed(row)
    MediationParty.objects.filter(pk=party, signed_at=None).update(signed_at=at)
    mediation_moves.save(row, "a side signed", after)
    return row


@command("voice.agree_mediation")
def agree(
    *,
    actor: Actor,
    mediation: UUID,
    is_oral: bool = False,
    agreed_on: date | None = None,
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Mediation:
    """Put the agreement into effect: clauses with a day become commitments, visits are planned, the court's days run.

    Raises NoClause, ClauseOpen, NotSigned, Invalid or NotPossible.
    """
    row, after = mediation_moves.begin(actor, mediation, "agree", version=version)
    clauses = _require_agreed(row)
    if not is_oral and row.parties.filter(signed_at=None).exists():
        raise NotSigned
    today = local_day(at)
    day = agreed_on or today
    mediation_moves.require_past(day, today=today, field="agreed_on")
    if row.accepted_at is not None and day < local_day(row.accepted_at):
        raise Invalid(fields={"agreed_on": [_("This day lies before the mediation was accepted.")]})
    mediation_moves.save(row, "agreed", after, agreed_on=day, is_oral=is_oral)
    _drop_planned(row)
    for one in clauses:
        if one.due_by is not None:
            commitments.promise_inside(
                words=_("Clause %(clause)d of mediation No. %(number)d") % {"clause": one.number, "number": row.number},
                owner_name=_owner(one),
                due_by=max(one.due_by, today),
                clause=one,
                is_sample=row.is_sample,
                at=at,
            )
    mediation_visits.plan_first(
        row, mediation_terms.visit_days([one.due_by for one in clauses], agreed_on=day), today=today
    )
    if not is_oral:
        court.begin(row)
    mediation_figures.note_agreed(row)
    return row


def _drop_planned(row: Mediation) -> None:
    for talk in row.talks.filter(held_at=None):
        mediation_duties.close_talk(talk)
        talk.delete()


def _owner(one: MediationClause) -> str:
    if one.party is None:
        return _("all sides of the mediation")
    return _("a side of the mediation: %(side)s") % {"side": one.party.get_side_display()}


def _require_agreed(row: Mediation) -> list[MediationClause]:
    clauses = list(row.clauses.select_related("party").order_by("number"))
    if not clauses:
        raise NoClause
    if any(one.agreed_at is None for one in clauses):
        raise ClauseOpen
    return clauses


def _clause(row: Mediation, pk: UUID) -> MediationClause:
    one: MediationClause | None = row.clauses.filter(pk=pk).first()
    if one is None:
        raise Missing
    return one


def _of_clause(actor: Actor, pk: UUID, move: str) -> tuple[Mediation, str, MediationClause]:
    of = MediationClause.objects.filter(pk=pk).values_list("mediation_id", flat=True).first()
    if of is None:
        raise Missing
    row, after = mediation_moves.begin(actor, of, move)
    return row, after, _clause(row, pk)
