"""The pilot programme with its two batches in the closed year, and what the villages grow."""

from __future__ import annotations

import json
from datetime import date, time

from lianxin.platform.clock import local_moment
from lianxin.platform.sample import Plan

from ..commands.produce import add_produce, show_produce
from ..commands.programmes import add_batch, start_programme
from ..models import Committee, Division
from .reference import NAMED

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


def build_programme(plan: Plan) -> None:
    """Let 20 communities be pilots of the points system, in two batches of the closed year."""
    first_on, second_on = date(plan.told_year, 1, 1), date(plan.told_year, 7, 1)
    communities: list[Division] = plan.notes["communities"]
    known = {division.code: division for division in communities}
    named = [known[code] for code in NAMED if code in known and code not in ("440507005008", "440507009207")]
    others = [d for d in communities if d not in named and d.created_on < first_on]
    plan.random("pilots").shuffle(others)
    wanted = 2 * BATCH_SIZE if len(communities) >= 4 * BATCH_SIZE else max(1, len(communities) // 2)
    pilots = [*named, *others][:wanted]
    half = (len(pilots) + 1) // 2
    office = plan.actor("district")
    programme = start_programme(
        actor=office,
        at=local_moment(date(plan.told_year - 1, 11, 20), time(10)),
        name="积分制试点",
        purpose="由社区自己定规则,居民参与公共事务和志愿服务得积分。先试点,再逐步推开。",
    )
    for on, members in ((first_on, pilots[:half]), (second_on, pilots[half:])):
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
