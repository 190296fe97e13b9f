"""Upgrades in every state, the pilot programme with its two batches, and what the villages grow."""

from __future__ import annotations

import json
from datetime import date, time, timedelta
from uuid import UUID

from lianxin.engines.lunar import festivals
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_moment
from lianxin.platform.sample import Plan

from ..commands.produce import add_produce, show_produce
from ..commands.programmes import add_batch, start_programme
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
from ..models import Committee, Division, Venue
from .reference import NAMED
from .venues import EVENINGS, GOOD, WEEKEND, WORKING_WEEK

DAYA = "440507010208"
# In which state so many upgrades of a full district are; a small one gets one under way.
STATES = ("under_way",) * 4 + ("planned",) * 3 + ("approved",) * 2 + ("opened",) * 4 + ("closed",) * 3 + ("cancelled",)
MILESTONES = (("设计方案通过", 0.15), ("水电改造完成", 0.45), ("装修完工", 0.75), ("验收", 0.92))
SHOPS = ("市政工程公司", "装饰工程公司", "办公家具厂", "空调安装队")
FIRST_BATCH_ON, SECOND_BATCH_ON = date(2024, 1, 1), date(2024, 7, 1)
BATCH_SIZE = 10
PRODUCE = (
    ("薄壳米", "外海捞的薄壳,当天煮当天晒。", "按当天行情", (6, 7, 8, 9)),
    ("草鱼丸", "手打,不加硼砂。", "每斤约25元", ()),
    ("胡萝卜", "沙地种的,甜。", "成筐约1.2元一斤", (12, 1, 2, 3)),
    ("林檎", "就是番荔枝,外砂、新溪都种。", "每斤12元起", (7, 8, 9)),
    ("潮州柑", "皮薄,留树到腊月。", "每斤5元起", (11, 12, 1)),
    ("芥蓝", "早上割,中午就能到。", "每斤3元起", (10, 11, 12, 1, 2)),
    ("鸭脚木蜜", "自家放的蜂。", "每瓶60元", (11, 12)),
    ("贡菜", "老法子腌的芥菜心。", "每罐20元", ()),
    ("番薯", "红心,沙地种。", "每斤2.5元", (9, 10, 11)),
    ("青橄榄", "老树,回甘好。", "看年成", (10, 11, 12)),
)


def build_upgrades(plan: Plan) -> None:
    """Let some centres be where a district's centres are: planned, under way, opened …"""
    todo = _choose(plan)
    for number, (venue, state) in enumerate(todo):
        _build_upgrade(plan, venue, state)
        plan.tell("upgrades", (number + 1) / len(todo))


def _choose(plan: Plan) -> list[tuple[Venue, str]]:
    """Pair the centres that are small or weak by design with states, 大衙村's or the first village's under way."""
    kinds, codes = plan.notes["kinds"], {d.pk: d for d in plan.notes["communities"]}
    centres = [venue for venue in plan.notes["venues"] if venue.kind == "centre"]
    village = [v for v in centres if codes[v.community_id].committee == Committee.VILLAGERS]
    first = next((v for v in centres if codes[v.community_id].code == DAYA), (village or centres)[0])
    needy = [v for v in centres if v is not first and kinds[v.community_id] != GOOD]
    count = min(len(needy), max(0, round(len(STATES) * len(centres) / 125)))
    chosen = plan.random("upgrades").sample(needy, count)
    return [(first, "under_way"), *zip(chosen, STATES, strict=False)]


def after_spring_festival(day: date) -> date:
    """Give the day after the next Lantern Festival that is at least a month away: when offices open something new."""
    for year in (day.year, day.year + 1):
        for festival in festivals(year):
            if festival.code == "lantern" and festival.on > day + timedelta(days=30):
                return festival.on + timedelta(days=1)
    return day + timedelta(days=120)


def _build_upgrade(plan: Plan, venue: Venue, state: str) -> None:
    dice = plan.random("upgrade", venue.name, venue.community_id.int % 997)
    staff, office = plan.actor(venue.community_id), plan.actor("district")
    began = {"planned": 12, "approved": 40, "under_way": 95, "opened": 170, "closed": 240, "cancelled": 130}[state]
    last = {"opened": 25, "closed": 80}.get(state)
    opening = after_spring_festival(plan.today) if last is None else plan.day(last)
    places = "一厅五室" if state in ("under_way", "opened", "closed") else "扩建"
    upgrade = plan_upgrade(
        actor=staff,
        at=plan.moment(began),
        venue=venue.pk,
        title=f"{venue.name}{places}提升",
        reason="面积小、房间少,晚上没有活动的地方。",
        planned_opening_on=opening if opening > plan.day(began) else None,
        template="one_hall_five_rooms",
    ).pk
    total = dice.randint(30, 90) * 1_000_000
    money = [
        add_funding(
            actor=staff, at=plan.moment(began), upgrade=upgrade, source=source, fen=total * share // 100, giver=giver
        )
        for source, share, giver in (
            ("district", 60, "区委组织部"),
            ("subdistrict", 25, "街道办事处"),
            ("donation", 15, "乡贤捐赠"),
        )
    ]
    marks = _milestones(plan, upgrade, staff, began, opening)
    if state == "planned":
        return
    if state == "cancelled":
        cancel_upgrade(actor=office, at=plan.moment(began - 30), upgrade=upgrade, reason="原址列入征收范围,另选地点。")
        return
    approve_upgrade(actor=office, at=plan.moment(began - 10), upgrade=upgrade, note="同意,按预算执行。")
    if state == "approved":
        return
    _work(plan, venue, upgrade, began - 25)
    done = 4 if last is not None else 1
    for number, (mark, due_on) in enumerate(marks[:done]):
        ready_on = min(due_on + timedelta(days=dice.randint(-4, 3)), plan.day(1))
        at = local_moment(ready_on, time(17))
        finish_milestone(actor=staff, at=at, milestone=mark, done_on=ready_on)
        record_spending(
            actor=staff,
            at=at,
            funding=money[number % 2].pk,
            fen=total * dice.randint(6, 11) // 100,
            spent_on=ready_on,
            what=MILESTONES[number][0],
            payee=f"汕头市{dice.choice(SHOPS)}(样例)",
        )
    if last is None:
        return
    area = dice.randint(520, 760)
    open_upgrade(
        actor=staff,
        at=plan.moment(last),
        upgrade=upgrade,
        area_m2=area,
        resident_area_m2=round(area * 0.72),
        hours=[*WORKING_WEEK, *EVENINGS, *WEEKEND],
    )
    if state == "closed":
        close_upgrade(actor=staff, at=plan.moment(last - 60), upgrade=upgrade, note="决算完成")


def _milestones(plan: Plan, upgrade: UUID, staff: Actor, began: int, opening: date) -> list[tuple[UUID, date]]:
    """Give four things to reach; of the one under way the second is late by some days."""
    start = plan.day(began)
    length = (opening - start).days
    late = plan.day(6)
    found = []
    for number, (name, share) in enumerate(MILESTONES):
        due_on = start + timedelta(days=round(length * share))
        if began == 95 and number == 1:
            due_on = late
        mark = add_milestone(actor=staff, at=plan.moment(began), upgrade=upgrade, name=name, due_on=due_on)
        found.append((mark.pk, due_on))
    return found


def _work(plan: Plan, venue: Venue, upgrade: UUID, days_ago: int) -> None:
    """Close the venue for the work, and say where people go meanwhile."""
    staff = plan.actor(venue.community_id)
    words = "施工期间办事到村委会旧办公楼一楼,活动暂停。"
    start_upgrade(actor=staff, at=plan.moment(days_ago), upgrade=upgrade, temporary_arrangement=words)
    pause_venue(
        actor=staff, venue=venue.pk, on=plan.day(days_ago), at=plan.moment(days_ago), reason=f"提升改造。{words}"
    )


def build_programme(plan: Plan) -> None:
    """Let 20 communities be pilots of the points system, in two batches."""
    communities: list[Division] = plan.notes["communities"]
    known = {division.code: division for division in communities}
    named = [known[code] for code in NAMED if code in known and code not in ("440507005008", "440507009207")]
    others = [d for d in communities if d not in named and d.created_on < FIRST_BATCH_ON]
    plan.random("pilots").shuffle(others)
    wanted = 2 * BATCH_SIZE if len(communities) >= 4 * BATCH_SIZE else max(1, len(communities) // 2)
    pilots = [*named, *others][:wanted]
    half = (len(pilots) + 1) // 2
    office = plan.actor("district")
    programme = start_programme(
        actor=office,
        at=local_moment(date(2023, 11, 20), time(10)),
        name="积分制试点",
        purpose="由社区自己定规则,居民参与公共事务和志愿服务得积分。先试点,再逐步推开。",
    )
    for on, members in ((FIRST_BATCH_ON, pilots[:half]), (SECOND_BATCH_ON, pilots[half:])):
        if members and on <= plan.today:
            add_batch(
                actor=office,
                at=local_moment(on, time(10)),
                programme=programme.pk,
                starts_on=on,
                communities=[division.pk for division in members],
            )


def build_produce(plan: Plan) -> None:
    """Show what villages grow, with growers who agreed, and one who has not yet."""
    villages = [d for d in plan.notes["communities"] if d.committee == Committee.VILLAGERS]
    names = json.loads((plan.data_dir / "sample_names.json").read_text(encoding="utf-8"))
    surnames = [surname for surname, _weight in names["surnames"][:12]]
    for division in villages:
        dice = plan.random("produce", division.code)
        if dice.random() > 0.6 and len(villages) > 3:
            continue
        staff = plan.actor(division.pk)
        for number, (name, text, price, months) in enumerate(dice.sample(PRODUCE, dice.randint(1, 2))):
            made = add_produce(
                actor=staff,
                at=plan.moment(40),
                community=division.pk,
                name=name,
                grower_name=f"{dice.choice(surnames)}{dice.choice(('阿姨', '伯', '叔', '姨'))}",
                grower_phone=f"154{dice.randint(0, 99_999_999):08d}",
                description=text,
                price_note=price,
                season_months=months,
            )
            if number == 0 or dice.random() < 0.6:
                show_produce(
                    actor=staff,
                    at=plan.moment(39),
                    produce=made.pk,
                    consent_reference=f"纸质同意书{dice.randint(1, 99):02d}号",
                )
    plan.tell("produce", 1.0)


def build_works(plan: Plan) -> None:
    """Build the pilot programme, the upgrades and the villages' produce."""
    build_programme(plan)
    build_upgrades(plan)
    build_produce(plan)
