"""The part of the sample district about visits: some made in the last months, some planned, promises owed and kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from django.db import transaction
from django.utils import translation

from lianxin.domain.needs.commands import visit_history
from lianxin.domain.needs.commands.promises import end_promise
from lianxin.domain.needs.commands.recording import record_visit
from lianxin.domain.needs.commands.visit_history import PastPromise, PastVisit
from lianxin.domain.needs.commands.visits import plan as plan_visits
from lianxin.domain.needs.models import Visit, VisitPromise
from lianxin.domain.needs.rules.visit_records import Made, VisitRecord, Wish
from lianxin.domain.people.models import Person
from lianxin.domain.people.queries.staff import list_roster
from lianxin.domain.places.models import Division, Level
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, local_moment
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
    share = max(1, len(homes) // 8)
    made, worker = min(MADE_MOST, share), workers[0]
    lately = [_lately(plan, home, dice, is_elder=is_elder) for home, is_elder in homes[:made]]
    last_year = [
        _last_year(plan, home, dice, is_elder=is_elder) for home, is_elder in homes[-min(CLOSED_YEAR_MOST, share) :]
    ]
    over = [one for one in (*last_year, *lately) if one.is_over]
    visit_history.take_in(
        actor=_actor(),
        community=place.pk,
        visits=[one.as_past(worker, plan.at) for one in over],
        is_sample=True,
        at=plan.at,
    )
    for one in lately:
        if not one.is_over:
            _make(plan, place.pk, one, worker, dice)
    planned = homes[made : made + min(PLANNED_MOST, share)]
    _plan_ahead(plan, place.pk, planned, workers, dice)


@dataclass(frozen=True, slots=True)
class _Met:
    """A visit as it went: what was promised and wished for, and whether the promise was kept since."""

    home: UUID
    reason: str
    began: datetime
    ended: datetime
    outcome: str
    note: str = ""
    promise: tuple[str, str] | None = None
    due_on: date | None = None
    is_kept: bool = True
    wish: str = ""

    @property
    def is_over(self) -> bool:
        """Tell whether nothing is left to do: somebody was met or the visit not wanted, and nothing is owed."""
        return self.outcome != "absent" and not self.wish and (self.promise is None or self.is_kept)

    def as_past(self, worker: UUID, latest: datetime) -> PastVisit:
        """Give it as a book of visits has it."""
        kept: tuple[PastPromise, ...] = ()
        if self.promise is not None:
            ended = min(self.ended + timedelta(days=2), latest)
            kept = (PastPromise(self.promise[0], self.promise[1], ended, self.due_on),)
        return PastVisit(
            household=self.home,
            started_at=self.began,
            ended_at=self.ended,
            outcome=self.outcome,
            reason=self.reason,
            worker=worker,
            note=self.note,
            promises=kept,
        )


def _last_year(plan: Plan, home: UUID, dice: Random, *, is_elder: bool) -> _Met:
    # Who was not in was visited again within the week, so only what came of it is told.
    outcome = dice.choices(("done", "refused"), (0.93, 0.07))[0]
    on = date(plan.told_year, 1, 15) + timedelta(days=dice.randrange(330))
    return _met(plan, home, dice, on=on, outcome=outcome, is_elder=is_elder, is_kept=True)


def _lately(plan: Plan, home: UUID, dice: Random, *, is_elder: bool) -> _Met:
    outcome = dice.choices(("done", "absent", "refused"), (0.84, 0.12, 0.04))[0]
    # Where nobody was in somebody comes again within a week, so that was lately.
    days = dice.randint(2, 5) if outcome == "absent" else dice.randint(3, DAYS)
    is_kept = dice.random() < 0.5
    met = _met(plan, home, dice, on=plan.day(days), outcome=outcome, is_elder=is_elder, is_kept=is_kept)
    return replace(met, wish=dice.choice(WISHES)) if outcome == "done" and dice.random() < 0.2 else met


def _met(plan: Plan, home: UUID, dice: Random, *, on: date, outcome: str, is_elder: bool, is_kept: bool) -> _Met:
    began = local_moment(on, time(dice.randint(9, 17), dice.choice((0, 10, 25, 40))))
    ended = began + timedelta(minutes=dice.randint(10, 45))
    reason = "alone" if is_elder else "round"
    if outcome != "done":
        return _Met(home, reason, began, ended, outcome)
    promise = dice.choice(PROMISES) if dice.random() < 0.6 else None
    due_on = _soon(plan, ended, dice, is_kept=is_kept) if promise else None
    return _Met(home, reason, began, ended, outcome, dice.choice(NOTES), promise, due_on, is_kept)


def _make(plan: Plan, community: UUID, met: _Met, worker: UUID, dice: Random) -> None:
    """Plan a visit and write it down: somebody has to come again, or to keep or do something."""
    on = local_day(met.began)
    [pk] = plan_visits(
        actor=_actor(),
        community=community,
        households=[met.home],
        reason=met.reason,
        due_on=on,
        is_sample=True,
        at=local_moment(on - timedelta(days=3), time(9)),
    )
    key = deterministic_id(pk, "sample")
    record = VisitRecord(
        record=key,
        visit=pk,
        outcome=met.outcome,
        started_at=met.began,
        ended_at=met.ended,
        note=met.note,
        made=(Made(deterministic_id(key, "made"), met.promise[0], met.due_on),) if met.promise else (),
        wishes=(Wish(deterministic_id(key, "wish"), met.wish),) if met.wish else (),
    )
    record_visit(actor=_actor(), record=record, by=worker, at=met.ended)
    if met.promise and met.is_kept:
        _keep(pk, met.promise[1], min(met.ended + timedelta(days=2), plan.at))


def _plan_ahead(
    plan: Plan, community: UUID, homes: Sequence[tuple[UUID, bool]], workers: Sequence[UUID], dice: Random
) -> None:
    """Plan the next rounds: one visit is late already, the others come in the next two weeks, two by two."""
    rounds = [homes[:1], *(homes[start : start + 2] for start in range(1, len(homes), 2))]
    for number, some in enumerate(rounds):
        days_ago, ahead = (6, 4) if not number else (1, 1 + dice.randint(1, 13))
        if some:
            plan_visits(
                actor=_actor(),
                community=community,
                households=[home for home, _is_elder in some],
                reason="alone" if all(is_elder for _home, is_elder in some) else dice.choice(("round", "round", "new")),
                due_on=plan.day(days_ago) + timedelta(days=ahead),
                worker=dice.choice(workers) if dice.random() < 0.85 else None,
                is_sample=True,
                at=plan.moment(days_ago, 16),
            )


def _soon(plan: Plan, ended: datetime, dice: Random, *, is_kept: bool) -> date:
    """Give the day of a promise: of those that are open most lie ahead, so that not everything on Today is late."""
    days = dice.randint(2, 12)
    lies_ahead = dice.random() < 0.8 and not is_kept
    return plan.today + timedelta(days=days) if lies_ahead else ended.date() + timedelta(days=days)


def _keep(visit: UUID, result: str, at: datetime) -> None:
    with scope.everything():
        found = list(VisitPromise.objects.filter(visit=visit, state=VisitPromise.State.OPEN))
    for row in found:
        end_promise(actor=_actor(), promise=row.pk, state="kept", result=result, at=at)


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
