"""What the supermarkets of the sample district offer, at fair prices: a point is worth about 0.45 yuan."""

from __future__ import annotations

from typing import NamedTuple

from lianxin.domain.shop.models import Every, Item

GOODS, SERVICE, HONOUR = Item.Kind.GOODS, Item.Kind.SERVICE, Item.Kind.HONOUR


class Offer(NamedTuple):
    """Something on offer: its price in points, what a piece costs the community, and the most for a household."""

    kind: str
    name: str
    category: str
    points: int
    cost_fen: int
    limit: int | None = None
    description: str = ""


OFFERS = (
    Offer(GOODS, "大米(2.5公斤)", "粮油", 40, 1_800, 12, "汕头本地稻米,当季新米。"),
    Offer(GOODS, "花生油(1.8升)", "粮油", 90, 4_200, 4, "一家一年最多换四瓶。"),
    Offer(GOODS, "鸡蛋(30枚)", "粮油", 48, 2_200, 12),
    Offer(GOODS, "挂面(1公斤)", "粮油", 16, 700),
    Offer(GOODS, "酱油(500毫升)", "粮油", 18, 800),
    Offer(GOODS, "洗衣液(2公斤)", "日用", 36, 1_600),
    Offer(GOODS, "洗洁精(1公斤)", "日用", 20, 900),
    Offer(GOODS, "抽纸(3包)", "日用", 22, 950),
    Offer(GOODS, "毛巾(2条)", "日用", 26, 1_200),
    Offer(GOODS, "厨余垃圾袋(100只)", "日用", 12, 500),
    Offer(GOODS, "小药箱", "日用", 60, 2_800, 1, "创可贴、体温计、碘伏棉签。"),
    Offer(SERVICE, "家政服务1小时", "服务", 80, 3_500, 6, "社区互助队上门打扫,先打电话约时间。"),
    Offer(SERVICE, "社区菜园认种一季", "服务", 50, 2_000, 1, "一平方米,种什么自己定。"),
    Offer(HONOUR, "荣誉证书", "荣誉", 10, 500, 1, "写上您家的名字,在居民会议上颁发。"),
    Offer(HONOUR, "年度楼道之星挂牌", "荣誉", 30, 1_200, 1),
)
# What merchants of the sample can do for a voucher, by the end of their name.
OF_MERCHANTS = {
    "洗车行": Offer(SERVICE, "洗车券", "服务", 55, 2_500, 4, "小车普洗一次。"),
    "洗衣店": Offer(SERVICE, "洗衣券", "服务", 45, 2_000, 6, "外套一件,干洗。"),
    "理发店": Offer(SERVICE, "理发券", "服务", 40, 1_800, 12, "剪发一次,长者可请上门。"),
    "粿品店": Offer(SERVICE, "红桃粿券", "服务", 22, 1_000, 12, "红桃粿十个。"),
    "牛肉店": Offer(SERVICE, "牛肉丸券", "服务", 45, 2_000, 12, "手打牛肉丸半斤。"),
    "肠粉店": Offer(SERVICE, "早餐券", "服务", 18, 800, 12, "肠粉一份,加蛋。"),
    "药房": Offer(SERVICE, "量血压血糖套餐券", "服务", 24, 1_000, 12, "量血压、测血糖各一次。"),
    "便利店": Offer(SERVICE, "便利店十元券", "服务", 24, 1_000, 12),
    "茶行": Offer(SERVICE, "单丛茶券", "服务", 66, 3_000, 4, "凤凰单丛二两。"),
    "五金店": Offer(SERVICE, "上门换灯换龙头券", "服务", 60, 2_800, 4, "材料另算。"),
    "文具店": Offer(SERVICE, "文具券", "服务", 24, 1_000, 12),
}
CAR_WASH = "洗车行"
DEARER = {"大米(2.5公斤)": 42, "花生油(1.8升)": 96, "鸡蛋(30枚)": 45}
"""Prices from the second year on."""
YEARLY = Every.YEAR
