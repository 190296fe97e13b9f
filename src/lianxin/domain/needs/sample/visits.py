"""The part of the sample district about visits: some made in the last months, some planned, promises owed and kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from django.db import transaction
from django.utils import translation

from lianxin.domain.needs.commands.promises import end_promise
from lianxin.domain.needs.commands.recording import record_visit
from lianxin.domain.needs.commands.visits import plan as plan_visits
from lianxin.domain.needs.models import Visit, VisitPromise
from lianxin.domain.needs.rules.visit_records import Made, VisitRecord, Wish
from lianxin.domain.people.models import Person
from lianxin.domain.people.queries.staff import list_roster
from lianxin.domain.places.models import Division, Level
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_moment
from lianxin.platform.ids import deterministic_id
from lianxin.platform.sample import Plan

MADE_MOST, PLANNED_MOST, CLOSED_YEAR_MOST = 5, 5, 3
DAYS = 80
NOTES = (
    "老人家精神不错，刚从市场买菜回来。厨房的灯有点暗。",
    "膝盖疼，上下楼不方便，平时邻居帮忙带菜。",
    "一家人都在，孩子上三年级，问寒假有没有托管。",
    "老人耳朵不太好，说话要大声一点，孩子在深圳。",
    "刚搬来两个月，还不熟，把社区的电话留给他们了。",
    "身体还好，想找人一起喝茶下棋。",
)
# What was promised, and how it went where it was kept.
PROMISES = (
    ("帮忙问医保报销要带哪些材料", "问清楚了，材料清单已经送到"),
    ("联系师傅来看厨房的灯", "师傅周三来修好了"),
    ("把活动的时间表送来", "时间表送到了，还教了怎么报名"),
    ("陪去卫生站量血压", "周五陪去量了，血压正常"),
    ("问一下适老化改造怎么申请", "申请表拿来了，一起填好交了"),
)
WISHES = ("想有人来教老人用手机看病挂号", "希望楼下的路灯能亮一点", "想请人上门给老人剪头发")


def build_visits(plan: Plan) -> None:
    """Let each community of the sample visit some of its households, each community whole or not at all."""
    with translation.override("zh-hans"):
        with scope.everything():
            communities = list(Division.objects.filter(level=Level.COMMUNITY, ended_on=None).order_by("code"))
            begun = set(Visit.objects.order_by().values_list("community_id", flat=True).distinct())
        for number, community in enumerate(communities, start=1):
            if community.pk not in begun:
                with transaction.atomic():
                    _visit(plan, community)
            plan.tell("visits", number / len(communities))


def _visit(plan: Plan, place: Division) -> None:
    dice = plan.random("visits", place.code)
    homes = _homes(plan, place.pk, dice)
    workers = _workers(plan, place.pk)
    if not homes or not workers:
        return
    made = min(MADE_MOST, max(1, len(homes) // 8))
    for home, is_elder in homes[:made]:
        _make(plan, place.pk, home, workers[0], dice, is_elder=is_elder)
    last_year = homes[-min(CLOSED_YEAR_MOST, max(1, len(homes) // 8)) :]
    for home, is_elder in last_year:
        # Who was not in was visited again within the week, so only what came of it is told.
        outcome = dice.choices(("done", "refused"), (0.93, 0.07))[0]
        on = date(plan.told_year, 1, 15) + timedelta(days=dice.randrange(330))
        _make_on(plan, place.pk, home, workers[0], dice, on=on, outcome=outcome, is_elder=is_elder)
    planned = homes[made : made + min(PLANNED_MOST, max(1, len(homes) // 8))]
    for number, (home, is_elder) in enumerate(planned):
        # One is late already, the others come in the next two weeks.
        days_ago, ahead = (6, 4) if not number else (1, 1 + dice.randint(1, 13))
        plan_visits(
            actor=_actor(),
            community=place.pk,
            households=[home],
            reason="alone" if is_elder else dice.choice(("round", "round", "new")),
            due_on=plan.day(days_ago) + timedelta(days=ahead),
            worker=dice.choice(workers) if dice.random() < 0.85 else None,
            is_sample=True,
            at=plan.moment(days_ago, 16),
        )


def _make(plan: Plan, community: UUID, home: UUID, worker: UUID, dice: Random, *, is_elder: bool) -> None:
    outcome = dice.choices(("done", "absent", "refused"), (0.84, 0.12, 0.04))[0]
    # Where nobody was in somebody comes again within a week, so that was lately.
    days = dice.randint(2, 5) if outcome == "absent" else dice.randint(3, DAYS)
    _make_on(plan, community, home, worker, dice, on=plan.day(days), outcome=outcome, is_elder=is_elder)


def _make_on(
    plan: Plan, community: UUID, home: UUID, worker: UUID, dice: Random, *, on: date, outcome: str, is_elder: bool
) -> None:
    began = local_moment(on, time(dice.randint(9, 17), dice.choice((0, 10, 25, 40))))
    ended = began + timedelta(minutes=dice.randint(10, 45))
    [pk] = plan_visits(
        actor=_actor(),
        community=community,
        households=[home],
        reason="alone" if is_elder else "round",
        due_on=on,
        is_sample=True,
        at=local_moment(on - timedelta(days=3), time(9)),
    )
    with scope.everything():
        row = Visit.objects.get(pk=pk)
    record_visit(actor=_actor(), record=_record(row, outcome, began, ended, dice, plan), by=worker, at=ended)
    if on.year == plan.told_year or dice.random() < 0.5:
        _keep(pk, ended + timedelta(days=2), plan.at)


def _record(row: Visit, outcome: str, began: datetime, ended: datetime, dice: Random, plan: Plan) -> VisitRecord:
    key = deterministic_id(row.pk, "sample")
    met = outcome == "done"
    made: tuple[Made, ...] = ()
    if met and dice.random() < 0.6:
        due = _soon(plan, ended, dice)
        made = (Made(deterministic_id(key, "made"), dice.choice(PROMISES)[0], due),)
    wishes = (Wish(deterministic_id(key, "wish"), dice.choice(WISHES)),) if met and dice.random() < 0.2 else ()
    return VisitRecord(
        record=key,
        visit=row.pk,
        outcome=outcome,
        started_at=began,
        ended_at=ended,
        note=dice.choice(NOTES) if met else "",
        made=made,
        wishes=wishes,
    )


def _soon(plan: Plan, ended: datetime, dice: Random) -> date:
    """Give the day of a promise: most lie ahead, so that not everything on Today is late."""
    days = dice.randint(2, 12)
    if ended.year == plan.told_year:
        return ended.date() + timedelta(days=days)
    return plan.today + timedelta(days=days) if dice.random() < 0.8 else ended.date() + timedelta(days=days)


def _keep(visit: UUID, at: datetime, latest: datetime) -> None:
    with scope.everything():
        found = list(VisitPromise.objects.filter(visit=visit, state=VisitPromise.State.OPEN))
    for row in found:
        end_promise(
            actor=_actor(), promise=row.pk, state="kept", result=dict(PROMISES).get(row.words, ""), at=min(at, latest)
        )


def _homes(plan: Plan, community: UUID, dice: Random) -> list[tuple[UUID, bool]]:
    """Give households in the order of the rounds: elders who live alone first; and whether it is one of those."""
    with scope.everything():
        people = Person.objects.filter(community=community, state=Person.State.LIVING).order_by("pk")
        living: dict[UUID, list[date | None]] = {}
        for home, born in people.values_list("household", "birth_on"):
            living.setdefault(home, []).append(born)
    before = plan.day(60 * 366)
    alone = [pk for pk, born in living.items() if len(born) == 1 and born[0] is not None and born[0] < before]
    known = set(alone)
    others = [pk for pk in living if pk not in known]
    dice.shuffle(alone)
    dice.shuffle(others)
    half = len(others) // 2
    return [(pk, pk in known) for pk in [*alone[:4], *others[:half], *alone[4:], *others[half:]]]


def _workers(plan: Plan, community: UUID) -> Sequence[UUID]:
    lines = list_roster(on=plan.day(100), communities=frozenset({community}))
    found = [line.account for line in lines if line.role == "community_staff" and line.state == "active"]
    return found or [
        line.account
        for line in list_roster(on=plan.today, communities=frozenset({community}))
        if line.role == "community_staff" and line.state == "active"
    ]


def _actor() -> Actor:
    return Actor.system(via="cli")
