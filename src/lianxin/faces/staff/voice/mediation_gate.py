"""Who may open the pages of mediations: who keeps the community; words are opened by the mediator alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from lianxin.domain.voice import policy
from lianxin.domain.voice.models import MediationClause, MediationParty, MediationTalk
from lianxin.domain.voice.queries import mediations
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import NotAllowed

from ..access import PRESS, READ, SEND, View, guard


def open_mediation(actor: Actor, mediation: UUID) -> mediations.MediationBundle:
    """Open a mediation in scope, without its words; raises Missing."""
    with scope.within(actor.communities):
        return mediations.find_mediation(actor, mediation)


def open_own(actor: Actor, mediation: UUID) -> mediations.MediationBundle:
    """Open a mediation for its mediator; raises Missing, or NotAllowed for everybody else who keeps the community."""
    bundle = open_mediation(actor, mediation)
    if not bundle.is_mediator:
        raise NotAllowed
    return bundle


def open_party(actor: Actor, party: UUID) -> MediationParty:
    """Open one side in scope; raises Missing."""
    return _part(mediations.find_party, actor, party)


def open_talk(actor: Actor, talk: UUID) -> MediationTalk:
    """Open one talk in scope; raises Missing."""
    return _part(mediations.find_talk, actor, talk)


def open_clause(actor: Actor, clause: UUID) -> MediationClause:
    """Open one clause in scope; raises Missing."""
    return _part(mediations.find_clause, actor, clause)


def _part(find: Callable[[Actor, UUID], Any], actor: Actor, pk: UUID) -> Any:
    with scope.within(actor.communities):
        return find(actor, pk)


def reading(view: View) -> View:
    """Let those who keep a community read a page."""
    return guard(READ, seen_by=policy.may_keep_any)(view)


def sending(view: View) -> View:
    """Let those who keep a community open and send a form."""
    return guard(SEND, seen_by=policy.may_keep_any)(view)


def pressing(view: View) -> View:
    """Take a button from those who keep a community."""
    return guard(PRESS, seen_by=policy.may_keep_any)(view)
