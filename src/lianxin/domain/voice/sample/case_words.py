"""What the sample's residents bring forward, and what was done; said as in Shantou, by nobody real."""

from dataclasses import dataclass
from random import Random

OPENINGS = ("", "", "", "我反映一下，", "麻烦社区来看看，", "讲句实在话，", "这事拖了好久了，", "我替楼里说一声，")
CLOSINGS = ("", "", "", "，麻烦尽快", "，谢谢", "，老人家实在不方便", "，几家都在说", "，怕出事")
WHERE = ("3栋楼下", "东门口", "市场后巷", "小公园边", "长平路口", "祠堂旁", "地下车库", "二单元", "河堤边", "学校后门")


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that goes wrong: how the board calls it, how it is said, what was done, how long it took."""

    subject: str
    title: str
    words: tuple[str, ...]
    done: str
    days: tuple[int, int] = (2, 7)
    is_full: bool = False


def sentence(trouble: Trouble, dice: Random) -> str:
    """Say a trouble in one of its forms."""
    body = dice.choice(trouble.words).format(where=dice.choice(WHERE))
    return f"{dice.choice(OPENINGS)}{body}{dice.choice(CLOSINGS)}"


TROUBLES = (
    Trouble(
        "road_light",
        "路灯不亮",
        ("{where}的路灯坏了三盏，夜里黑到看不见", "{where}那排灯全不亮，晚上买菜回来怕摔"),
        "供电所换了灯头和一段线，当晚试过都亮。",
        (1, 4),
    ),
    Trouble(
        "road_light",
        "路面破损",
        ("{where}的路面塌了一个坑，电动车摔了两个人", "{where}的井盖松了，车一过就响"),
        "市政队补平了路面，井盖加了胶垫。",
        (2, 8),
    ),
    Trouble(
        "sanitation",
        "下水道堵塞",
        ("{where}的下水道又堵了，一下雨就漫上来", "{where}的沟一股味，苍蝇飞进屋"),
        "请疏通队清了沟，换了一节破管，雨后看过不再漫。",
        (1, 5),
    ),
    Trouble(
        "sanitation",
        "垃圾清运不及时",
        ("{where}的垃圾桶两天没人收", "{where}堆了旧沙发，没人管"),
        "和环卫定了每天早晚两次，大件每周三收。",
        (1, 4),
    ),
    Trouble(
        "water_power",
        "水压不足",
        ("{where}六楼以上早上没水，老人要提水上楼", "{where}水很小，洗衣机都不转"),
        "自来水公司换了水泵的阀，现在六楼早上有水。",
        (2, 9),
    ),
    Trouble(
        "water_power",
        "楼道漏水",
        ("{where}楼道顶板漏水，电表箱就在下面", "{where}的消防管渗水，地上都滑"),
        "物业关阀换了接头，电表箱加了挡水板。",
        (1, 3),
    ),
    Trouble(
        "noise",
        "夜间施工噪声",
        ("{where}工地到十一点还在打桩，孩子睡不着", "{where}夜里装车，一直敲"),
        "和工地约好晚上十点后不动工，公示了电话，一周内回访都安静。",
        (2, 6),
    ),
    Trouble(
        "noise",
        "广场舞声音大",
        ("{where}跳舞的音响太大，关窗都没用", "{where}早上六点就放音乐"),
        "大家商量定了时间和音量，买了一个音量计放在队长那里。",
        (4, 12),
        is_full=True,
    ),
    Trouble(
        "traffic",
        "电动车占道",
        ("{where}电动车停满消防通道", "{where}电动车上楼充电，味道很大"),
        "划了二十个车位，装了六个充电口，通道清出来了。",
        (5, 14),
        is_full=True,
    ),
    Trouble(
        "traffic",
        "外来车辆乱停",
        ("{where}被外面的车停满，救护车进不来", "{where}一放学就堵死"),
        "放学时段请志愿者引导，门口装了可以升降的柱子。",
        (3, 10),
    ),
    Trouble(
        "safety",
        "电线私拉乱接",
        ("{where}从窗口拉线下来给车充电", "{where}的电线垂到头上，下雨会冒火"),
        "当天拆了飞线，电工把垂下的线收进槽里。",
        (1, 2),
    ),
    Trouble(
        "safety",
        "消防器材缺失",
        ("{where}的灭火器都过期了", "{where}的消防栓没有水带"),
        "换了十二个灭火器，补了四条水带，和物业定了每季查一次。",
        (2, 7),
    ),
    Trouble(
        "building",
        "外墙瓷砖脱落",
        ("{where}外墙的砖掉下来，差点砸到人", "{where}的窗台裂了，风大就掉灰"),
        "先拉了围挡，施工队把松的砖都打掉补好。",
        (3, 12),
    ),
    Trouble(
        "building",
        "楼顶违建遮挡",
        ("{where}楼上搭了铁皮棚，下雨声大，水往我家流", "{where}楼顶种菜，漏到下面"),
        "城管、物业和两家一起谈，棚拆了，排水重做。",
        (8, 15),
        is_full=True,
    ),
    Trouble(
        "property",
        "物业收费不清楚",
        ("{where}的公摊电费突然多了，没人讲得清", "停车费涨了，业主没有同意"),
        "物业把三年的账贴出来，多收的退了，以后每季公示。",
        (5, 14),
        is_full=True,
    ),
    Trouble(
        "property",
        "门禁损坏",
        ("{where}的门禁坏了，什么人都进来", "{where}的门关不上，夜里风吹一直响"),
        "物业换了门禁主机，给老人配了卡。",
        (2, 6),
    ),
    Trouble(
        "lift",
        "电梯停运",
        ("{where}的电梯又停了，九楼的阿婆三天没下楼", "{where}电梯会抖，门夹到人"),
        "维保单位换了门机和一根钢丝绳，检验合格后开放。",
        (1, 5),
    ),
    Trouble(
        "service",
        "中心开放时间不够",
        ("阅览室周末不开，孩子没地方去", "中午休息时间办不了事"),
        "周末上午开放阅览室，中午留一人值班。",
        (3, 8),
    ),
    Trouble(
        "other",
        "流浪狗追人",
        ("{where}有三条流浪狗追小孩", "{where}的狗晚上一直叫"),
        "请了专门的队伍收走，给喂狗的住户讲了办法。",
        (2, 6),
    ),
    Trouble(
        "other",
        "榕树枝压线",
        ("{where}的榕树枝压在电线上", "{where}的树根把路顶起来"),
        "园林所修了枝，供电所看过线没有问题。",
        (2, 7),
    ),
)
QUIET = (
    Trouble(
        "dispute",
        "邻里纠纷",
        ("楼上空调水滴到我家，讲了几次要吵起来", "隔壁装修把共用的墙凿了"),
        "双方在调解室谈好了，按约定做完。",
        (4, 15),
        is_full=True,
    ),
    Trouble(
        "welfare",
        "生活困难",
        ("我邻居刚动完手术，家里没人做饭", "老伴走了，补助不知道怎么办"),
        "社区上门看了，帮着办好了手续，每周有人去。",
        (1, 5),
    ),
)
CANNOT = (
    "这块地属于部队管理，社区不能动。已经把情况书面转去，他们的电话写在回执上。",
    "加装车位要占消防通道，法律不允许。旁边停车场夜里对居民半价，可以先停那里。",
)
ASKED_TO_SAY = ("修好了，谢谢", "亮了", "可以，干净多了", "这次办得快", "好多了", "没问题了")
NOT_YET = ("过两天又坏了", "只修了一半", "还是有味", "晚上还是吵")
# What was asked of the office above; what it said where the tier stayed, and where it was raised.
APPEALS = (
    (
        "家里有坐轮椅的老人，等一个星期太久了",
        "已经请社区先想办法让老人出行，事情按原来的期限办。",
        "家里有行动不便的老人，改按快事办。",
    ),
    (
        "上次也说七天，结果拖了半个月",
        "这次由街道盯着，到期没办完就往上提。",
        "之前拖过，这次改按快事办，二十四小时内上门。",
    ),
    (
        "下雨天小孩差点滑倒，怕再出事",
        "社区当天先围起来放了警示，修理按原来的期限。",
        "有人差点受伤，改按快事办。",
    ),
)
