"""The parts that the bookings module contributes to the sample district."""

from __future__ import annotations

from django.db import transaction
from django.utils import translation

from lianxin.domain.bookings.models import RoomTerms
from lianxin.domain.points.sample.pilots import find_pilots
from lianxin.platform import scope
from lianxin.platform.sample import Plan

from .rooms import find_house, lend


def build_rooms(plan: Plan) -> None:
    """Let the pilots lend their rooms, each pilot whole or not at all."""
    with translation.override("zh-hans"):
        pilots = find_pilots(plan)
        for number, pilot in enumerate(pilots, start=1):
            with scope.everything():
                is_lent = RoomTerms.objects.filter(community=pilot.community).exists()
            house = None if is_lent else find_house(pilot)
            if house is not None:
                with transaction.atomic():
                    lend(house)
            plan.tell("rooms", number / len(pilots))
