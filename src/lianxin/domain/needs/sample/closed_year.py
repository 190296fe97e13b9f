"""What people of the sample asked for in the closed year, and how each of it ended: entered at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from django.db import transaction
from django.utils import translation

from lianxin.domain.needs.commands.hearing import Voice, hear_many
from lianxin.domain.needs.commands.listing import Beginning, Ending, list_many
from lianxin.domain.needs.models import Need, NeedReport
from lianxin.domain.people.models import Person
from lianxin.domain.places.models import Division, Level
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_moment
from lianxin.platform.sample import Plan

from .parts import HOW, MET, UNMET
from .sentences import WISHES, Wish, sentence

VOICES_PER_RESIDENT, FEWEST, MOST = 0.2, 4, 48
MET_SHARE = 0.72
FIRST_DAY, LAST_DAY = 8, 330
Somebody = tuple[UUID, UUID, bool]


def build_closed_year(plan: Plan) -> None:
    """Let every community of the sample have asked in the closed year, each community whole or not at all."""
    with translation.override("zh-hans"):
        with scope.everything():
            communities = list(Division.objects.filter(level=Level.COMMUNITY, ended_on=None).order_by("code"))
            told = NeedReport.objects.filter(heard_at__lt=local_moment(date(plan.told_year + 1, 1, 1)))
            begun = set(told.order_by().values_list("community_id", flat=True).distinct())
        for number, community in enumerate(communities, start=1):
            if community.pk not in begun:
                _tell(plan, community)
            plan.tell("needs of the closed year", number / len(communities))


def entered_at(plan: Plan) -> datetime:
    """Give when the lists of the closed year were entered."""
    return min(local_moment(date(plan.told_year + 1, 1, 9), time(10)), plan.at)


def grown_ups(plan: Plan, community: UUID) -> list[Somebody]:
    """Give the grown-ups of a community in a fixed order: person, household, whether they have no phone."""
    with scope.everything():
        living = Person.objects.filter(community=community, state=Person.State.LIVING, birth_on__lt=plan.day(20 * 366))
        return list(living.order_by("pk").values_list("pk", "household_id", "no_phone"))


def _tell(plan: Plan, place: Division) -> None:
    dice, people = plan.random("needs of the closed year", place.code), grown_ups(plan, place.pk)
    left = min(MOST, max(FEWEST, round(len(people) * VOICES_PER_RESIDENT)))
    wishes = [(wish, code) for code in WISHES for wish in WISHES[code]]
    dice.shuffle(wishes)
    voices: list[Voice] = []
    beginnings: list[Beginning] = []
    for wish, code in wishes:
        if left <= 0:
            break
        count = min(left, 1 + int(dice.expovariate(0.62)))
        left -= count
        places = range(len(voices), len(voices) + count)
        first = date(plan.told_year, 1, 1) + timedelta(days=dice.randint(FIRST_DAY, LAST_DAY))
        voices += [_voice(wish, code, first + timedelta(days=dice.randint(0, 9)), people, dice) for _one in places]
        beginnings.append(Beginning(wish.title, code, wish.group, voices=list(places), ending=_ending(dice)))
    actor, at = Actor.system(via="cli"), entered_at(plan)
    with transaction.atomic():
        made = hear_many(actor=actor, community=place.pk, voices=voices, is_sample=True, at=at)
        list_many(actor=actor, community=place.pk, reports=made, beginnings=beginnings, is_sample=True, at=at)


def _voice(wish: Wish, code: str, on: date, people: Sequence[Somebody], dice: Random) -> Voice:
    who = dice.choice(people) if people and dice.random() < 0.86 else None
    return Voice(
        words=sentence(wish, dice),
        how=dice.choice(HOW),
        person=who[0] if who else None,
        household=who[1] if who else None,
        is_anonymous=who is None,
        channel="none" if who is None else "paper" if who[2] else "phone",
        people=1 if dice.random() < 0.8 else dice.randint(2, 6),
        heard_at=local_moment(on, time(dice.randint(8, 20), dice.choice((0, 10, 25, 40)))),
        category=code,
    )


def _ending(dice: Random) -> Ending:
    if dice.random() < MET_SHARE:
        return Ending(state=Need.State.MET, days=dice.randint(6, 75), words=dice.choice(MET), says=dice.random())
    reason, words = dice.choice(UNMET)
    return Ending(state=Need.State.UNMET, days=dice.randint(5, 40), reason=reason, words=words)
