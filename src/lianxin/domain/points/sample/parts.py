"""The parts that the points module contributes to the sample district."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import translation

from lianxin.platform.sample import Plan

from .campaigns import campaigns, examples
from .opening import beginnings, booklets, budgets, paper_passbooks, people_of_trust
from .pilots import Pilot, find_pilots
from .story import Step, seals, tell, told_by_others
from .trust import notices, years


def build_passbooks(plan: Plan) -> None:
    """Let the pilot communities keep passbooks from the first year to the sample's day, one community after another."""
    with translation.override("zh-hans"):
        pilots = find_pilots(plan)
        for number, pilot in enumerate(pilots, start=1):
            tell(pilot, [*_steps(pilot, pilots), *told_by_others(plan, pilot), *seals(pilot)])
            plan.tell("passbooks", number / len(pilots))


def _steps(pilot: Pilot, pilots: list[Pilot]) -> Iterator[Step]:
    yield from beginnings(pilot)
    yield from budgets(pilot)
    yield from paper_passbooks(pilot, pilots)
    yield from campaigns(pilot)
    yield from examples(pilot)
    yield from notices(pilot)
    yield from years(pilot)
    yield from booklets(pilot)
    yield from people_of_trust(pilot)
