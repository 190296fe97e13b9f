"""The rules that the assemblies of the pilot communities adopted: a first version, and a second one a year later."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

STAFF, VOLUNTEER, HOST = "community_staff", "volunteer", "host"
CLEAN_UP, PATROL, HELP, MEETING = "clean-up-day", "patrol", "help-neighbour", "residents-meeting"
WASTE, HAZARD, EXAMPLE, ELDERS = "waste-sorting", "report-hazard", "good-example", "elder-lunch"
ATTEND, VOLUNTEER_HOURS = "attend-activity", "volunteer-hours"
DAYS_BEFORE = 22
NOTICE_DAYS = 8


def first_rules(name: str, on: date, homes: int) -> dict[str, Any]:
    """Give the first version: points last until the end of their year."""
    return _rules(f"{name}积分规则", on, homes, "第一次", months=0, items=_items(clean_up=10))


def second_rules(name: str, on: date, homes: int) -> dict[str, Any]:
    """Give the second version: a year longer, more for clean-up days, and something new for the elders' lunch."""
    lunch = _item(
        ELDERS,
        "长者饭堂帮厨",
        "到长者饭堂帮忙备菜、送餐,每满一小时。",
        "饭堂值班表",
        points=6,
        unit="minutes",
        per=60,
        most=240,
        awarders=[STAFF, VOLUNTEER, HOST],
        caps=[("person", "week", 36)],
    )
    return _rules(f"{name}积分规则(修订)", on, homes, "第二次", months=12, items=[*_items(clean_up=12), lunch])


def _rules(title: str, on: date, homes: int, turn: str, *, months: int, items: list[dict[str, Any]]) -> dict[str, Any]:
    held = on - timedelta(days=DAYS_BEFORE)
    attended = max(12, homes * 2 // 3)
    return {
        "title": title,
        "minutes_on": held.isoformat(),
        "minutes_title": f"{turn}居民会议纪要",
        "minutes_text": (
            f"{held.year}年{held.month}月{held.day}日晚上在党群服务中心开会,逐条念了积分规则,大家提了意见,"
            f"改了两条后举手表决。到会{attended}人,同意{attended - attended // 9}人。"
        ),
        "attended": attended,
        "in_favour": attended - attended // 9,
        "notice_from": (held + timedelta(days=2)).isoformat(),
        "notice_until": (held + timedelta(days=2 + NOTICE_DAYS)).isoformat(),
        "effective_from": on.isoformat(),
        "second_person_above": 30,
        "identity_check_above": 80,
        "expiry": "yearly",
        "expiry_months": months,
        "split": "stay",
        "move": "follow",
        "estate_days": 180,
        "reserve_days": 7,
        "offline_points": 50,
        "objection_days": 7,
        "allows_deductions": False,
        "items": items,
    }


def _items(*, clean_up: int) -> list[dict[str, Any]]:
    return [
        _item(
            CLEAN_UP,
            "清洁日",
            "社区统一打扫楼道、巷子、花圃那天来帮忙。",
            "签到表",
            points=clean_up,
            awarders=[STAFF, VOLUNTEER],
            caps=[("person", "day", clean_up), ("household", "month", 3 * clean_up)],
        ),
        _item(
            HELP,
            "邻里互助",
            "帮需要的邻居买药、买菜、修东西、作伴。",
            "受助人或志愿者确认",
            points=5,
            most=3,
            awarders=[STAFF, VOLUNTEER],
            caps=[("person", "week", 10), ("household", "week", 20)],
        ),
        _item(
            PATROL,
            "义务巡逻",
            "参加治安、防台风巡逻,每满一小时。",
            "巡逻登记本",
            points=5,
            unit="minutes",
            per=60,
            most=240,
            awarders=[STAFF, VOLUNTEER],
            caps=[("person", "week", 10)],
        ),
        _item(
            MEETING,
            "参加居民议事会",
            "来开会,坐到散会。",
            "签到表",
            points=8,
            awarders=[STAFF],
            caps=[("household", "month", 8)],
        ),
        _item(
            WASTE,
            "垃圾分类做得好",
            "厨余和可回收物分开放,投放点看到的。",
            "投放点登记",
            points=1,
            most=5,
            awarders=[STAFF, VOLUNTEER],
            caps=[("household", "week", 5), ("household", "month", 15)],
        ),
        _item(
            HAZARD,
            "报告隐患",
            "报告的隐患查实了。",
            "登记编号",
            points=5,
            awarders=[STAFF],
            caps=[("person", "month", 20)],
        ),
        _item(
            EXAMPLE,
            "评为好榜样",
            "热心助人、孝敬长辈、家里收拾得好,由大家评出来。",
            "评议记录",
            points=50,
            awarders=[STAFF],
            caps=[("household", "year", 100)],
        ),
        _item(
            ATTEND,
            "参加社区活动",
            "来参加能积分的社区活动,到场签到。",
            "活动签到",
            points=2,
            awarders=[STAFF, VOLUNTEER, HOST],
            caps=[("person", "day", 4), ("person", "month", 20)],
        ),
        _item(
            VOLUNTEER_HOURS,
            "志愿服务",
            "参加志愿服务班次,每满半小时。",
            "班次签到",
            points=2,
            unit="minutes",
            per=30,
            most=480,
            awarders=[STAFF, VOLUNTEER, HOST],
            caps=[("person", "day", 16), ("person", "month", 80)],
        ),
    ]


def _item(
    code: str,
    title: str,
    meaning: str,
    evidence: str,
    *,
    points: int,
    unit: str = "times",
    per: int = 1,
    most: int = 1,
    awarders: list[str],
    caps: list[tuple[str, str, int]],
) -> dict[str, Any]:
    return {
        "code": code,
        "act_kind": code,
        "title": title,
        "meaning": meaning,
        "evidence": evidence,
        "points": points,
        "unit": unit,
        "per": per,
        "most_quantity": most,
        "awarders": awarders,
        "valid_months": None,
        "caps": [{"subject": subject, "every": every, "points": most_of} for subject, every, most_of in caps],
    }
