"""Upgrades in every state; and everything else that is built at the same time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from lianxin.engines.lunar import festivals
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_moment
from lianxin.platform.sample import Plan

from ..commands.upgrade_milestones import add_milestone, finish_milestone
from ..commands.upgrade_money import add_funding, record_spending
from ..commands.upgrade_opening import open_upgrade
from ..commands.upgrades import (
    approve_upgrade,
    cancel_upgrade,
    close_upgrade,
    plan_upgrade,
    start_upgrade,
)
from ..commands.venues import pause_venue
from ..models import Committee, Venue
from .programme import build_produce, build_programme
from .reference import NAMED
from .venues import EVENINGS, GOOD, WEEKEND, WORKING_WEEK

DAYA = "440507010208"
# In which state so many upgrades of a full district are; a small one gets one under way. "told": opened in the closed
# year.
STATES = (
    *("under_way",) * 4,
    *("planned",) * 3,
    *("approved",) * 2,
    *("opened",) * 4,
    *("closed",) * 3,
    "cancelled",
    *("told",) * 4,
)
MILESTONES = (("设计方案通过", 0.15), ("水电改造完成", 0.45), ("装修完工", 0.75), ("验收", 0.92))
SHOPS = ("市政工程公司", "装饰工程公司", "办公家具厂", "空调安装队")
OPENING_MARK = "春节后启用"


@dataclass(frozen=True, slots=True)
class Course:
    """The days of an upgrade: planned, approved, begun, meant to open, opened, closed; None where it never came so far.

    `is_late` lets the second milestone be due some days ago, and not reached.
    """

    planned_on: date
    opening_on: date
    approved_on: date | None = None
    begun_on: date | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    cancelled_on: date | None = None
    is_late: bool = False
    marks: tuple[tuple[str, float], ...] = MILESTONES


def build_upgrades(plan: Plan) -> None:
    """Let some centres be where a district's centres are: planned, under way, opened …"""
    todo = _choose(plan)
    for number, (venue, course) in enumerate(todo):
        _build_upgrade(plan, venue, course)
        plan.tell("upgrades", (number + 1) / len(todo))


def _choose(plan: Plan) -> list[tuple[Venue, Course]]:
    """Pair the centres that are small or weak by design with states; 大衙村's goes on over a Spring Festival.

    Where 大衙村 is not in the district, the first village's is under way; something always is.
    """
    kinds, codes = plan.notes["kinds"], {d.pk: d for d in plan.notes["communities"]}
    centres = [venue for venue in plan.notes["venues"] if venue.kind == "centre"]
    village = [v for v in centres if codes[v.community_id].committee == Committee.VILLAGERS]
    daya = next((v for v in centres if codes[v.community_id].code == DAYA), None)
    first = daya or (village or centres)[0]
    # What 翠英 shows takes place in its own centre, which stays open.
    open_ones = (first, next((v for v in centres if codes[v.community_id].code == NAMED[0]), first))
    needy = [v for v in centres if v not in open_ones and kinds[v.community_id] != GOOD]
    count = min(len(needy), len(STATES) * len(centres) // 125)
    chosen = plan.random("upgrades").sample(needy, count)
    if daya is not None and not chosen:
        chosen = [v for v in (*village, *centres) if v not in open_ones][:1]
    found = [
        (v, _course_of(plan, state, number)) for number, (v, state) in enumerate(zip(chosen, STATES, strict=False))
    ]
    return [(first, _over_spring_festival(plan) if daya else _course_of(plan, "under_way", 0)), *found]


def _over_spring_festival(plan: Plan) -> Course:
    """Give 大衙村's days: planned and begun in the closed year, opened once the Spring Festival was over."""
    year = plan.told_year
    begun = date(year, 8, 12)
    opening = after_spring_festival(begun)
    opened, closed = opening + timedelta(days=7), opening + timedelta(days=95)
    return Course(
        planned_on=date(year, 5, 20),
        approved_on=date(year, 6, 14),
        begun_on=begun,
        opening_on=opening,
        opened_on=opened if opened < plan.today else None,
        closed_on=closed if closed < plan.today else None,
        marks=(*MILESTONES, (OPENING_MARK, 1.0)),
    )


def _course_of(plan: Plan, state: str, number: int) -> Course:
    """Give the days of an upgrade that is in a state on the sample's day."""
    if state == "told":
        opening = date(plan.told_year, 3, 8) + timedelta(days=61 * (number % 4))
        return Course(
            planned_on=opening - timedelta(days=160),
            approved_on=opening - timedelta(days=140),
            begun_on=opening - timedelta(days=110),
            opening_on=opening,
            opened_on=opening,
            closed_on=min(opening + timedelta(days=60), plan.day(1)),
        )
    began = {"planned": 12, "approved": 40, "under_way": 95, "opened": 170, "closed": 240, "cancelled": 130}[state]
    last = {"opened": 25, "closed": 80}.get(state)
    return Course(
        planned_on=plan.day(began),
        opening_on=after_spring_festival(plan.today) if last is None else plan.day(last),
        approved_on=plan.day(began - 10) if state in ("approved", "under_way", "opened", "closed") else None,
        begun_on=plan.day(began - 25) if state in ("under_way", "opened", "closed") else None,
        opened_on=plan.day(last) if last is not None else None,
        closed_on=plan.day(20) if state == "closed" else None,
        cancelled_on=plan.day(began - 30) if state == "cancelled" else None,
        is_late=state == "under_way",
    )


def after_spring_festival(day: date) -> date:
    """Give the day after the next Lantern Festival that is at least a month away: when offices open something new."""
    for year in (day.year, day.year + 1):
        for festival in festivals(year):
            if festival.code == "lantern" and festival.on > day + timedelta(days=30):
                return festival.on + timedelta(days=1)
    return day + timedelta(days=120)


def _build_upgrade(plan: Plan, venue: Venue, course: Course) -> None:
    dice = plan.random("upgrade", venue.name, venue.community_id.int % 997)
    staff, office = plan.actor(venue.community_id), plan.actor("district")
    upgrade = plan_upgrade(
        actor=staff,
        at=_morning(course.planned_on),
        venue=venue.pk,
        title=f"{venue.name}{'一厅五室' if course.begun_on else '扩建'}提升",
        reason="面积小、房间少,晚上没有活动的地方。",
        planned_opening_on=course.opening_on,
        template="one_hall_five_rooms",
    ).pk
    total = dice.randint(30, 90) * 1_000_000
    money = [
        add_funding(
            actor=staff,
            at=_morning(course.planned_on),
            upgrade=upgrade,
            source=source,
            fen=total * share // 100,
            giver=giver,
        )
        for source, share, giver in (
            ("district", 60, "区委组织部"),
            ("subdistrict", 25, "街道办事处"),
            ("donation", 15, "乡贤捐赠"),
        )
    ]
    marks = _milestones(plan, upgrade, staff, course)
    if course.cancelled_on is not None:
        reason = "原址列入征收范围,另选地点。"
        cancel_upgrade(actor=office, at=_morning(course.cancelled_on), upgrade=upgrade, reason=reason)
    if course.approved_on is not None:
        approve_upgrade(actor=office, at=_morning(course.approved_on), upgrade=upgrade, note="同意,按预算执行。")
    if course.begun_on is None:
        return
    _work(plan, venue, upgrade, course.begun_on)
    for number, (mark, due_on) in enumerate(marks):
        ready_on = min(due_on + timedelta(days=dice.randint(-4, 3)), course.opened_on or plan.day(1))
        if course.opened_on is None and (due_on >= plan.today or (course.is_late and number)):
            break
        if course.opened_on is not None and number == len(MILESTONES):
            ready_on = course.opened_on
        at = local_moment(ready_on, time(17))
        finish_milestone(actor=staff, at=at, milestone=mark, done_on=ready_on)
        if number < len(MILESTONES):
            record_spending(
                actor=staff,
                at=at,
                funding=money[number % 2].pk,
                fen=total * dice.randint(6, 11) // 100,
                spent_on=ready_on,
                what=MILESTONES[number][0],
                payee=f"汕头市{dice.choice(SHOPS)}(样例)",
            )
    if course.opened_on is None:
        return
    area = dice.randint(520, 760)
    open_upgrade(
        actor=staff,
        at=local_moment(course.opened_on, time(18)),
        upgrade=upgrade,
        on=course.opened_on,
        area_m2=area,
        resident_area_m2=round(area * 0.72),
        hours=[*WORKING_WEEK, *EVENINGS, *WEEKEND],
    )
    if course.closed_on is not None:
        close_upgrade(actor=staff, at=_morning(course.closed_on), upgrade=upgrade, note="决算完成")


def _morning(on: date) -> datetime:
    return local_moment(on, time(10))


def _milestones(plan: Plan, upgrade: UUID, staff: Actor, course: Course) -> list[tuple[UUID, date]]:
    """Give what is to be reached with its days; of a late one the second was due some days ago."""
    length = (course.opening_on - course.planned_on).days
    found = []
    for number, (name, share) in enumerate(course.marks):
        due_on = course.planned_on + timedelta(days=round(length * share))
        if course.is_late and number == 1:
            due_on = plan.day(6)
        at = _morning(course.planned_on)
        mark = add_milestone(actor=staff, at=at, upgrade=upgrade, name=name, due_on=due_on)
        found.append((mark.pk, due_on))
    return found


def _work(plan: Plan, venue: Venue, upgrade: UUID, on: date) -> None:
    """Close the venue for the work, and say where people go meanwhile."""
    staff, at = plan.actor(venue.community_id), _morning(on)
    words = "施工期间办事到村委会旧办公楼一楼,活动暂停。"
    start_upgrade(actor=staff, at=at, upgrade=upgrade, temporary_arrangement=words)
    pause_venue(actor=staff, venue=venue.pk, on=on, at=at, reason=f"提升改造。{words}")


def build_works(plan: Plan) -> None:
    """Build the pilot programme, the upgrades and the villages' produce."""
    build_programme(plan)
    build_upgrades(plan)
    build_produce(plan)
