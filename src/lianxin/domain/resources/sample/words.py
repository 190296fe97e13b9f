"""What partners of the sample district offer, category by category; no real firm or person."""

from typing import NamedTuple


class Words(NamedTuple):
    """A thing that is offered: its kind, how many it serves, how often, and on which conditions."""

    title: str
    kind: str
    seats: int
    times: int
    every: str
    minutes: int = 120
    conditions: str = ""
    quantity: int | None = None
    unit: str = ""


OFFERED: dict[str, tuple[Words, ...]] = {
    "A01": (Words("上门探访独居老人", "hours", 6, 4, "month"), Words("助浴护理上门", "skill", 4, 2, "month", 90)),
    "A02": (
        Words("长者食堂午餐八折", "goods", 40, 20, "month", 90, "凭长者卡", 400, "份"),
        Words("送餐上门人手", "hours", 15, 8, "month", 60),
    ),
    "A03": (Words("血压血糖免费测", "skill", 40, 4, "month"), Words("理疗康复设备开放", "venue", 12, 8, "month", 180)),
    "A04": (Words("医生义诊", "skill", 50, 1, "month", 150), Words("口腔眼科筛查", "skill", 40, 1, "quarter", 150)),
    "A05": (Words("心理咨询师坐班", "skill", 8, 2, "month"), Words("亲子沟通小组", "skill", 15, 1, "month")),
    "A06": (Words("弦乐老师教学", "skill", 20, 4, "month"), Words("排练室开放", "venue", 20, 8, "month")),
    "B01": (Words("身边好人宣讲员", "skill", 60, 1, "month", 90),),
    "B02": (
        Words("书法国学老师", "skill", 25, 4, "month", 90),
        Words("国学读本赠送", "goods", 50, 1, "quarter", 60, "", 200, "册"),
    ),
    "B03": (
        Words("图书流动车", "goods", 60, 2, "month", 180, "", 300, "册"),
        Words("阅览室周末开放", "venue", 30, 8, "month", 240),
    ),
    "B04": (Words("读书会领读人", "skill", 20, 2, "month"),),
    "B05": (Words("露天放映设备和片源", "goods", 120, 1, "month", 120, "需要空地和电源", 2, "套"),),
    "B06": (Words("潮剧票友演出", "skill", 150, 1, "month", 150, "需要舞台"),),
    "B07": (
        Words("四点半课堂老师", "hours", 20, 12, "month", 120),
        Words("暑期托管场地", "venue", 30, 20, "month", 480),
    ),
    "B08": (
        Words("太极教练", "skill", 30, 4, "month", 90),
        Words("羽毛球馆清早时段", "venue", 24, 8, "month", 120, "穿运动鞋"),
    ),
    "C01": (Words("社保医保专员进社区", "skill", 40, 2, "month", 180),),
    "C02": (Words("政务代办员坐班", "hours", 40, 4, "month", 180),),
    "C03": (Words("政策宣讲员", "skill", 60, 1, "month", 90),),
    "C04": (
        Words("律师法律咨询", "skill", 15, 2, "month", 120, "请带材料"),
        Words("普法讲座", "skill", 50, 1, "month", 90),
    ),
    "C05": (Words("人民调解员", "skill", 6, 4, "month"),),
    "C06": (Words("议事主持人", "skill", 25, 1, "month"), Words("会议室晚间借用", "venue", 40, 8, "month", 180)),
    "D01": (
        Words("理发师义剪", "skill", 40, 1, "month", 180),
        Words("行动不便老人上门剪发", "skill", 6, 2, "month", 180),
    ),
    "D02": (Words("保洁家电清洗优惠", "skill", 10, 4, "month", 180, "材料自费"),),
    "D03": (Words("洗车优惠券", "goods", 30, 4, "month", 60, "", 120, "张"),),
    "D04": (Words("小家电维修磨刀", "skill", 40, 1, "month", 180), Words("水电应急小修", "hours", 8, 4, "month")),
    "E01": (
        Words("消防演练教官", "skill", 60, 1, "quarter", 90),
        Words("灭火器赠送", "goods", 60, 1, "quarter", 60, "", 60, "个"),
    ),
    "E02": (Words("反诈民警宣讲", "skill", 60, 1, "month", 90),),
    "E03": (Words("清运车和人手", "hours", 60, 2, "month", 240),),
    "E04": (Words("树苗和园艺师", "goods", 40, 1, "quarter", 180, "需要地块", 100, "株"),),
    "E05": (Words("电工维修公共设施", "skill", 40, 2, "month", 240),),
    "F01": (Words("青年志愿者", "hours", 30, 4, "month", 240),),
    "F02": (
        Words("困难家庭慰问金", "money", 10, 1, "quarter", 60, "由社区核实名单", 5000, "元"),
        Words("轮椅助行器借用", "goods", 12, 4, "month", 60, "", 12, "台"),
    ),
    "F03": (Words("招聘岗位进社区", "skill", 60, 1, "month", 180), Words("直播带货培训", "skill", 30, 1, "month", 180)),
    "F04": (
        Words("农产品展销摊位", "venue", 60, 2, "month", 360),
        Words("超市助农专柜", "goods", 80, 4, "month", 240, "", 20, "个"),
    ),
}
# Of what is short everywhere: a plan leaves people behind, and says whom to recruit.
SCARCE = frozenset({"A05", "C04", "B07", "A01"})
FIRST = (
    "潮阳",
    "金凤",
    "海滨",
    "长平",
    "嵩山",
    "泰山",
    "龙珠",
    "新津",
    "韩江",
    "榕江",
    "华信",
    "同德",
    "广济",
    "明德",
    "永和",
    "安顺",
    "顺发",
    "天成",
    "惠民",
    "邻里",
    "小候鸟",
    "春晖",
    "晨光",
    "丰泽",
    "百汇",
)
TAILS = {
    "A": ("诊所", "口腔门诊部", "康复护理院", "药店", "养老服务中心"),
    "B": ("书店", "文化传媒公司", "培训学校", "健身馆", "潮剧社"),
    "C": ("律师事务所", "人力资源公司", "会计师事务所", "银行支行", "税务师事务所"),
    "D": ("家政公司", "理发店", "汽车美容店", "电器维修部", "便利店"),
    "E": ("物业公司", "消防器材公司", "园林公司", "供电服务队", "环保公司"),
    "F": ("社会工作服务中心", "志愿者协会", "农产品合作社", "超市", "慈善会"),
}
NOTES = ("挂牌共建", "每季度走访一次", "签有共建协议", "由支部牵头", "")
REASONS = ("当天人手不够", "天气原因改期", "设备坏了")
