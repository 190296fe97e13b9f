"""The part of the sample with opinion maps of the closed year: paper cards and phones, and what both camps share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from django.db import transaction
from django.utils import translation

from lianxin.domain.people.models import Person
from lianxin.domain.places.models import Division
from lianxin.domain.projects.sample.staff import communities_in_order, staff_of
from lianxin.domain.voice.commands import opinion_maps, opinion_voters, opinions, statements
from lianxin.domain.voice.commands.opinion_maps import MapContent
from lianxin.domain.voice.models import OpinionMap
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_moment
from lianxin.platform.sample import Plan

EVERY, FIRST = 31, 3
PHONES, CARDS = 1, (20, 28)
OPEN_DAYS = 16
ERRS, PASSES = 0.12, 0.1
# A statement, what the first camp says of it, what the second one says: 1, -1 or 0.
View = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked in a month, what two camps say to each statement, and one more that somebody sent in."""

    month: int
    question: str
    words: str
    statements: tuple[View, ...]
    sent_in: View


QUESTIONS = (
    Question(
        3,
        "小区中间的空地做什么好",
        "空地两百平方米，今年有一笔改造的钱。意见收到月底，结果大家都能看。",
        (
            ("老人要有坐下来晒太阳的地方", 1, 1),
            ("先划停车位，车都没地方停", -1, 1),
            ("小孩要有滑梯和沙坑", 1, -1),
            ("多种树，不要水泥地", 1, 0),
            ("晚上要有灯", 1, 1),
            ("放几张下棋的石桌", 1, 0),
            ("电动车充电棚放在这里最合适", -1, 1),
        ),
        ("不管做什么，消防车要进得来", 1, 1),
    ),
    Question(
        6,
        "广场舞怎么跳，大家都过得去",
        "跳舞的和怕吵的都说说。每句话选同意、不同意或跳过。",
        (
            ("晚上九点以后不放音乐", 1, 1),
            ("音响朝着路那边放", 1, 1),
            ("早上六点就可以跳", 1, -1),
            ("音量请人量一量，定一个数", 1, 1),
            ("干脆不要在小区里跳", -1, 1),
            ("高考那几天停一停", 1, 1),
            ("跳舞是好事，大家让一让", 1, -1),
        ),
        ("下雨天可以借社区的活动室", 1, 1),
    ),
    Question(
        9,
        "楼道里堆的东西怎么办",
        "消防说要清，有人说没地方放。先听听大家怎么想。",
        (
            ("楼道一样东西都不能放", 1, -1),
            ("鞋架不挡路就可以留", -1, 1),
            ("社区找个地方给大家放杂物", 0, 1),
            ("先打招呼，给一个星期自己搬", 1, 1),
            ("电动车不许上楼", 1, 1),
            ("旧家具请人统一来收", 1, 1),
            ("不搬的就罚款", 1, -1),
        ),
        ("老人家搬不动的，请志愿者帮忙", 1, 1),
    ),
    Question(
        11,
        "食堂明年怎么办下去",
        "食堂今年亏了一点。价钱、菜式、送餐，大家都说说。",
        (
            ("一餐贵一块钱可以接受", 1, -1),
            ("八十岁以上的不要涨", 1, 1),
            ("菜软一点淡一点", 1, 1),
            ("年轻人也可以来吃，多付一些", 1, 0),
            ("送餐要收一块钱跑腿费", 1, -1),
            ("周末也要开", 0, 1),
            ("账每个月贴出来", 1, 1),
        ),
        ("志愿者送餐，攒积分", 1, 1),
    ),
)


def build_opinions(plan: Plan) -> None:
    """Ask what people think in some communities of the closed year, each community once."""
    with translation.override("zh-hans"):
        staff, communities = staff_of(plan), communities_in_order()[FIRST::EVERY]
        with scope.everything():
            begun = set(OpinionMap.objects.filter(is_sample=True).values_list("community_id", flat=True))
        for number, place in enumerate(communities):
            actor = staff.get(place.pk)
            if actor is not None and place.pk not in begun:
                with transaction.atomic(), scope.within(frozenset({place.pk})):
                    _ask(plan, place, actor, QUESTIONS[number % len(QUESTIONS)])
            plan.tell("opinion maps", (number + 1) / len(communities))


def _ask(plan: Plan, place: Division, actor: Actor, asked: Question) -> None:
    dice = plan.random("opinions", place.code)
    opened = local_moment(date(plan.told_year, asked.month, dice.randint(4, 9)), time(9))
    row = opinion_maps.draft(
        actor=actor,
        community=place.pk,
        content=MapContent(question=asked.question, words=asked.words),
        statements=[words for words, _first, _second in asked.statements],
        is_sample=True,
        at=opened - timedelta(days=2),
    )
    opinion_maps.open_map(actor=actor, opinion_map=row.pk, at=opened)
    sender = _add(place, actor, row.pk, asked, opened + timedelta(hours=11))
    views = (*asked.statements, asked.sent_in)
    for voter in (sender, *_neighbours(plan, place, row.pk, dice)):
        _by_phone(place, row.pk, voter, views, dice, opened + timedelta(days=dice.randint(1, 4), hours=10))
    cards = dice.randint(*CARDS)
    for number in range(1, cards + 1):
        entered = opened + timedelta(days=2 + OPEN_DAYS * number // (2 * cards), hours=6, minutes=number)
        opinions.enter_card(
            actor=actor, opinion_map=row.pk, card=str(number), marks="".join(_marks(views, dice)), at=entered
        )
    closed = opened + timedelta(days=OPEN_DAYS, hours=8)
    opinion_maps.close(actor=actor, opinion_map=row.pk, at=closed)
    opinion_maps.draw(actor=Actor.system(via="cli"), opinion_map=row.pk, at=closed + timedelta(minutes=1))


def _add(place: Division, actor: Actor, opinion_map: UUID, asked: Question, at: datetime) -> str:
    """Let somebody send one more statement in, and the office show it; gives who sent it, as the map knows them."""
    voter = opinion_voters.key_of(opinion_map, person=None, word=f"sample {place.code}")
    sent = statements.suggest(
        actor=Actor.anonymous(via="cli"),
        opinion_map=opinion_map,
        words=asked.sent_in[0],
        voter=voter,
        at=at,
    )
    statements.decide(actor=actor, statement=sent.pk, is_shown=True, at=at + timedelta(hours=14))
    return voter


def _neighbours(plan: Plan, place: Division, opinion_map: UUID, dice: Random) -> list[str]:
    """Give some residents as the map knows them."""
    living = Person.objects.filter(community=place, state=Person.State.LIVING, birth_on__lt=plan.day(30 * 366))
    people = list(living.order_by("pk").values_list("pk", flat=True))
    chosen = dice.sample(people, min(PHONES, len(people)))
    return [opinion_voters.key_of(opinion_map, person=one, word="") for one in chosen]


def _by_phone(
    place: Division, opinion_map: UUID, voter: str, views: tuple[View, ...], dice: Random, at: datetime
) -> None:
    shown = {row.words: row.pk for row in OpinionMap.objects.get(pk=opinion_map).statements.all()}  # type: ignore[attr-defined]
    is_second = dice.random() < 0.5
    for number, view in enumerate(views):
        opinions.answer(
            actor=Actor.anonymous(via="cli"),
            opinion_map=opinion_map,
            statement=shown[view[0]],
            value=_value(view, dice, is_second=is_second),
            voter=voter,
            at=at + timedelta(minutes=number),
        )


def _marks(views: tuple[View, ...], dice: Random) -> list[str]:
    is_second = dice.random() < 0.4
    return ["-0+"[_value(view, dice, is_second=is_second) + 1] for view in views]


def _value(view: View, dice: Random, *, is_second: bool) -> int:
    said, turn = view[2] if is_second else view[1], dice.random()
    if turn < PASSES:
        return 0
    return -said if turn < PASSES + ERRS else said
