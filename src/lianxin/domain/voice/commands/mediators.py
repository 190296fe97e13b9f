"""Who mediates: appointed, looked at for ties to the sides, accepted by all of them, or replaced."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.models import Account
from lianxin.domain.people.queries.accounts import actor_for
from lianxin.domain.voice import policy
from lianxin.domain.voice.commands import mediation_duties, mediation_moves
from lianxin.domain.voice.commands.mediations import NoParty, Side
from lianxin.domain.voice.models import Mediation, MediationParty
from lianxin.domain.voice.queries.mediation_ties import ties_of
from lianxin.domain.voice.rules import conflicts
from lianxin.platform.actors import Actor
from lianxin.platform.commands import command
from lianxin.platform.errors import Invalid, Refused

State = Mediation.State
LONGEST_WORDS = 200


class NotLookedAt(Refused):
    """Nobody has looked yet whether the mediator is near to a side."""

    title = gettext_lazy("First say whether you are near to one of the sides.")


class NotAllAgreed(Refused):
    """A side has not agreed to the mediation yet."""

    title = gettext_lazy("Not all sides have agreed to the mediation yet. Ask them first.")


@command("voice.appoint_mediator")
def appoint(
    *,
    actor: Actor,
    mediation: UUID,
    mediator: UUID,
    words: str = "",
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Mediation:
    """Appoint a mediator, or another one: who did it before opens nothing any more, and all sides are asked anew.

    While an agreement is being performed the sides are not asked again; then `words` say what the new mediator answered
    about ties. Raises ConflictOfInterest, Invalid, NotPossible or Missing.
    """
    row, after = mediation_moves.begin(actor, mediation, "appoint", version=version)
    account = Account.objects.filter(pk=mediator, state=Account.State.ACTIVE).first()
    who = actor_for(account=account, at=at) if account is not None else None
    if account is None or who is None or not policy.may_keep(who, row.community_id):
        raise Invalid(fields={"mediator": [_("Choose somebody who works in this community.")]})
    if row.mediator == mediator:
        return row
    _require_no_ties(row, mediator, at=at)
    values: dict[str, Any] = {"conflict_words": "", "conflict_checked_at": None}
    if row.state == State.AGREED:
        said = " ".join(words.split())[:LONGEST_WORDS]
        if not said:
            raise Invalid(fields={"words": [_("Write down what the new mediator answered about ties to the sides.")]})
        values = {"conflict_words": said, "conflict_checked_at": at}
    before = row.mediator
    if before is not None and row.state != State.AGREED:
        # The sides accept a mediator, not any (art. 23).
        MediationParty.objects.filter(mediation=row).update(agreed_at=None)
    mediation_moves.save(
        row,
        "mediator appointed" if before is None else "mediator replaced",
        after,
        mediator=mediator,
        mediator_name=(account.display_name or who.name)[:40],
        accepted_at=row.accepted_at if row.state == State.AGREED else None,
        **values,
    )
    mediation_duties.hand_on(row, at=at)
    return row


@command("voice.step_down_as_mediator")
def step_down(*, actor: Actor, mediation: UUID, at: datetime, key: UUID | None = None) -> Mediation:
    """Give a mediation back, as one who is near to a side must: somebody else is to be appointed."""
    row, after = mediation_moves.begin(actor, mediation, "step_down")
    MediationParty.objects.filter(mediation=row).update(agreed_at=None)
    mediation_moves.save(
        row,
        "mediator stepped down",
        after,
        mediator=None,
        mediator_name="",
        conflict_words="",
        conflict_checked_at=None,
        accepted_at=None,
    )
    mediation_duties.hand_on(row, at=at)
    return row


@command("voice.declare_no_ties")
def declare(
    *,
    actor: Actor,
    mediation: UUID,
    ties: Collection[str] = (),
    words: str = "",
    at: datetime,
    key: UUID | None = None,
) -> Mediation:
    """Write down what the mediator answered about ties to the sides; with any tie, or one that the register knows,
    it is refused and somebody else must mediate. Raises ConflictOfInterest.
    """
    row, after = mediation_moves.begin(actor, mediation, "declare")
    if set(ties) - set(conflicts.DECLARED):
        raise Invalid(fields={"ties": [_("Choose from the list.")]})
    _require_no_ties(row, row.mediator, at=at)
    if ties:
        named = [str(label) for tie, label in conflicts.DECLARED.items() if tie in ties]
        raise conflicts.ConflictOfInterest(
            _("You named a tie to a side: %(ties)s. Step down, and somebody else mediates.")
            % {"ties": _(", ").join(named)}
        )
    said = _("Asked about kin, friendship or quarrel, work, money, own interest: none of them.")
    more = " ".join(words.split())[:LONGEST_WORDS]
    mediation_moves.save(
        row, "ties looked at", after, conflict_words=f"{said} {more}".strip()[:300], conflict_checked_at=at
    )
    return row


@command("voice.accept_mediation")
def accept(
    *, actor: Actor, mediation: UUID, version: int | None = None, at: datetime, key: UUID | None = None
) -> Mediation:
    """Accept a mediation: both sides are named, all agreed, and the mediator has no tie to any of them.

    Raises NoParty, NotLookedAt, ConflictOfInterest, NotAllAgreed or NotPossible.
    """
    row, after = mediation_moves.begin(actor, mediation, "accept", version=version)
    parties = list(MediationParty.objects.filter(mediation=row))
    if {one.side for one in parties} != set(Side.values):
        raise NoParty
    if row.conflict_checked_at is None:
        raise NotLookedAt
    # The register may have learnt of a tie since.
    _require_no_ties(row, row.mediator, at=at)
    if any(one.agreed_at is None for one in parties):
        raise NotAllAgreed
    mediation_moves.save(row, "accepted", after, accepted_at=at)
    mediation_duties.look_at_begin(row, at=at)
    return row


def _require_no_ties(row: Mediation, mediator: UUID | None, *, at: datetime) -> None:
    assert mediator is not None
    conflicts.require_none(ties_of(row, mediator, at=at))
