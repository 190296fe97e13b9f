"""Votes on pages: a register linked to households, whoever votes, and links that let somebody vote for another."""

from __future__ import annotations

from typing import Any

from lianxin.domain.people.commands.consents import give_consent
from lianxin.domain.people.commands.proxies import link_proxy
from lianxin.domain.people.models import Person
from lianxin.domain.people.queries.proxies import acting_for, find_principal
from lianxin.domain.people.tests.factories import resident
from lianxin.domain.voice.commands import own_ballots, register_links
from lianxin.domain.voice.models import Ballot, RegisterFlat, Vote
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day

from .vote_factories import AT, DAY, Place, make_register, make_vote

SYSTEM = Actor.system(via="cli")
# 陈小明 of home 0 owns two flats and a third with his wife; 林秀英 of home 1 shares one with 黄国华 of home 2.
HOUSE = (
    ("101", "80.00", "陈小明"),
    ("102", "90.50", "陈小明"),
    ("201", "100.25", "林秀英、黄国华"),
    ("301", "70.00", "王一"),
)


def linked_vote(place: Place, **more: Any) -> Vote:
    """An open vote of owners whose flats are linked to homes 0, 1 and 2; the second flat of home 0 is not."""
    register = make_register(place, HOUSE)
    for flat, home in (("101", 0), ("201", 1)):
        link_flat(place, register.pk, flat, place.homes[home].number)
    return make_vote(place, register=register, **more)


def link_flat(place: Place, register: Any, flat: str, number: str) -> RegisterFlat:
    """Link a flat to the household with this number."""
    with scope.everything():
        row = RegisterFlat.objects.get(register=register, flat=flat)
    return register_links.link_flat(actor=place.keeper, flat_row=row.pk, household=number, at=AT)


def vote_as(actor: Actor, vote: Vote, choice: Any = "agree", **more: Any) -> Vote:
    """Vote on a page."""
    said = {"choice": choice} if isinstance(choice, str) else choice
    return own_ballots.cast(actor=actor, vote=vote.pk, choice=said, **{"at": AT} | more)


def counted(vote: Vote) -> dict[str, str]:
    """What each flat says now."""
    with scope.everything():
        rows = Ballot.objects.filter(vote=vote, is_replaced=False).select_related("flat")
        return {one.flat.flat: one.choice["choice"] for one in rows if one.flat is not None}


def let(principal: Person, agent: Person, *acts: str, kind: str = "family") -> None:
    """Let one act for another in these matters; a guardian needs no consent."""
    receipt = None
    if kind != "guardian":
        receipt = give_consent(actor=SYSTEM, person=principal.pk, purpose="proxy", how="paper", at=AT).pk
    link_proxy(
        actor=SYSTEM,
        principal=principal.pk,
        kind=kind,
        acts=acts,
        from_on=local_day(AT),
        until_on=local_day(AT + 30 * DAY),
        agent_person=agent.pk,
        consent=receipt,
        at=AT,
    )


def acting(agent: Person, principal: Person) -> Actor:
    """The actor whom a link makes of somebody."""
    actor = resident(agent)
    return acting_for(actor, find_principal(actor=actor, person=principal.pk, on=local_day(AT)))
