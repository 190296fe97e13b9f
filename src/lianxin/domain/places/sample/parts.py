"""The parts that the places module contributes to the sample district."""

from __future__ import annotations

from lianxin.platform.contributions import SamplePart
from lianxin.platform.sample import Plan

from .days import build_days
from .reference import build_reference
from .upgrades import build_produce, build_programme, build_upgrades
from .venues import build_venues


def build_works(plan: Plan) -> None:
    """Build the pilot programme, the upgrades and the villages' produce."""
    build_programme(plan)
    build_upgrades(plan)
    build_produce(plan)


PARTS = (
    SamplePart("divisions", build_reference, order=10),
    SamplePart("venues", build_venues, order=20),
    SamplePart("upgrades", build_works, order=60),
    SamplePart("openings and visits", build_days, order=70),
)
