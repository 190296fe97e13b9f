"""The parts that the shop module contributes to the sample district."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time

from lianxin.domain.people.commands.organisations import register_organisation
from lianxin.domain.people.models import Organisation
from lianxin.domain.points.sample.pilots import Pilot, find_pilots
from lianxin.domain.points.sample.story import OTHER_STEPS, Step
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_moment
from lianxin.platform.sample import Plan

from . import opening, redeeming
from .catalogue import CAR_WASH

CAR_WASH_NAME = f"龙湖{CAR_WASH}(样例)"


def plan_supermarkets(plan: Plan) -> None:
    """Let what happens in the supermarkets stand between what happens in the passbooks, in the order of time."""
    _register_car_wash(plan)
    plan.notes.setdefault(OTHER_STEPS, []).append(_steps)


def _steps(pilot: Pilot) -> Iterator[Step]:
    counter = opening.find_counter(pilot)
    if counter is not None:
        yield from opening.beginnings(counter)
        yield from redeeming.redemptions(counter)
        yield from redeeming.vouchers(counter)


def _register_car_wash(plan: Plan) -> None:
    with scope.everything():
        if Organisation.objects.filter(name=CAR_WASH_NAME).exists():
            return
    pilots = find_pilots(plan)
    if pilots:
        register_organisation(
            actor=Actor.system(via="cli"),
            name=CAR_WASH_NAME,
            roles=["merchant"],
            communities=[pilot.community.pk for pilot in pilots],
            at=local_moment(date(pilots[0].first_year, 1, 2), time(10)),
        )
