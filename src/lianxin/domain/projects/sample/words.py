"""Words of the sample's projects: nobody real wrote or said any of them."""

INTRODUCTIONS = {
    "needs": "以下是居民这段时间提得最多的事，按类别排列，不列姓名。还有漏掉的，请到服务台说一声。",
    "resources": "以下单位和志愿队愿意为大家出力，时间和人数都已经谈妥。想用的请提前三天告诉社区。",
    "projects": "以下是社区已经安排的事，谁负责、什么时候做，都写在后面。办得怎么样，请大家监督。",
}
CANCELLED = (
    "师傅临时住院，这个月来不了，下个月再约",
    "连下大雨，场地积水，等天好了再定日子",
    "对方单位盘点，人手抽不出来，改约下个月",
)
REFUSED = (
    ("time", "那天正好是市集，来不了人"),
    ("giver", "电话里说这个月人手不够"),
    ("done", "上个星期已经请别的师傅做过了"),
    ("place", "二楼没电梯，老人上不去"),
    ("unfit", "居民要的是上门，不是讲座"),
)
REVIEWS = (
    "来的人比报名的多，凳子不够。下次提前一天数好座位，上午场再加一场。",
    "老人满意，就是声音小，后排听不清。下次借便携音箱。开场前一天再打一轮电话效果最好。",
    "对方很守时，材料也齐。有三户行动不便没来成，改为上门补做。",
    "时间定在饭点前，后半场人走了一半。以后改到下午三点。",
)
MONEY_FROM = ("社区服务专项经费", "党群服务经费", "共建单位赞助")
BUDGETS = (0, 0, 0, 30_000, 50_000, 80_000, 120_000, 200_000)
OWN_BUDGETS = (60_000, 120_000, 300_000, 480_000)
BY_HAND_PURPOSE = "居民提了很久，社区自己出钱出人来办，不用等外面的单位。"
SAYS = (("yes", 74, ""), ("partly", 16, "来一次不够，希望每个月都有"), ("no", 10, "那天我不在，没赶上"))


def told_of(title: str, *, giver: str, asked: int) -> str:
    """Write what residents read about a project."""
    asked_words = f"有 {asked} 位居民提过这件事，" if asked > 1 else "居民提过这件事，"
    return f"{asked_words}社区请来{giver}。内容：{title}。不收钱，先到先得，行动不便的请提前说，我们想办法。"


def purpose_of(title: str, *, giver: str) -> str:
    """Write why a project is done."""
    return f"居民在需求清单里提到，由{giver}承担“{title}”，社区负责通知、场地和登记。"
