"""The sealed words of a mediation, opened to its mediator and to nobody else; each opening stands in the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.voice.commands import mediation_moves
from lianxin.platform import audit
from lianxin.platform.actors import Actor
from lianxin.platform.commands import command
from lianxin.platform.errors import Invalid
from lianxin.platform.sensitive import Sealed, Unreadable


@dataclass(frozen=True, slots=True)
class Opened:
    """The sealed words of a mediation, as its mediator opened them: by the id of what they belong to."""

    subject: str
    state_words: str
    names: dict[UUID, str]
    phones: dict[UUID, str]
    talks: dict[UUID, str]
    clauses: dict[UUID, str]


@command("voice.open_mediation")
def open_words(*, actor: Actor, mediation: UUID, reason: str, at: datetime, key: UUID | None = None) -> Opened:
    """Open the sealed words to the mediator; that and why they were opened stands in the log. Raises OnlyMediator."""
    row, _after = mediation_moves.begin(actor, mediation, "open")
    why = " ".join(reason.split())
    if not why:
        raise Invalid(fields={"reason": [_("Say why you open it. It is written in the log.")]})
    audit.record_look(actor=actor, record=row, field="words", reason=why[:200], at=at)
    parties = list(row.parties.all())
    return Opened(
        subject=read(row.subject_words),
        state_words=read(row.state_words),
        names={one.pk: read(one.name) for one in parties},
        phones={one.pk: read(one.phone) for one in parties},
        talks={one.pk: read(one.words) for one in row.talks.all()},
        clauses={one.pk: read(one.words) for one in row.clauses.all()},
    )


def read(words: Sealed | None) -> str:
    """Give sealed words in clear, or say that they cannot be read."""
    try:
        return words.reveal() if words is not None else ""
    except Unreadable:
        return _("(cannot be read any more)")
