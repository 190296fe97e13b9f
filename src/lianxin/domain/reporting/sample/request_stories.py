"""What the sample's offices asked: through the gate, stopped by it, and round it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Story:
    """One request: who asks what, how long ago it was sent, and what it wants to know."""

    office: tuple[str, str]
    kind: str
    title: str
    days_ago: int = 0
    due_days: int = 5
    purpose: str = ""
    approver: str = ""
    number: str = ""
    came_by: str = "system"
    repeats: str = "once"
    hour: int = 10
    # In the closed year it was sent on this month and day.
    on: tuple[int, int] | None = None
    # How long one that repeats is asked again.
    keeps_days: int = 200
    on_weekend: bool = False
    everywhere: bool = False
    # (measure, period), and (label, why, type, unit, reason to ask again, what communities answer).
    known: tuple[tuple[str, str], ...] = ()
    hands: tuple[tuple[str, str, str, str, str, tuple[str, ...]], ...] = ()


NUMBERS = ("2", "3", "5", "8", "12")
STORIES = (
    Story(
        ("区民政局", "district"),
        "form",
        "居家养老服务月报",
        days_ago=82,
        due_days=5,
        everywhere=True,
        known=(("residents_60_plus", "last_month"), ("visits_done", "last_month")),
    ),
    Story(
        ("区委组织部", "district"),
        "form",
        "党群服务中心开放和来访统计",
        days_ago=40,
        due_days=3,
        everywhere=True,
        known=(("openings", "last_quarter"), ("visits", "last_quarter"), ("occurrences_held", "last_quarter")),
    ),
    Story(
        ("市文明办", "city"),
        "form",
        "志愿服务典型活动征集",
        days_ago=68,
        due_days=9,
        purpose="挑选十场典型活动，年底在全市推广",
        approver="市文明办",
        number="汕文明办〔2026〕31号",
        came_by="paper",
        known=(("volunteer_occurrences", "this_year"), ("volunteer_person_times", "this_year")),
        hands=(
            (
                "最受欢迎的一场活动，用一句话说说好在哪里",
                "典型要写进推广材料，数字里看不出来",
                "text",
                "",
                "",
                ("义诊放在早市门口，买菜顺路就能量血压", "理发加修鞋，老人一次办两件事", "消防演练请孩子当小教官"),
            ),
        ),
    ),
    Story(
        ("区应急管理局", "district"),
        "form",
        "防汛物资盘点",
        days_ago=75,
        due_days=6,
        purpose="台风季安排沙袋和抽水泵的调拨",
        approver="区三防指挥部",
        number="龙三防〔2026〕8号",
        repeats="monthly",
        hands=(
            ("库存沙袋", "缺口由区里补齐", "number", "只", "", ("200", "350", "120", "80")),
            ("可用抽水泵", "需要时向邻近社区调用", "number", "台", "", ("1", "2", "0")),
        ),
    ),
    Story(
        ("区统计局", "district"),
        "form",
        "户籍老年人口核对",
        days_ago=52,
        due_days=8,
        purpose="核对户籍口径和居住口径的差别",
        approver="区统计局",
        number="龙统〔2026〕15号",
        hands=(
            (
                "60周岁以上老年人数（按户籍）",
                "户籍口径的数要和公安核对",
                "number",
                "人",
                "系统里是按居住地算的，这次要按户籍算",
                ("410", "286", "533"),
            ),
        ),
    ),
    Story(
        ("街道党政办", "subdistrict"),
        "inspection",
        "迎检现场准备",
        days_ago=33,
        due_days=1,
        purpose="上级调研前把现场看一遍",
        approver="街道党政办",
        on_weekend=True,
        hour=20,
    ),
)
# What was asked in the closed year: figures at once, the store before the storms, a question that was asked anew.
CLOSED_STORIES = (
    Story(
        ("区民政局", "district"),
        "form",
        "春节前后探访情况",
        on=(3, 11),
        everywhere=True,
        known=(("residents_60_plus", "last_month"), ("visits_done", "last_month")),
    ),
    Story(
        ("区应急管理局", "district"),
        "form",
        "汛期物资盘点",
        on=(5, 13),
        due_days=6,
        purpose="汛期前把沙袋和抽水泵补齐",
        approver="区三防指挥部",
        number="龙三防〔{year}〕5号",
        repeats="monthly",
        keeps_days=75,
        hands=(
            ("库存沙袋", "缺口由区里补齐", "number", "只", "", ("150", "300", "90", "60")),
            ("可用抽水泵", "需要时向邻近社区调用", "number", "台", "", ("1", "2", "0")),
        ),
    ),
    Story(
        ("区委组织部", "district"),
        "form",
        "党群服务中心半年运行情况",
        on=(7, 8),
        due_days=3,
        everywhere=True,
        known=(("openings", "last_quarter"), ("visits", "last_quarter"), ("occurrences_held", "last_quarter")),
    ),
    Story(
        ("区统计局", "district"),
        "form",
        "户籍老年人口核对",
        on=(9, 10),
        due_days=8,
        purpose="核对户籍口径和居住口径的差别",
        approver="区统计局",
        number="龙统〔{year}〕11号",
        hands=(
            (
                "60周岁以上老年人数（按户籍）",
                "户籍口径的数要和公安核对",
                "number",
                "人",
                "系统里是按居住地算的，这次要按户籍算",
                ("402", "281", "520"),
            ),
        ),
    ),
    Story(
        ("街道党政办", "subdistrict"),
        "inspection",
        "节前安全检查现场准备",
        on=(9, 27),
        due_days=1,
        purpose="国庆前把消防通道和配电房看一遍",
        approver="街道党政办",
        on_weekend=True,
        hour=20,
    ),
    Story(
        ("市文明办", "city"),
        "form",
        "邻里互助小故事征集",
        on=(11, 5),
        due_days=10,
        purpose="选二十则在晚报上登",
        approver="市文明办",
        number="汕文明办〔{year}〕44号",
        came_by="paper",
        hands=(
            (
                "一件邻里互助的小事，用两三句话写下来",
                "故事要登报，别处没有",
                "text",
                "",
                "",
                ("台风夜里，三楼把停电的阿婆接到自己家", "楼长每天帮上班的人家收快递", "几家合伙接送孩子，谁有空谁去"),
            ),
        ),
    ),
)
# Refused: the first says neither what for nor who approved it, the second asks for nothing yet.
STOPPED: tuple[tuple[tuple[str, str], str, str, tuple[str, str, str] | None, dict[str, Any]], ...] = (
    (("区商务局", "district"), "form", "便民商业网点摸底", ("附近缺少哪类小店", "想了解缺口", "text"), {}),
    (
        ("市卫生健康局", "city"),
        "form",
        "健康小屋使用情况",
        None,
        {"purpose": "了解健康小屋怎么用", "approver": "市卫生健康局"},
    ),
)
ROUND = (
    (("街道综治办", "subdistrict"), "form", "群里接龙报隐患排查表", "wechat", 12),
    (("区住建局", "district"), "material", "补充物业小区照片和说明", "wechat", 6),
    (("街道党政办", "subdistrict"), "meeting", "临时视频会", "phone", 0),
    (("区卫健局", "district"), "form", "重复填报重点人群表", "paper", 18),
    (("市城管局", "city"), "form", "市容环境整治日报", "wechat", 9),
    (("街道社会事务办", "subdistrict"), "form", "困难群众走访情况表", "system", 14),
)
# How often each month of the closed year: before the holidays, in the storms and towards its end more than else.
CLOSED_MONTHS = (8, 4, 5, 5, 6, 8, 7, 7, 8, 6, 9, 10)
