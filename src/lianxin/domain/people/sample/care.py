"""Who needs care, who agreed to what, who holds a card and who acts for whom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from uuid import UUID

from lianxin.domain.people.commands.cards import issue_card
from lianxin.domain.people.commands.consents import give_consent
from lianxin.domain.people.commands.proxies import link_proxy
from lianxin.domain.people.commands.vulnerabilities import record_vulnerability
from lianxin.domain.people.rules.new_people import NewPerson
from lianxin.domain.people.rules.persons import age_on
from lianxin.domain.places.models import Division
from lianxin.platform.sample import Plan

from .households import Home

CARD_SHARE = 0.1
FAMILY_SHARE = 0.16
NOTICE_SHARE = 0.03
GUARDIAN_SHARE = 0.03


def build_care(plan: Plan, division: Division, homes: list[Home]) -> None:
    """Enter what the community's staff know of these households."""
    dice = plan.random("care", division.code, homes[0].household.number)
    for home in homes:
        for person in home.household.members:
            age = age_on(person.birth_on, plan.today) or 0
            for kind in _needs(dice, home, person, age):
                _record(plan, division, dice, person.id, kind)
            if age >= 60:
                _for_elder(plan, division, dice, home, person)
            elif age >= 18 and person.phone and dice.random() < NOTICE_SHARE:
                _agree(plan, division, dice, person.id, "notices", "screen")
        _guardian(plan, division, dice, home)


def _needs(dice: Random, home: Home, person: NewPerson, age: int) -> Iterator[str]:
    """Give the kinds of need of one person, by shares as communities report them."""
    chance = dice.random
    if home.kind == "elder_alone":
        yield "living_alone"
    if home.kind == "elder_couple" and person.relation == "head" and chance() < 0.6:
        yield "couple_alone"
    if chance() < (0.055 if age >= 60 else 0.014):
        yield "disabled"
    if person.relation == "head" and chance() < 0.034:
        yield "low_income"
    if age >= 65 and chance() < 0.06:
        yield "chronic_illness"
    if age >= 75 and chance() < 0.05:
        yield "dementia"
    if age >= 80 and chance() < 0.05:
        yield "bedridden"
    if home.kind == "with_grandchild" and person.relation == "grandchild" and chance() < 0.5:
        yield "left_behind_child"


def _record(plan: Plan, division: Division, dice: Random, person: UUID, kind: str) -> None:
    days_ago = dice.randint(35, 700)
    record_vulnerability(
        actor=plan.actor(division.pk),
        person=person,
        kind=kind,
        source=dice.choice(("visit", "visit", "family", "self", "department")),
        since_on=plan.day(days_ago),
        at=plan.moment(dice.randint(0, 28), 15),
    )


def _agree(plan: Plan, division: Division, dice: Random, person: UUID, purpose: str, how: str) -> UUID:
    at = plan.moment(dice.randint(1, 27), dice.randint(8, 17))
    return give_consent(actor=plan.actor(division.pk), person=person, purpose=purpose, how=how, at=at).pk


def _for_elder(plan: Plan, division: Division, dice: Random, home: Home, person: NewPerson) -> None:
    """Some elders hold a card, and let a child of the same household act for them."""
    actor = plan.actor(division.pk)
    if dice.random() < CARD_SHARE:
        _agree(plan, division, dice, person.id, "card", "paper")
        issue_card(actor=actor, person=person.id, at=plan.moment(dice.randint(0, 20), 11))
    if home.kind == "three_generations" and person.relation == "parent" and dice.random() < FAMILY_SHARE:
        agent = next(member for member in home.household.members if member.relation in ("head", "spouse"))
        receipt = _agree(plan, division, dice, person.id, "proxy", "paper")
        link_proxy(
            actor=actor,
            principal=person.id,
            kind="family",
            acts=["sign_up", "meals", "desk"],
            from_on=plan.today,
            until_on=plan.today + timedelta(days=365),
            agent_person=agent.id,
            consent=receipt,
            at=plan.at,
        )


def _guardian(plan: Plan, division: Division, dice: Random, home: Home) -> None:
    """Some parents are on record as guardians, with their consent for the child's data."""
    head = home.household.members[0]
    for child in home.household.members:
        if (
            child.relation != "child"
            or (age_on(child.birth_on, plan.today) or 0) >= 13
            or dice.random() > GUARDIAN_SHARE
        ):
            continue
        if (age_on(head.birth_on, plan.today) or 0) < 18 or child.birth_on is None:
            continue
        link_proxy(
            actor=plan.actor(division.pk),
            principal=child.id,
            kind="guardian",
            acts=["all"],
            from_on=plan.day(20),
            until_on=_grown_up(child.birth_on),
            agent_person=head.id,
            at=plan.moment(20),
        )
        give_consent(
            actor=plan.actor(division.pk),
            person=child.id,
            purpose="child_data",
            how="paper",
            by="guardian",
            by_person=head.id,
            at=plan.moment(19),
        )


def _grown_up(birth_on: date) -> date:
    try:
        return birth_on.replace(year=birth_on.year + 18)
    except ValueError:
        return date(birth_on.year + 18, 3, 1)
