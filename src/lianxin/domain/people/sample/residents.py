"""Registers the made-up households, community by community, in batches that keep the memory flat."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice

from lianxin.domain.people.commands.households import register_households
from lianxin.domain.people.rules.new_people import NewHousehold
from lianxin.domain.places.models import Committee, Division
from lianxin.domain.places.sample.venues import weight_of
from lianxin.platform.sample import Plan, SampleLogin

from .care import build_care
from .households import Home, draw_homes
from .names import Names

BATCH = 250
MOVED_IN_SHARE = 0.03
SHOWN_RESIDENTS = 3


def build_residents(plan: Plan) -> None:
    """Register everybody, and what is known about who needs care, who agreed to what and who acts for whom."""
    names = Names(plan.data_dir)
    communities: list[Division] = plan.notes["communities"]
    quota = shares(plan, communities)
    for number, division in enumerate(communities):
        dice = plan.random("homes", division.code)
        homes = draw_homes(
            names,
            dice,
            community=division.pk,
            people=quota[number],
            on=plan.today,
            village=division.committee == Committee.VILLAGERS,
        )
        for part in _batches(homes):
            _register(plan, division, part)
            build_care(plan, division, part)
            if division.code == "440507004020" and not any(login.phone for login in plan.logins):
                plan.logins += _shown(part)
        plan.tell("residents", (number + 1) / len(communities))


def shares(plan: Plan, communities: list[Division]) -> list[int]:
    """Divide the residents by the size of the communities; the parts add up exactly."""
    weights = [weight_of(plan, division) for division in communities]
    total, given, found, so_far = sum(weights), 0, [], 0.0
    for weight in weights:
        so_far += weight
        until = round(plan.residents * so_far / total)
        found.append(until - given)
        given = until
    return found


def _batches(homes: Iterator[Home]) -> Iterator[list[Home]]:
    while part := list(islice(homes, BATCH)):
        yield part


def _register(plan: Plan, division: Division, homes: list[Home]) -> None:
    """Register households as of the month before the closed year, and a few that moved in since or lately."""
    dice = plan.random("moved in", division.code)
    long_here: list[NewHousehold] = []
    since_then: list[NewHousehold] = []
    lately: list[NewHousehold] = []
    since = date(plan.told_year - 1, 12, 1)
    for home in homes:
        chance = dice.random()
        came = lately if chance < MOVED_IN_SHARE else since_then if chance < 3 * MOVED_IN_SHARE else long_here
        came.append(home.household)
    actor = plan.actor(division.pk)
    later = min(date(plan.told_year + 1, 3, 1), plan.day(30))
    for households, on in ((long_here, since), (since_then, later), (lately, plan.day(30))):
        if households:
            on = max(on, division.created_on)
            register_households(actor=actor, households=households, at=plan.moment(29), on=on)


def _shown(homes: list[Home]) -> list[SampleLogin]:
    """Choose residents whose phones are printed: people of all ages who share their number with nobody."""
    everybody = [person for home in homes for person in home.household.members if person.phone]
    phones = [person.phone for person in everybody]
    oldest_first = sorted(
        (p for p in everybody if phones.count(p.phone) == 1 and p.birth_on), key=lambda p: (p.birth_on, p.id)
    )
    step = max(1, len(oldest_first) // SHOWN_RESIDENTS)
    return [
        SampleLogin(login_name="", role="resident", title=person.name, phone=person.phone)
        for person in oldest_first[::step][:SHOWN_RESIDENTS]
    ]
