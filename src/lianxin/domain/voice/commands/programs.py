"""Programs of others that bring cases by Open311: let in with a key that is shown once, and ended."""

import base64
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.voice import policy
from lianxin.domain.voice.models import Program
from lianxin.domain.voice.rules.open311 import digest_of
from lianxin.platform import locks
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing

USUAL_DAYS, MOST_DAYS = 365, 1100
SEEN_EVERY = timedelta(minutes=5)
LONGEST = {"name": 60, "contact": 120}


@command("voice.let_program_in")
def let_in(
    *, actor: Actor, name: str, contact: str, days: int = USUAL_DAYS, at: datetime, key: UUID | None = None
) -> Program:
    """Let a program bring cases; its key stands on the row that is given (`secret`), once, and is kept as a digest."""
    policy.require(policy.may_let_programs_in(actor))
    given = {"name": " ".join(name.split()), "contact": " ".join(contact.split())}
    wrong: dict[str, list[str]] = {}
    for field, text in given.items():
        if not text or len(text) > LONGEST[field]:
            wrong[field] = [_("Write this in at most %(most)d characters.") % {"most": LONGEST[field]}]
    if not 1 <= days <= MOST_DAYS:
        wrong["days"] = [_("Choose between 1 and %(most)d days.") % {"most": MOST_DAYS}]
    if wrong:
        raise Invalid(fields=wrong)
    secret = base64.b32encode(secrets.token_bytes(17)).decode().rstrip("=").lower()[:26]
    row = Program.objects.create(
        **given,
        key_digest=digest_of(secret),
        made_by=actor.account,
        made_at=at,
        expires_at=at + timedelta(days=days),
    )
    act().target(row, "let in", {"name": [None, row.name], "expires_at": [None, row.expires_at]})
    row.secret = secret  # type: ignore[attr-defined]
    return row


@command("voice.end_program")
def end(*, actor: Actor, program: UUID, at: datetime, key: UUID | None = None) -> Program:
    """Let a program in no more; what it brought stays. Said twice it stays ended."""
    policy.require(policy.may_let_programs_in(actor))
    row: Program | None = locks.lock_one(Program.objects.filter(pk=program))
    if row is None:
        raise Missing
    if row.ended_at is None:
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        act().target(row, "ended")
    return row


@command("voice.note_program_seen")
def note_seen(*, actor: Actor, program: UUID, at: datetime) -> None:
    """Note that a program came."""
    Program.objects.filter(pk=program).update(last_seen_at=at)


def program_actor(row: Program, communities: frozenset[UUID]) -> Actor:
    """Give as whom a program acts: allowed nothing but to bring cases."""
    return Actor(
        account=None,
        role=policy.PROGRAM,
        communities=communities,
        via="open311",
        roles=frozenset({policy.PROGRAM}),
        name=row.name,
    )
