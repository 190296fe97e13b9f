"""Names of made-up districts, subdistricts and communities."""

from random import Random

FIRST = "安明清永和金玉东南西北新长福平云石松柏兰桂华仁义礼信德文兴荣光庆宁康泰丰瑞祥春秋"
SECOND = "湖山江河园桥林溪洲港岭浦塘沙田湾坪岗泉峰亭台门城乡井源滨港汀洋坊埔厝寮陇"
MORE_THAN_ENOUGH = 100_000


def made_up(dice: Random, count: int) -> list[str]:
    """Give so many different names of two letters, or of three when there are not enough."""
    found: dict[str, None] = {}
    for turn in range(MORE_THAN_ENOUGH * 3):
        if len(found) == count:
            break
        name = dice.choice(FIRST) + dice.choice(SECOND)
        found[name if turn < MORE_THAN_ENOUGH else name + dice.choice(SECOND)] = None
    return list(found)
