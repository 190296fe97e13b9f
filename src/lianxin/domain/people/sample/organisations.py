"""Organisations: the hosts of the stations, and partners, merchants, donors, public bodies and Party branches."""

from __future__ import annotations

from random import Random
from typing import Any
from uuid import UUID

from lianxin.domain.people.commands.consents import load_purposes
from lianxin.domain.people.commands.organisations import register_organisation
from lianxin.domain.people.models import Organisation
from lianxin.domain.people.purposes import shipped_register
from lianxin.domain.places.commands.venues import set_venue_host
from lianxin.engines.identity import uscc_check_character
from lianxin.platform.actors import Actor
from lianxin.platform.sample import Plan

from .names import Names, phone_number

BODIES = ("自然资源分局", "城市管理局", "民政局", "司法所", "派出所", "供电局", "水务集团", "中学")
BRANCHES = ("机关党支部", "律师行业党支部", "医院第三党支部", "个体工商户联合党支部")
OTHERS_IN_FULL = 26
FIRST_DAYS_AGO = 430


def build_organisations(plan: Plan) -> None:
    """Enter the purposes and consent texts, then the organisations, and name the stations' hosts."""
    system = Actor.system(via="cli")
    load_purposes(actor=system, register=shipped_register(), at=plan.moment(FIRST_DAYS_AGO))
    names = Names(plan.data_dir)
    for venue in plan.notes["venues"]:
        if venue.kind == "station":
            host = _register(plan, names, f"{venue.host_name}(样例)", ["host"], [venue.community_id])
            set_venue_host(actor=system, venue=venue.pk, host_name=host.name, host_organisation_id=host.pk, at=plan.at)
    communities = [division.pk for division in plan.notes["communities"]]
    count = max(8, round(OTHERS_IN_FULL * len(communities) / 125))
    plan.notes["organisations"] = {}
    for number, (name, roles) in enumerate(_others(plan, names, count)):
        dice = plan.random("organisation communities", number)
        near = dice.sample(communities, min(len(communities), dice.randint(1, 6)))
        if number < 4 and communities[0] not in near:
            near[0] = communities[0]
        made = _register(plan, names, f"{name}(样例)", roles, near)
        for role in roles:
            plan.notes["organisations"].setdefault(role, made)


def _others(plan: Plan, names: Names, count: int) -> list[tuple[str, list[str]]]:
    dice = plan.random("organisations")
    firsts = names.organisations["first"]
    found: dict[str, list[str]] = {}
    kinds: list[dict[str, Any]] = [row for row in names.organisations["kinds"] if row["kind"] != "host"]
    while len(found) < count:
        turn = len(found) % 5
        if turn < 3:
            row = kinds[turn % len(kinds)]
            name, roles = dice.choice(firsts) + dice.choice(row["tails"]), [row["kind"]]
            if row["kind"] == "merchant" and dice.random() < 0.3:
                roles.append("donor")
        elif turn == 3:
            name, roles = "龙湖区" + dice.choice(BODIES), ["public_body", "partner"]
        else:
            name, roles = dice.choice(firsts) + dice.choice(BRANCHES), ["party_branch"]
        if name in found:
            name = f"{name}{'二三四五六七八九'[len(found) % 8]}部"
        found.setdefault(name, roles)
    return list(found.items())


def _register(plan: Plan, names: Names, name: str, roles: list[str], communities: list[UUID]) -> Organisation:
    dice = plan.random("organisation", name)
    return register_organisation(
        actor=Actor.system(via="cli"),
        name=name,
        roles=roles,
        communities=communities,
        uscc=_credit_code(dice),
        contact_name=names.surname(dice) + names.given(dice, "f", 1985),
        phone=phone_number(dice),
        agreement_from=plan.day(300),
        agreement_until=plan.day(-430),
        at=plan.moment(FIRST_DAYS_AGO),
    )


def _credit_code(dice: Random) -> str:
    body = f"91440507MAY9{dice.randrange(10**5):05d}"
    return body + uscc_check_character(body)
