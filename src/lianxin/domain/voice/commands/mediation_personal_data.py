"""What mediations hold about one person: sealed words go to nobody but the mediator, and end after five years."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lianxin.domain.people.models import Person
from lianxin.domain.voice.commands import mediation_moves as moves
from lianxin.domain.voice.models import Mediation, MediationClause, MediationParty, MediationTalk
from lianxin.domain.voice.rules import titles
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.sensitive import Sealed, Unreadable, seal

SEALED_DAYS = 1826
"""Five years after a mediation ended its words, names and numbers are forgotten; tier, outcome and days stay."""
AT_ONCE = 200
FORGOTTEN = "—"


def export_rows(person: UUID) -> list[dict[str, Any]]:
    """Give in which mediations somebody was a side, and how they ended; the words are with the mediator."""
    with scope.everything():
        rows = MediationParty.objects.filter(person=person).select_related("mediation")
        return [
            {
                "number": row.mediation.number,
                "tier": row.mediation.tier,
                "side": row.side,
                "asked_at": row.mediation.asked_at.isoformat(),
                "agreed_to_it_at": row.agreed_at.isoformat() if row.agreed_at else "",
                "signed_at": row.signed_at.isoformat() if row.signed_at else "",
                "state": row.mediation.state,
                "agreed_on": row.mediation.agreed_on.isoformat() if row.mediation.agreed_on else "",
                "words": _("sealed: ask the mediator for the agreement"),
            }
            for row in rows.order_by("pk")
        ]


def erase_rows(person: UUID, actor: Actor, at: datetime) -> list[str]:
    """Take a person out of mediations: their name and number go, and the name is starred in the sealed words."""
    with scope.everything():
        names = list(Person.objects.filter(pk=person).values_list("name", flat=True))
        parties = list(MediationParty.objects.filter(person=person))
        for one in parties:
            known = [*names, _read(one.name)]
            one.person, one.phone, one.name = None, None, seal(FORGOTTEN, moves.NAME)
            one.save(update_fields=["person", "phone", "name"])
            _star(Mediation.objects.get(pk=one.mediation_id), known)
    return [_("That a mediation was held and how it ended, without a name.")] if parties else []


def purge_sealed(at: datetime) -> int:
    """Forget the words, names and numbers of mediations that ended so long ago; gives how many mediations."""
    with scope.everything():
        rows = list(_old(at).order_by("pk")[:AT_ONCE])
        wanted = [row.pk for row in rows]
        MediationParty.objects.filter(mediation__in=wanted).update(
            person=None, organisation=None, phone=None, name=seal(FORGOTTEN, moves.NAME)
        )
        MediationTalk.objects.filter(mediation__in=wanted).update(words=None)
        MediationClause.objects.filter(mediation__in=wanted).update(words=seal(FORGOTTEN, moves.CLAUSE))
        Mediation.objects.filter(pk__in=wanted).update(
            subject_words=seal(FORGOTTEN, moves.SUBJECT), state_words=None, conflict_words=FORGOTTEN
        )
        return len(rows)


def _old(at: datetime) -> QuerySet[Mediation]:
    # What was forgotten is known by its declaration, which no living mediation has.
    return Mediation.objects.filter(ended_at__lt=at - timedelta(days=SEALED_DAYS)).exclude(conflict_words=FORGOTTEN)


def _star(row: Mediation, names: list[str]) -> None:
    row.subject_words = _starred(row.subject_words, moves.SUBJECT, names) or row.subject_words
    row.state_words = _starred(row.state_words, moves.STATE_WORDS, names)
    row.save(update_fields=["subject_words", "state_words"])
    for talk in row.talks.filter(words__isnull=False):
        talk.words = _starred(talk.words, moves.TALK, names)
        talk.save(update_fields=["words"])
    for clause in row.clauses.all():
        clause.words = _starred(clause.words, moves.CLAUSE, names) or clause.words
        clause.save(update_fields=["words"])


def _starred(words: Sealed | None, purpose: str, names: list[str]) -> Sealed | None:
    text = _read(words)
    if not text:
        return words
    return seal(titles.hide(text, names=names), purpose)


def _read(words: Sealed | None) -> str:
    try:
        return words.reveal() if words is not None else ""
    except Unreadable:
        return ""
