"""The part that the needs module contributes to the sample district: what people said in the last months."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time, timedelta
from random import Random
from uuid import UUID

from django.db import transaction
from django.utils import translation

from lianxin.domain.needs.commands.hearing import Voice, hear_many
from lianxin.domain.needs.commands.listing import Beginning, Ending, list_many
from lianxin.domain.needs.models import Need, NeedReport
from lianxin.domain.needs.rules import times
from lianxin.domain.people.models import Person
from lianxin.domain.places.models import Division, Level
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_moment
from lianxin.platform.sample import Plan

from .sentences import WISHES, Wish, sentence

VOICES_PER_RESIDENT, ENTRIES_PER_VOICE = 0.62, 0.46
LEAST_VOICES, MOST_VOICES = 6, 140
UNREAD_SHARE, NEW_SHARE, ANONYMOUS_SHARE, GUEST_SHARE = 0.04, 0.05, 0.08, 0.07
DAYS = 300
RECENT = 26
HOW = ("page", "desk", "desk", "phone", "visit", "visit", "survey", "paper")
CHANNELS = ("sms", "sms", "phone", "paper", "none")
# What is asked most, as the article and the field say it; the rest comes up now and then.
OFTEN = {"A01": 3, "A02": 4, "A04": 3, "B07": 3, "B08": 2, "C01": 3, "D01": 3, "D04": 3, "E03": 2, "E05": 4}
UNMET = (
    ("no_resource", "现在还没有单位能提供这项服务，我们继续找，找到就告诉您。"),
    ("too_few", "目前报名的人太少，凑不成一场。再有几位就能办，我们先记着。"),
    ("no_money", "今年的经费已经排满，明年开春我们会再提。"),
    ("no_time", "能来的师傅时间对不上，我们在问别的师傅。"),
)

MET = (
    "您提的事办好了。有没有帮上忙，请告诉我们一声。",
    "已经请人来办过了，以后每月都有。办得怎么样，请您说一句。",
    "联系到了能帮忙的单位，这件事办成了。还有不周到的地方请告诉我们。",
)


def build_needs(plan: Plan) -> None:
    """Let every community of the sample say what it needs, each community whole or not at all."""
    with translation.override("zh-hans"):
        with scope.everything():
            communities = list(Division.objects.filter(level=Level.COMMUNITY, ended_on=None).order_by("code"))
            lately = NeedReport.objects.filter(heard_at__gte=plan.moment(DAYS + 1))
            begun = set(lately.order_by().values_list("community_id", flat=True).distinct())
        for number, community in enumerate(communities, start=1):
            if community.pk not in begun:
                _tell(plan, community)
            plan.tell("needs", number / len(communities))


def _tell(plan: Plan, place: Division) -> None:
    # The code and not the id: wherever the sample is built, the same is said.
    dice, community = plan.random("needs", place.code), place.pk
    with scope.everything():
        living = Person.objects.filter(community=community, state=Person.State.LIVING, birth_on__lt=plan.day(18 * 366))
        people = list(living.order_by("pk").values_list("pk", "household_id", "no_phone"))
    voices: list[Voice] = []
    beginnings: list[Beginning] = []
    for wish, code in _wanted(len(people), dice):
        first = len(voices)
        voices.extend(_voice(plan, wish, code, people, dice) for _turn in range(_askers(dice)))
        if dice.random() > UNREAD_SHARE:
            beginnings.append(_beginning(plan, wish, code, range(first, len(voices)), dice))
    actor = Actor.system(via="cli")
    fresh = _new_voices(plan, people, dice, count=max(2, int(len(voices) * NEW_SHARE)))
    with transaction.atomic():
        made = hear_many(actor=actor, community=community, voices=[*voices, *fresh], is_sample=True, at=plan.at)
        list_many(actor=actor, community=community, reports=made, beginnings=beginnings, is_sample=True, at=plan.at)


def _wanted(people: int, dice: Random) -> list[tuple[Wish, str]]:
    """Give what a community of this size asks for, often asked things more often."""
    size = min(MOST_VOICES, max(LEAST_VOICES, round(people * VOICES_PER_RESIDENT)))
    codes = [code for code in WISHES for _turn in range(OFTEN.get(code, 1))]
    count = max(3, round(size * ENTRIES_PER_VOICE))
    pairs = [(wish, code) for code in codes for wish in WISHES[code]]
    dice.shuffle(pairs)
    found: dict[str, tuple[Wish, str]] = {}
    for wish, code in pairs:
        if len(found) < count:
            found.setdefault(wish.title, (wish, code))
    return list(found.values())


def _askers(dice: Random) -> int:
    return min(14, 1 + int(dice.expovariate(0.62)))


def _voice(
    plan: Plan, wish: Wish, code: str, people: Sequence[tuple[UUID, UUID, bool]], dice: Random, *, recent: bool = False
) -> Voice:
    days = dice.randint(0, RECENT) if recent else min(DAYS, int(dice.expovariate(1 / 80)))
    heard = min(local_moment(plan.day(days), time(dice.randint(8, 20), dice.choice((0, 10, 25, 40)))), plan.at)
    who = dice.choice(people) if people and dice.random() > ANONYMOUS_SHARE + GUEST_SHARE else None
    is_anonymous = who is None and dice.random() < 0.5
    channel = "none" if who is None else "paper" if who[2] else dice.choice(CHANNELS)
    suits = dice.choice(list(times.SPOKEN)) if dice.random() < 0.4 else ""
    return Voice(
        words=sentence(wish, dice),
        how=dice.choice(HOW),
        person=who[0] if who else None,
        household=who[1] if who else None,
        is_anonymous=is_anonymous,
        channel=channel,
        people=1 if dice.random() < 0.8 else dice.randint(2, 6),
        times_mask=times.mask_of([suits]),
        is_urgent=dice.random() < 0.02,
        heard_at=heard,
        category=code,
    )


def _new_voices(plan: Plan, people: Sequence[tuple[UUID, UUID, bool]], dice: Random, *, count: int) -> list[Voice]:
    """Give what was said in the last days and nobody has read yet: without a category, for the classifier."""
    found = []
    for _turn in range(count):
        code = dice.choice(sorted(WISHES))
        voice = _voice(plan, dice.choice(WISHES[code]), "", people, dice, recent=True)
        days = timedelta(days=dice.randint(0, 2), hours=dice.randint(1, 8))
        found.append(Voice(**{name: getattr(voice, name) for name in Voice.__slots__} | {"heard_at": plan.at - days}))
    return found


def _beginning(plan: Plan, wish: Wish, code: str, voices: range, dice: Random) -> Beginning:
    """Give an entry with what became of it: most are open, as their services are planned by the projects' part."""
    turn = dice.random()
    ending = None
    if turn < 0.16:
        ending = Ending(state=Need.State.MET, days=dice.randint(6, 60), words=dice.choice(MET), says=dice.random())
    elif turn < 0.22:
        reason, words = dice.choice(UNMET)
        ending = Ending(state=Need.State.UNMET, days=dice.randint(5, 40), reason=reason, words=words)
    return Beginning(title=wish.title, category=code, target_group=wish.group, voices=list(voices), ending=ending)
