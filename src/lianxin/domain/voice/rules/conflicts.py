"""Whether a mediator has a tie to a side of the quarrel: what the register knows, and what the mediator declares.

The People's Mediation Law asks for mediators who are fair (art. 14) and corrects or dismisses who sides with one party
(art. 15); so nobody mediates where they are near to one side.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from lianxin.platform.errors import Refused

SELF, HOUSEHOLD, PROXY, PHONE, ORGANISATION = "self", "household", "proxy", "phone", "organisation"
SENTENCES: dict[str, Any] = {
    SELF: _("You are one of the sides."),
    HOUSEHOLD: _("You live, or lived, in one household with one of the sides."),
    PROXY: _("You act for one of the sides, or one of them acts for you."),
    PHONE: _("You have the same phone number as one of the sides."),
    ORGANISATION: _("You work for an organisation that is one of the sides."),
}
# What a mediator is asked and answers; each tie named makes somebody else the mediator.
DECLARED: dict[str, Any] = {
    "kin": _("kin or related by marriage"),
    "close": _("a close friend, or an old quarrel"),
    "work": _("work for them, or they for me"),
    "money": _("money lent, owed or shared"),
    "party": _("I have an interest in the outcome myself"),
}


class ConflictOfInterest(Refused):
    """The mediator is near to one of the sides."""

    title = _("Somebody else must mediate here.")


@dataclass(frozen=True, slots=True)
class Near:
    """What the register knows of somebody: who they are, with whom they live or lived, for whom they work."""

    person: UUID | None = None
    account: UUID | None = None
    households: frozenset[UUID] = frozenset()
    organisations: frozenset[UUID] = frozenset()
    # Digests of their numbers.
    phones: frozenset[str] = frozenset()
    # Persons and accounts that act for them, or for whom they act.
    links: frozenset[UUID] = field(default_factory=frozenset)


def ties(mediator: Near, sides: Iterable[Near]) -> tuple[str, ...]:
    """Give which ties there are between a mediator and any of the sides, each once, in a fixed order."""
    found: set[str] = set()
    for side in sides:
        if side.person is not None and side.person == mediator.person:
            found.add(SELF)
        elif mediator.households & side.households:
            found.add(HOUSEHOLD)
        if _linked(mediator, side) or _linked(side, mediator):
            found.add(PROXY)
        if mediator.phones & side.phones and SELF not in found:
            found.add(PHONE)
        if mediator.organisations & side.organisations:
            found.add(ORGANISATION)
    return tuple(kind for kind in SENTENCES if kind in found)


def require_none(found: Collection[str]) -> None:
    """Refuse a mediator with ties, with a sentence for each."""
    if found:
        raise ConflictOfInterest(
            " ".join([*(str(SENTENCES[kind]) for kind in SENTENCES if kind in found), str(ConflictOfInterest.title)])
        )


def _linked(one: Near, other: Near) -> bool:
    return any(pk is not None and pk in one.links for pk in (other.person, other.account))
