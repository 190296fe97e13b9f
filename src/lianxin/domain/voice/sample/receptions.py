"""The part of the sample with reception days everywhere: what was said on the last ones, and which come next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from django.db import transaction
from django.utils import translation

from lianxin.domain.people.models import Person
from lianxin.domain.places.models import Division
from lianxin.domain.projects.sample.staff import communities_in_order, staff_of
from lianxin.domain.voice.commands import commitments, reception_history, reception_places
from lianxin.domain.voice.commands.reception_history import PastDay, PastGuest, PastSeries
from lianxin.domain.voice.models import ReceptionDay, ReceptionPlace, ReceptionSeries
from lianxin.domain.voice.rules import receptions as rules
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_moment
from lianxin.platform.sample import Plan
from lianxin.platform.workcalendar import load_calendar

from .cases import CUIYING

PAST_DAYS = 59
MISSED_SHARE, ALONE_SHARE, PROMISED_SHARE = 0.06, 0.08, 0.25
# Kind, title, how often, when it begins, how long it is, how long a slot is.
SECRETARY = ("secretary", "书记连心日", "FREQ=MONTHLY;BYMONTHDAY=15", time(9), 150, 25)
HALL = ("hall", "金邻议事厅", "FREQ=MONTHLY;BYDAY=2TH", time(15), 120, 30)
EVENING = ("evening", "党群夜话", "FREQ=WEEKLY;BYDAY=WE", time(19, 30), 90, 30)
TALKS = (
    ("楼道的灯总是坏，能不能换成感应的", "已经报给物业，一周内换"),
    ("想要一个能下棋的地方", "活动室下午空着，周一起开放"),
    ("孩子暑假没人带", "暑期托管班下个月开始报名"),
    ("老人想量血压，不想跑医院", "健康小屋每周二有医生来"),
    ("停车的事谈了两次没结果", "这件事转到议事厅，请物业一起来"),
    ("食堂的菜有点咸", "跟食堂说了，下周起少放盐"),
    ("低保的表不会填", "当场帮着填好，材料已经收齐"),
    ("楼上晚上拖椅子", "社区去楼上说，送了一套脚垫"),
)
PROMISES = ("请物业把这件事办好，并回个话", "联系相关部门，问清楚再答复", "下次接待日当面说明进展")
# In the closed year 翠英's secretary received every week, the others once a month.
EVERY_WEEK, EVERY_MONTH = "FREQ=WEEKLY;BYDAY=FR", "FREQ=MONTHLY;BYDAY=2WE"
MONTHS_OF_STORMS = (7, 9)
ABSENT_SHARE = 0.12
WHY_MISSED = ("书记参加区里的会，没有改期", "台风停工，未能举行")


def build_receptions(plan: Plan) -> None:
    """Give every community of the sample its reception days, each community whole or not at all."""
    with translation.override("zh-hans"):
        with scope.everything():
            begun = set(ReceptionSeries.objects.order_by().values_list("community_id", flat=True).distinct())
        staff, communities = staff_of(plan), communities_in_order()
        for number, community in enumerate(communities, start=1):
            actor = staff.get(community.pk)
            if community.pk not in begun and actor is not None:
                with transaction.atomic(), scope.within(frozenset({community.pk})):
                    _tell_closed_year(plan, community, actor)
                    _give_days(plan, community, actor, number)
            plan.tell("receptions", number / len(communities))


def _grown_ups(plan: Plan, place: Division) -> list[UUID]:
    living = Person.objects.filter(community=place, state=Person.State.LIVING, birth_on__lt=plan.day(30 * 366))
    return list(living.order_by("pk").values_list("pk", flat=True))


def _tell_closed_year(plan: Plan, place: Division, actor: Actor) -> None:
    """Take over the secretary's days of the closed year from their register."""
    dice = plan.random("receptions of the closed year", place.code)
    first, last = date(plan.told_year, 1, 8), date(plan.told_year, 12, 27)
    recurrence = EVERY_WEEK if place.code == CUIYING else EVERY_MONTH
    kind, title, _often, starts, minutes, slot = SECRETARY
    is_holiday, people = load_calendar().is_holiday, _grown_ups(plan, place)
    on = [day for day in rules.read(recurrence).dates(first=first, until=last) if not is_holiday(day)]
    series = PastSeries(
        kind=kind,
        title=title,
        recurrence=recurrence,
        starts_time=starts,
        minutes=minutes,
        slot_minutes=slot,
        leader_name=actor.name[:40] or "值班书记",
        leader_title="社区书记",
        place_words="党群服务中心一楼",
        days=[_past_day(day, people, dice) for day in on],
    )
    at = min(local_moment(date(plan.told_year + 1, 1, 8), time(10)), plan.at)
    reception_history.take_in(actor=actor, community=place.pk, series=series, is_sample=True, at=at)


def _past_day(on: date, people: list[UUID], dice: Random) -> PastDay:
    if dice.random() < MISSED_SHARE:
        return PastDay(on, is_missed=True, words=WHY_MISSED[on.month in MONTHS_OF_STORMS])
    guests = list(_past_guests(dice.sample(people, min(len(people), dice.choice((0, 1, 1, 2, 2, 3)))), dice))
    came = sum(bool(one.answered) for one in guests)
    alone = dice.random() < ALONE_SHARE
    words = "书记临时去处理漏水，由副书记接待" if alone else ""
    return PastDay(on, guests, leader_came=not alone, words=words, summary=f"接待 {came} 人。")


def _past_guests(people: list[UUID], dice: Random) -> Iterator[PastGuest]:
    for person in people:
        said, answered = dice.choice(TALKS)
        is_absent = dice.random() < ABSENT_SHARE
        yield PastGuest(person, said[:60], "" if is_absent else said, "" if is_absent else answered)


def _give_days(plan: Plan, place: Division, actor: Actor, number: int) -> None:
    """Take over what the days of the last weeks came to, and let them go on."""
    dice = plan.random("receptions", place.code)
    people = _grown_ups(plan, place)
    kinds = [SECRETARY]
    if number % 2 == 0:
        kinds.append(HALL)
    if number % 6 == 0:
        kinds.append(EVENING)
    for kind, title, recurrence, starts, minutes, slot in kinds:
        on = rules.read(recurrence).dates(first=plan.day(PAST_DAYS), until=plan.day(1))
        past = PastSeries(
            kind=kind,
            title=title,
            recurrence=recurrence,
            starts_time=starts,
            minutes=minutes,
            slot_minutes=slot,
            leader_name=actor.name[:40] or "值班书记",
            leader_title="社区书记" if kind == "secretary" else "社区干部",
            place_words="党群服务中心一楼",
            days=[_past_day(day, people, dice) for day in on],
            goes_on=True,
        )
        series = reception_history.take_in(actor=actor, community=place.pk, series=past, is_sample=True, at=plan.at)
        received = ReceptionPlace.objects.filter(day__series=series, state=ReceptionPlace.State.RECEIVED)
        for one in received.select_related("day").order_by("day__held_on", "slot"):
            if dice.random() < PROMISED_SHARE:
                _promise(actor, one.day, one.pk, dice, until=plan.at)
        _book_next(plan, actor, series, people, dice)


def _promise(actor: Actor, day: ReceptionDay, place: UUID, dice: Random, *, until: datetime) -> None:
    made = commitments.promise(
        actor=actor,
        words=dice.choice(PROMISES),
        owner_name="社区居委会",
        due_by=day.held_on + timedelta(days=14),
        reception=place,
        is_sample=True,
        at=day.ends_at,
    )
    done = day.ends_at + timedelta(days=9)
    if done < until and dice.random() < 0.8:
        commitments.show(actor=actor, commitment=made.pk, evidence="已电话告知本人，并看过现场", at=done)
        commitments.verify(
            actor=actor, commitment=made.pk, kept=True, verifier_name="居民监督小组", at=done + timedelta(hours=2)
        )


def _book_next(plan: Plan, actor: Actor, series: ReceptionSeries, people: list[UUID], dice: Random) -> None:
    """Let some people have a place on the next day."""
    day = ReceptionDay.objects.filter(series=series, starts_at__gt=plan.at, state="planned").order_by("held_on").first()
    if day is None or not people:
        return
    for person in dice.sample(people, min(len(people), dice.randint(0, 2))):
        said, _answered = dice.choice(TALKS)
        reception_places.book(actor=actor, day=day.pk, person=person, about=said[:60], is_sample=True, at=plan.at)
