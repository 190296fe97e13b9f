"""What the sample's venues offer, one pattern for each of the 33 categories."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from random import Random
from typing import Any

from ..commands.services import Time

MORNING, AFTERNOON, EVENING = (time(9), time(11, 30)), (time(15), time(17)), (time(19, 30), time(21))


@dataclass(frozen=True)
class Pattern:
    """A standing service as most centres offer it."""

    category: str
    name: str
    description: str
    provider: str
    how_to_get: str
    documents: str = ""
    cost: str = "免费"
    days: tuple[int, ...] = (0, 1, 2, 3, 4)
    span: tuple[time, time] = MORNING
    week: int | None = None


PATTERNS: tuple[Pattern, ...] = (
    Pattern("A01", "独居老人探访", "每周上门看望独居和高龄老人,问身体、问三餐、查燃气。", "社区工作人员和志愿者", "打电话或到大厅登记", days=(1, 4)),
    Pattern("A02", "长者午餐", "两荤一素一汤,行动不便的可以送餐到家。", "长者食堂", "前一天15:00前登记", "身份证", "按当月公布的价目", (0, 1, 2, 3, 4), (time(11), time(12, 30))),
    Pattern("A03", "量血压测血糖", "量血压、测血糖,慢性病随访记录。", "社区卫生服务站", "直接来,不用预约", "医保卡(如有)", days=(0, 2, 4)),
    Pattern("A04", "周末义诊", "中医、内科医生看诊,解答用药问题。", "社区卫生服务站", "直接来,按到场先后", "以前的病历", days=(5,), week=2),
    Pattern("A05", "心理咨询", "一对一,谈话内容保密。", "社会工作服务中心", "打电话约时间", days=(3,), span=AFTERNOON),
    Pattern("A06", "潮州弦乐排练", "二弦、扬琴、椰胡,会的不会的都欢迎。", "老人弦乐社", "直接来", days=(1, 3, 5), span=AFTERNOON),
    Pattern("B01", "道德讲堂", "请身边的好人讲自己的事。", "社区党委", "看公告,直接来", days=(4,), span=EVENING, week=3),
    Pattern("B02", "国学讲堂", "论语、书法、潮汕家风。", "小学退休教师", "到大厅登记名额", days=(6,), span=MORNING),
    Pattern("B03", "图书阅览", "借书一次三本,一个月内还。", "社区工作人员", "直接来,首次借书登记电话", days=(0, 1, 2, 3, 4, 5)),
    Pattern("B04", "亲子共读", "绘本共读,四到八岁,家长陪同。", "志愿者", "到大厅登记名额", days=(5,), span=AFTERNOON),
    Pattern("B05", "红色电影放映", "每月一场,自带小凳。", "社区党委", "看公告,直接来", days=(5,), span=EVENING, week=1),
    Pattern("B06", "潮剧清唱", "戏迷自编自演。", "潮剧票友会", "直接来", days=(6,), span=EVENING, week=4),
    Pattern("B07", "四点半课堂", "放学后写作业、看书,六点半前接走。", "社会工作服务中心", "学期初登记", "户口簿", "免费", (0, 1, 2, 3, 4), (time(16, 30), time(18, 30))),
    Pattern("B08", "太极晨练", "每天早上跟着练。", "太极队", "直接来", days=(0, 1, 2, 3, 4, 5, 6), span=(time(6, 30), time(7, 30))),
    Pattern("C01", "社保医保办理", "参保、缴费、待遇资格认证、异地就医备案。", "社区工作人员", "到大厅窗口", "身份证、社保卡", "免费", (0, 1, 2, 3, 4), (time(8, 30), time(11, 30))),
    Pattern("C02", "代办跑腿", "居住证、优待证、证明材料,不方便出门的上门代办。", "社区工作人员", "到大厅窗口,或打电话", "身份证;代办要委托书", "免费", (0, 1, 2, 3, 4), AFTERNOON),
    Pattern("C03", "政策解答日", "退休、生育、加装电梯补贴,一次说清楚。", "社区工作人员", "直接来", days=(2,), week=1),
    Pattern("C04", "法律咨询", "劳动、婚姻、租赁、继承,律师当面答。", "律师事务所", "到大厅登记时间", "有关的合同或材料", days=(4,), span=AFTERNOON, week=2),
    Pattern("C05", "邻里调解", "楼上楼下、家长里短,坐下来谈。", "人民调解委员会", "到大厅说明情况", days=(0, 3), span=AFTERNOON),
    Pattern("C06", "居民议事", "大家的事大家议,结果张榜。", "居民议事会", "提前三天把议题告诉大厅", days=(3,), span=EVENING, week=4),
    Pattern("D01", "义剪", "六十岁以上优先,行动不便的上门剪。", "理发店", "直接来,领号", days=(5,), week=2),
    Pattern("D02", "家政对接", "保洁、钟点工、月嫂,价格明写。", "家政服务部", "到大厅登记", cost="按服务单位价目", days=(0, 1, 2, 3, 4), span=AFTERNOON),
    Pattern("D03", "便民洗车", "自助洗车位,节约用水。", "物业服务公司", "直接来", cost="自助十元", days=(0, 1, 2, 3, 4, 5, 6), span=(time(8), time(20))),
    Pattern("D04", "磨刀修伞", "小家电、雨伞、拉链、磨刀。", "五金店", "直接来,领号", cost="只收零件钱", days=(6,), week=1),
    Pattern("E01", "消防演练", "学用灭火器,走一遍逃生路线。", "消防救援站", "看公告,直接来", days=(5,), week=3),
    Pattern("E02", "反诈课堂", "讲最近的骗局,手机现场看。", "派出所民警", "直接来", days=(2,), span=EVENING, week=2),
    Pattern("E03", "周末大扫除", "清楼道、清杂物,工具由站点出。", "志愿者", "到大厅报名", days=(5,), span=(time(8), time(10)), week=1),
    Pattern("E04", "村道植绿", "认养一段路的花木。", "村民小组", "到大厅报名", days=(6,), span=(time(8), time(10)), week=2),
    Pattern("E05", "公共设施报修", "路灯、健身器材、无障碍坡道坏了,来说一声。", "社区工作人员", "到大厅或打电话"),
    Pattern("F01", "志愿者登记", "登记、领马甲、排班。", "志愿服务队", "到大厅登记", "身份证", days=(0, 1, 2, 3, 4, 5)),
    Pattern("F02", "困难家庭帮扶", "低保、残疾、突发困难,一户一策。", "社区工作人员", "到大厅说明情况,或请人代说", "身份证、户口簿"),
    Pattern("F03", "招工信息", "附近工厂、商铺招工,每周更新。", "社区工作人员", "到大厅看公告栏", days=(0,), span=AFTERNOON),
    Pattern("F04", "农产品展示", "看样品,找种植户,自己联系。", "村经济联合社", "直接来", days=(5, 6), span=(time(8), time(11))),
)  # fmt: skip
BY_CATEGORY = {pattern.category: pattern for pattern in PATTERNS}
# What nearly every centre does, so that the first sheet on the wall looks alike everywhere.
USUAL = ("C01", "C02", "B03", "A03", "F01", "E05", "C05")
OF_STATIONS = ("F01", "A03", "B03", "D04", "E02", "C03", "D01", "F03")


def times_of(pattern: Pattern) -> list[Time]:
    """Give the weekly times of a pattern."""
    return [(weekday, *pattern.span, pattern.week) for weekday in pattern.days]


def as_entry(pattern: Pattern) -> dict[str, Any]:
    """Give what the command takes."""
    return {
        "category": pattern.category,
        "name": pattern.name,
        "description": pattern.description,
        "provider_name": pattern.provider,
        "how_to_get": pattern.how_to_get,
        "documents_needed": pattern.documents,
        "cost": pattern.cost,
        "times": times_of(pattern),
    }


def choose(dice: Random, count: int, *, village: bool, usual: tuple[str, ...], must: str) -> list[Pattern]:
    """Choose what a venue offers: some usual ones, one that must be somewhere, and others by chance."""
    others = [code for code in BY_CATEGORY if code not in usual and code != must]
    if not village:
        others = [code for code in others if code not in ("E04", "F04")]
    dice.shuffle(others)
    codes = [must, *(code for code in usual if code != must), *others][:count]
    return [BY_CATEGORY[code] for code in sorted(codes)]
