"""Locking a mediation, letting its table decide, and what every move of it has in common."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.voice import policy
from lianxin.domain.voice.commands import found
from lianxin.domain.voice.models import Mediation
from lianxin.domain.voice.rules import mediation_states as states
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act
from lianxin.platform.errors import Invalid
from lianxin.platform.sensitive import Sealed, seal

SUBJECT = "voice.mediation.subject_words"
STATE_WORDS = "voice.mediation.state_words"
NAME = "voice.mediationparty.name"
PHONE = "voice.mediationparty.phone"
TALK = "voice.mediationtalk.words"
CLAUSE = "voice.mediationclause.words"
LONGEST = {SUBJECT: 1000, STATE_WORDS: 500, NAME: 60, TALK: 4000, CLAUSE: 1000}


def who_is(actor: Actor, row: Mediation) -> states.Who:
    """Tell as what somebody acts on a mediation; raises NotAllowed for who keeps nothing in its community."""
    policy.require(policy.may_keep(actor, row.community_id))
    if actor.is_system:
        return "system"
    return "mediator" if policy.may_unseal(actor, row.community_id, row.mediator) else "keeper"


def begin(actor: Actor, pk: UUID, move: str, *, version: int | None = None) -> tuple[Mediation, str]:
    """Lock a mediation and give it with the state after a move, which is not set yet.

    Raises Missing, NotAllowed, OnlyMediator, NotPossible or EditedMeanwhile.
    """
    row = found.locked(Mediation, pk)
    after = states.next_state(row.state, move, who_is(actor, row))
    found.require_version(row, version)
    return row, after


def save(row: Mediation, verb: str, after: str = "", **values: Any) -> None:
    """Write a move down: the new state, what else changed, and the audit; no words of the quarrel enter the log."""
    before = row.state
    values["state"] = after or before
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*values, "version"])
    act().target(row, verb, {"state": [before, row.state]})


def sealed(text: str, purpose: str, *, field: str, required: bool = True) -> Sealed | None:
    """Seal words after a look at their length; raises Invalid at the field."""
    words = "\n".join(line.rstrip() for line in text.strip().splitlines()).replace("\x00", "")
    if not words:
        if required:
            raise Invalid(fields={field: [_("Please write it down.")]})
        return None
    if len(words) > LONGEST[purpose]:
        raise Invalid(fields={field: [_("At most %(most)d characters.") % {"most": LONGEST[purpose]}]})
    return seal(words, purpose)


def must_seal(text: str, purpose: str, *, field: str) -> Sealed:
    """Seal words that must be there; raises Invalid at the field."""
    done = sealed(text, purpose, field=field)
    assert done is not None
    return done


def require_past(on: date, *, today: date, field: str, since: date | None = None) -> None:
    """Refuse a day that is still to come, or lies before what it follows."""
    if on > today:
        raise Invalid(fields={field: [_("This day is still to come.")]})
    if since is not None and on < since:
        raise Invalid(fields={field: [_("This day lies before the agreement.")]})


def name_of(row: Mediation) -> str:
    """Name a mediation by its number, which tells nothing."""
    return _("Mediation No. %(number)d") % {"number": row.number}
